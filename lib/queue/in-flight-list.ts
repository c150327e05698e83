import type { Instant } from "#lib/clock/index.ts";
import { BoundedHistory, LinkedList, type ListElement } from "#lib/collections/index.ts";
import type { KubeObject, PodUid } from "#lib/kube/index.ts";
import {
  copyOf,
  WrongSchemeError,
  type EventElement,
  type InFlight,
  type InFlightElement,
  type Marker,
  type PodElement,
  type PruneListener,
  type SavedInFlight,
} from "./in-flight.ts";
import type { QueuedPodInfo } from "./queued-pod-info.ts";
import type { IncomingEvent } from "./registered-events.ts";

/** How many of the elements that left are remembered. */
export const rememberedPruned = 3;

/**
 * One list of pods in flight and concurrent events, in order of arrival. A pod's own element is its marker: everything
 * behind it happened during its attempt, whatever other pods do. The list is empty or begins with a pod, so it holds
 * an event only as long as a pod that took off before it still flies.
 * Upstream: `active_queue.go`, `inFlightPods` and `inFlightEvents`.
 */
export class InFlightList implements InFlight {
  readonly scheme = "current";
  #elements = new LinkedList<InFlightElement>();
  readonly #markers = new Map<PodUid, ListElement<InFlightElement>>();
  readonly #lastPruned = new BoundedHistory<InFlightElement>(rememberedPruned);
  #prunedTotal = 0;
  #seq = 0;
  #takenOff = 0;

  get size(): number {
    return this.#elements.size;
  }

  get podCount(): number {
    return this.#markers.size;
  }

  get eventCount(): number {
    return this.#elements.size - this.#markers.size;
  }

  get prunedTotal(): number {
    return this.#prunedTotal;
  }

  lastPruned(): readonly InFlightElement[] {
    return [...this.#lastPruned];
  }

  elements(): Iterable<InFlightElement> {
    return this.#elements;
  }

  elementsNewestFirst(): Iterable<InFlightElement> {
    return this.#elements.newestFirst();
  }

  *pods(): IterableIterator<PodElement> {
    for (const { value } of this.#markers.values()) if (value.kind === "pod") yield value;
  }

  has(uid: PodUid): boolean {
    return this.#markers.has(uid);
  }

  pod(uid: PodUid): PodElement | undefined {
    const element = this.#markers.get(uid)?.value;
    return element?.kind === "pod" ? element : undefined;
  }

  markerOf(uid: PodUid): Marker | undefined {
    const marker = this.#markers.get(uid);
    return marker === undefined ? undefined : { kind: "own", seq: marker.value.seq };
  }

  takeOff(info: QueuedPodInfo, at: Instant): PodElement | undefined {
    const { uid, pod } = info;
    if (this.#markers.has(uid)) return undefined;
    const element: PodElement = { kind: "pod", seq: ++this.#seq, at, uid, pod, info, popIndex: ++this.#takenOff };
    this.#markers.set(uid, this.#elements.pushBack(element));
    return element;
  }

  appendIfAnyInFlight(
    incoming: IncomingEvent,
    oldObj: KubeObject | undefined,
    newObj: KubeObject | undefined,
    at: Instant,
  ): EventElement | undefined {
    if (this.#markers.size === 0) return undefined;
    const element: EventElement = { kind: "event", seq: ++this.#seq, at, incoming, oldObj, newObj };
    this.#elements.pushBack(element);
    incoming.inFlight++;
    return element;
  }

  someEventOf(uid: PodUid, visit: (element: EventElement) => boolean): boolean {
    for (let next = this.#markers.get(uid)?.next; next !== undefined; next = next.next) {
      const element = next.value;
      if (element.kind === "event" && visit(element)) return true;
    }
    return false;
  }

  done(uid: PodUid, listener?: PruneListener): PodElement | undefined {
    const marker = this.#markers.get(uid);
    if (marker === undefined) return undefined; // done twice is allowed
    this.#markers.delete(uid);
    this.#remove(marker, listener);
    this.#dropEventsNobodyWaitsFor(listener);
    return marker.value.kind === "pod" ? marker.value : undefined;
  }

  save(): SavedInFlight {
    return { scheme: "current", elements: Array.from(this.#elements, copyOf) };
  }

  restore(saved: SavedInFlight): void {
    if (saved.scheme !== "current") throw new WrongSchemeError(saved.scheme, this.scheme);
    for (const element of this.#elements) if (element.kind === "event") element.incoming.inFlight--;
    this.#elements = new LinkedList();
    this.#markers.clear();
    for (const element of saved.elements.map(copyOf)) {
      const placed = this.#elements.pushBack(element);
      if (element.kind === "pod") this.#markers.set(element.uid, placed);
      else element.incoming.inFlight++;
    }
  }

  /** Those before the oldest pod still in flight. */
  #dropEventsNobodyWaitsFor(listener: PruneListener | undefined): void {
    for (let front = this.#elements.front; front !== undefined; front = this.#elements.front) {
      if (front.value.kind === "pod") return;
      front.value.incoming.inFlight--;
      this.#remove(front, listener);
    }
  }

  #remove(element: ListElement<InFlightElement>, listener: PruneListener | undefined): void {
    this.#elements.remove(element);
    this.#prunedTotal++;
    this.#lastPruned.push(element.value);
    listener?.pruned(element.value);
  }
}
