import type { Clock } from "#lib/clock/index.ts";
import type { NodeInfo, SuspectedEvent } from "#lib/scheduler/index.ts";
import type { PriorityQueue, Transition } from "#lib/queue/index.ts";
import type { Failures } from "./failures.ts";
import type { Shape } from "./shapes.ts";

/** An event that, as far as the queue knows, should have woken the pod. */
interface Suspect {
  readonly failedAt: number;
  readonly event: SuspectedEvent["event"];
  /** Pods that its scheduler had finished by then. */
  readonly finishedBefore: number;
}

export interface SuspectsOptions {
  readonly clock: Clock;
  readonly queue: Pick<PriorityQueue, "observe">;
  readonly failures: Failures;
  readonly finished: (uid: string) => number;
}

/**
 * Pods that our queue woke for an event, and of which the scheduler has said nothing since. Every word of the scheduler
 * about a pod clears it. Nodes are asked about at every change while it is suspected, so that no moment in which it did
 * not fit is overlooked.
 */
export class Suspects {
  readonly #options: SuspectsOptions;
  readonly #suspects = new Map<string, Suspect>();
  readonly #undo: () => void;

  constructor(options: SuspectsOptions) {
    this.#options = options;
    this.#undo = options.queue.observe((transition) => this.#hear(transition));
  }

  get size(): number {
    return this.#suspects.size;
  }

  of(uid: string): Suspect | undefined {
    const suspect = this.#suspects.get(uid);
    if (suspect === undefined) return undefined;
    if (this.#options.failures.of(uid)?.at === suspect.failedAt) return suspect;
    this.#suspects.delete(uid);
    return undefined;
  }

  forget(uid: string): void {
    this.#suspects.delete(uid);
  }

  uids(): Iterable<string> {
    return this.#suspects.keys();
  }

  /** A node changed: those shapes are asked about at once. */
  watch(shapes: ReadonlySet<Shape>, node: NodeInfo): void {
    for (const { evaluation, options } of shapes) {
      if (!evaluation.isOld(options.snapshot)) evaluation.lookAgain(node, options, this.#options.clock.now());
    }
  }

  stop(): void {
    this.#undo();
  }

  #hear(transition: Transition): void {
    if (transition.kind !== "moved" || transition.from !== "unschedulable") return;
    const { pod, at, cause } = transition;
    const failure = this.#options.failures.of(pod.uid);
    // The hint has to be one of a plugin that the scheduler itself named, and after the failure.
    if (cause.plugin === undefined || failure === undefined || failure.evidence.isError) return;
    if (!failure.evidence.rejections.has(cause.plugin) || at <= failure.at || this.of(pod.uid) !== undefined) return;
    this.#suspects.set(pod.uid, {
      failedAt: failure.at,
      event: { at, label: cause.event, object: cause.object, plugin: cause.plugin },
      finishedBefore: this.#options.finished(pod.uid),
    });
  }
}
