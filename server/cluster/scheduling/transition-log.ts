import { RingBuffer } from "#lib/collections/index.ts";
import { keyParts } from "#lib/kube/index.ts";
import type { PriorityQueue, Transition } from "#lib/queue/index.ts";
import type { PodTransition } from "#lib/protocol/index.ts";

/** Kept of one pod, and of all together. */
export const keptPerPod = 200;
export const keptInAll = 20_000;
/** Pods that left the queue and can still be asked for. */
export const keptGonePods = 1_000;
/** Where very many pods wait, each keeps fewer, so that all of them keep about this many. */
const keptOfAllPods = 200_000;

/** How the end of a pod's attempt is known; `undefined` where nobody has to ask. */
export type OutcomeOf = (uid: string) => PodTransition["outcome"];

/** Something that was kept, and how much there ever was. */
export interface Kept {
  readonly rows: RingBuffer<PodTransition>;
  readonly total: number;
}

interface PodLog {
  readonly rows: RingBuffer<PodTransition>;
  total: number;
}

const nothing: Kept = { rows: new RingBuffer(), total: 0 };

/** What pods did lately, one by one and all together, each time with its cause. */
export class TransitionLog {
  readonly #queue: PriorityQueue;
  readonly #outcomeOf: OutcomeOf;
  readonly #all: PodLog = { rows: new RingBuffer(), total: 0 };
  readonly #pods = new Map<string, PodLog>();
  /** In the order in which they went. */
  readonly #gone = new Set<string>();

  constructor(queue: PriorityQueue, outcomeOf: OutcomeOf = () => undefined) {
    this.#queue = queue;
    this.#outcomeOf = outcomeOf;
    queue.observe((transition) => this.#hear(transition));
  }

  /** Of everybody. */
  get all(): Kept {
    return this.#all;
  }

  of(uid: string): Kept {
    return this.#pods.get(uid) ?? nothing;
  }

  #hear(transition: Transition): void {
    if (!("from" in transition)) return;
    const row = this.#describe(transition);
    keep(this.#all, row, keptInAll);
    keep(this.#logOf(row), row, this.#limit());
  }

  #describe(transition: Extract<Transition, { readonly from: unknown }>): PodTransition {
    const { seq, at, from, to, cause, pod } = transition;
    const { namespace, name } = keyParts(pod.key);
    const common = { seq, at, uid: pod.uid, namespace, name, from, to };
    if (transition.kind === "popped") {
      const isAttemptsAtLeast = transition.element?.info.isAttemptsAtLeast ?? false;
      return { ...common, cause, attempts: transition.attempts, isAttemptsAtLeast };
    }
    const outcome = from === "inFlight" ? this.#outcomeOf(pod.uid) : undefined;
    const known = outcome === undefined ? {} : { outcome };
    if (transition.kind !== "handedBack") return { ...common, cause, ...known };
    const rejectors = [...(this.#queue.getPod(name, namespace)?.rejectors ?? [])].sort();
    return { ...common, cause, verdict: transition.verdict, rejectors, ...known };
  }

  #logOf({ uid, to }: PodTransition): PodLog {
    this.#gone.delete(uid);
    if (to === "outside") this.#note(uid);
    let log = this.#pods.get(uid);
    if (log === undefined) {
      log = { rows: new RingBuffer(), total: 0 };
      this.#pods.set(uid, log);
    }
    return log;
  }

  #note(gone: string): void {
    this.#gone.add(gone);
    if (this.#gone.size <= keptGonePods) return;
    for (const oldest of this.#gone) {
      this.#gone.delete(oldest);
      this.#pods.delete(oldest);
      return;
    }
  }

  #limit(): number {
    return Math.max(2, Math.min(keptPerPod, Math.floor(keptOfAllPods / this.#pods.size)));
  }
}

function keep(log: PodLog, row: PodTransition, limit: number): void {
  log.total++;
  log.rows.push(row);
  while (log.rows.size > limit) log.rows.shift();
}
