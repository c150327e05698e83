import type { KubeObject, PodUid } from "#lib/kube/index.ts";
import {
  HistoricalInFlight,
  InFlightList,
  type InFlight,
  type PriorityQueue,
  type Transition,
} from "#lib/queue/index.ts";

/** Pods of whose last attempt it is remembered. */
const mostPods = 5_000;
const mostEvents = 200;

const nothing: ReadonlySet<KubeObject> = new Set();

/**
 * Both event lists, told the same by one queue: what the list of 1.28.0 would have kept from a pod, whichever of the two
 * the queue itself has. An event is known by the object that it is about, in the version that it brought.
 */
export class UnseenByHistorical {
  readonly #current: InFlight = new InFlightList();
  readonly #historical: InFlight = new HistoricalInFlight();
  readonly #lastAttempts = new Map<string, ReadonlySet<KubeObject>>();
  readonly #undo: () => void;

  constructor(queue: Pick<PriorityQueue, "observe">) {
    this.#undo = queue.observe((transition) => this.#hear(transition));
  }

  /** Events of the pod's last attempt, or of the one that goes on. */
  of(uid: string): ReadonlySet<KubeObject> {
    return this.#current.has(uid as PodUid) ? this.#unseenBy(uid as PodUid) : (this.#lastAttempts.get(uid) ?? nothing);
  }

  forget(uid: string): void {
    this.#lastAttempts.delete(uid);
  }

  stop(): void {
    this.#undo();
  }

  #hear(transition: Transition): void {
    switch (transition.kind) {
      case "popped":
        if (transition.element === undefined) return;
        this.#lastAttempts.delete(transition.pod.uid);
        for (const list of this.#lists()) list.takeOff(transition.element.info, transition.at);
        return;
      case "appended": {
        const { incoming, oldObj, newObj, at } = transition.element;
        // Each list counts its own elements.
        for (const list of this.#lists()) list.appendIfAnyInFlight({ ...incoming, inFlight: 0 }, oldObj, newObj, at);
        return;
      }
      case "handedBack":
      case "finished":
        this.#comeBack(transition.pod.uid);
        return;
      case "moved":
      case "updated":
      case "pruned":
        return;
      default:
        transition satisfies never;
    }
  }

  #comeBack(uid: PodUid): void {
    if (!this.#current.has(uid)) return;
    const unseen = this.#unseenBy(uid);
    for (const list of this.#lists()) list.done(uid);
    if (unseen.size === 0) return;
    this.#lastAttempts.set(uid, unseen);
    if (this.#lastAttempts.size <= mostPods) return;
    for (const oldest of this.#lastAttempts.keys()) {
      this.#lastAttempts.delete(oldest);
      return;
    }
  }

  #unseenBy(uid: PodUid): ReadonlySet<KubeObject> {
    const unseen = new Set<KubeObject>();
    this.#current.someEventOf(uid, ({ oldObj, newObj }) => {
      const object = newObj ?? oldObj;
      if (object !== undefined) unseen.add(object);
      return unseen.size === mostEvents;
    });
    this.#historical.someEventOf(uid, ({ oldObj, newObj }) => {
      const object = newObj ?? oldObj;
      if (object !== undefined) unseen.delete(object);
      return unseen.size === 0;
    });
    return unseen;
  }

  #lists(): readonly [InFlight, InFlight] {
    return [this.#current, this.#historical];
  }
}
