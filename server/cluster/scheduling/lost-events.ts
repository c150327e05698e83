import type { Clock, Instant } from "#lib/clock/index.ts";
import { keyParts, objectKey, type ObjectKey, type PodUid } from "#lib/kube/index.ts";
import {
  PriorityQueue,
  type ExplainedEvent,
  type PriorityQueueOptions,
  type QueuedPodInfo,
  type Rejectors,
  type SavedQueue,
  type Transition,
} from "#lib/queue/index.ts";
import type { InformedQueue } from "#lib/scheduler/index.ts";
import type { LostEvent, PodTransition } from "#lib/protocol/index.ts";
import { TransitionLog } from "./transition-log.ts";

const mostKept = 200;

type KeptLoss = Omit<LostEvent, "correct" | "historical">;

export interface SavedLosses {
  readonly correct: SavedQueue;
  readonly losses: ReadonlyMap<string, KeptLoss>;
  readonly total: number;
}

/**
 * A correct queue beside the historical one: it is told the same, and pops and takes back the same pods at the same
 * moments, so the only difference is what the two show a pod that comes back. Where the historical queue parks a pod that
 * the correct one does not, it has lost an event.
 */
export class LostEvents {
  readonly #clock: Clock;
  readonly #historical: PriorityQueue;
  readonly #correct: PriorityQueue;
  readonly #correctly: TransitionLog;
  /** Attempts that go on. */
  readonly #popped = new Map<string, { readonly at: Instant; readonly attempt: number }>();
  #losses = new Map<string, KeptLoss>();
  #total = 0;

  /** @param options those of the historical queue, but for the scheme */
  constructor(historical: PriorityQueue, options: PriorityQueueOptions) {
    this.#clock = options.clock;
    this.#historical = historical;
    this.#correct = new PriorityQueue({ ...options, inFlightScheme: "current" });
    this.#correctly = new TransitionLog(this.#correct);
    historical.observe((transition) => this.#follow(transition));
    this.#correct.run();
  }

  /** Tells both. */
  get informed(): InformedQueue {
    const both = [this.#historical, this.#correct];
    return {
      add: (pod) => both.forEach((queue) => queue.add(pod)),
      update: (old, updated) => both.forEach((queue) => queue.update(old, updated)),
      delete: (pod) => both.forEach((queue) => queue.delete(pod)),
      moveAllToActiveOrBackoffQueue: (event, old, updated, preCheck) =>
        both.forEach((queue) => queue.moveAllToActiveOrBackoffQueue(event, old, updated, preCheck)),
    };
  }

  /** Losses ever. */
  get total(): number {
    return this.#total;
  }

  /** The newest, by uid, with where the pods are now. */
  losses(): Record<string, LostEvent> {
    const rows = Array.from(this.#losses.values(), (loss) => ({
      ...loss,
      correct: placeIn(this.#correct, loss),
      historical: placeIn(this.#historical, loss),
    }));
    return Object.fromEntries(rows.map((row) => [row.uid, row]));
  }

  /** Where the pod was in the correct queue, oldest first. */
  correctTransitionsOf(uid: string): readonly PodTransition[] {
    return [...this.#correctly.of(uid).rows.newestFirst()].reverse();
  }

  save(): SavedLosses {
    return { correct: this.#correct.save(), losses: new Map(this.#losses), total: this.#total };
  }

  /** After the historical queue was restored, whose moves are nothing to follow. */
  restore(saved: SavedLosses, event: string): void {
    this.#correct.restore(saved.correct, event);
    this.#losses = new Map(saved.losses);
    this.#total = saved.total;
  }

  stop(): void {
    this.#correct.close();
  }

  #follow(transition: Transition): void {
    switch (transition.kind) {
      case "popped":
        this.#noteWoken(transition.pod.uid, transition.cause.event);
        this.#popped.set(transition.pod.uid, { at: transition.at, attempt: transition.attempts });
        if (transition.element !== undefined) this.#correct.popSpecificPod(transition.element.pod);
        break;
      case "handedBack":
        this.#takeBack(transition);
        this.#popped.delete(transition.pod.uid);
        break;
      case "finished":
        this.#popped.delete(transition.pod.uid);
        this.#correct.done(transition.pod.uid, transition.cause.event);
        break;
      case "moved":
        if (transition.from === "unschedulable") this.#noteWoken(transition.pod.uid, transition.cause.event);
        break;
      case "updated":
      case "appended":
      case "pruned":
        break;
      default:
        transition satisfies never;
    }
  }

  #takeBack({ pod, to }: Extract<Transition, { readonly kind: "handedBack" }>): void {
    const returned = this.#queued(pod.uid, pod.key);
    const info = this.#correct.view.inFlight.pod(pod.uid)?.info;
    if (returned === undefined || info === undefined) return;
    const { unschedulablePlugins, pendingPlugins } = returned;
    const decider = this.#deciderOf(pod.uid, { unschedulablePlugins, pendingPlugins });
    info.clearRejectorPlugins();
    info.unschedulablePlugins = unschedulablePlugins;
    info.pendingPlugins = pendingPlugins;
    info.replacePod(returned.pod);
    this.#correct.addUnschedulableIfNotPresent(info, this.#correct.schedulingCycle);
    if (to === "unschedulable" && info.place !== "unschedulable" && decider !== undefined) this.#lose(info, decider);
  }

  #queued(uid: PodUid, key: ObjectKey): QueuedPodInfo | undefined {
    const { namespace, name } = keyParts(key);
    const info = this.#historical.getPod(name, namespace);
    return info?.uid === uid ? info : undefined;
  }

  #deciderOf(uid: PodUid, rejectors: Rejectors): ExplainedEvent | undefined {
    const explanation = this.#correct.view.explain(uid, rejectors);
    return explanation?.events.find(({ element }) => element.seq === explanation.destination.decidedBy);
  }

  #lose({ uid, pod }: QueuedPodInfo, { element, plugin }: ExplainedEvent): void {
    const object = element.newObj ?? element.oldObj;
    const popped = this.#popped.get(uid);
    this.#total++;
    this.#losses.delete(uid);
    this.#losses.set(uid, {
      uid,
      namespace: pod.metadata.namespace ?? "",
      name: pod.metadata.name ?? "",
      at: this.#clock.now(),
      ...(popped === undefined ? {} : { popped: popped.at, attempt: popped.attempt }),
      event: {
        label: element.incoming.label,
        at: element.at,
        ...(object === undefined ? {} : { object: objectKey(object) }),
      },
      ...(plugin === undefined ? {} : { plugin }),
    });
    for (const oldest of this.#losses.keys()) {
      if (this.#losses.size <= mostKept) break;
      this.#losses.delete(oldest);
    }
  }

  #noteWoken(uid: PodUid, by: string): void {
    const loss = this.#losses.get(uid);
    if (loss === undefined || loss.wokenAt !== undefined) return;
    this.#losses.set(uid, { ...loss, wokenAt: this.#clock.now(), wokenBy: by });
  }
}

function placeIn(queue: PriorityQueue, { uid, namespace, name }: KeptLoss): string {
  const info = queue.getPod(name, namespace);
  if (info?.uid === uid) return info.place;
  return queue.view.inFlight.pod(uid as PodUid) === undefined ? "outside" : "inFlight";
}
