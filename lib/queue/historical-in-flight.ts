import type { Instant } from "#lib/clock/index.ts";
import { BoundedHistory, LinkedList, type ListElement } from "#lib/collections/index.ts";
import type { KubeObject, PodUid } from "#lib/kube/index.ts";
import { rememberedPruned } from "./in-flight-list.ts";
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

interface NeededEvent extends EventElement {
  neededBy: number;
}

interface Flight {
  readonly pod: PodElement;
  /** The newest element of the list at take-off; `undefined` when the list was empty. */
  readonly marker: ListElement<NeededEvent> | undefined;
}

/**
 * The scheme of 1.28.0, kept to be shown beside the current one: the list holds events only, and a pod's marker is
 * the event that was newest when it was popped. That event belongs to older pods. When they are all done it is
 * removed, a removed element has no successor, and from then on the pod is shown nothing.
 */
export class HistoricalInFlight implements InFlight {
  readonly scheme = "historical";
  #events = new LinkedList<NeededEvent>();
  readonly #flights = new Map<PodUid, Flight>();
  readonly #lastPruned = new BoundedHistory<InFlightElement>(rememberedPruned);
  #prunedTotal = 0;
  #seq = 0;
  #takenOff = 0;

  get size(): number {
    return this.#events.size;
  }

  get podCount(): number {
    return this.#flights.size;
  }

  get eventCount(): number {
    return this.#events.size;
  }

  get prunedTotal(): number {
    return this.#prunedTotal;
  }

  lastPruned(): readonly InFlightElement[] {
    return [...this.#lastPruned];
  }

  elements(): Iterable<InFlightElement> {
    return this.#events;
  }

  elementsNewestFirst(): Iterable<InFlightElement> {
    return this.#events.newestFirst();
  }

  *pods(): IterableIterator<PodElement> {
    for (const { pod } of this.#flights.values()) yield pod;
  }

  has(uid: PodUid): boolean {
    return this.#flights.has(uid);
  }

  pod(uid: PodUid): PodElement | undefined {
    return this.#flights.get(uid)?.pod;
  }

  markerOf(uid: PodUid): Marker | undefined {
    const flight = this.#flights.get(uid);
    if (flight === undefined) return undefined;
    const { marker } = flight;
    if (marker === undefined) return { kind: "start" };
    return { kind: "foreign", element: marker.value, isRemoved: !this.#events.has(marker) };
  }

  takeOff(info: QueuedPodInfo, at: Instant): PodElement | undefined {
    const { uid, pod } = info;
    if (this.#flights.has(uid)) return undefined;
    const element: PodElement = { kind: "pod", seq: ++this.#seq, at, uid, pod, info, popIndex: ++this.#takenOff };
    this.#flights.set(uid, { pod: element, marker: this.#events.back });
    return element;
  }

  appendIfAnyInFlight(
    incoming: IncomingEvent,
    oldObj: KubeObject | undefined,
    newObj: KubeObject | undefined,
    at: Instant,
  ): EventElement | undefined {
    const neededBy = this.#flights.size;
    if (neededBy === 0) return undefined;
    const element: NeededEvent = { kind: "event", seq: ++this.#seq, at, incoming, oldObj, newObj, neededBy };
    this.#events.pushBack(element);
    incoming.inFlight++;
    return element;
  }

  someEventOf(uid: PodUid, visit: (element: EventElement) => boolean): boolean {
    const flight = this.#flights.get(uid);
    if (flight === undefined) return false;
    // The error, kept: `next` of a marker that was removed is undefined, also where newer events are in the list.
    let next = flight.marker === undefined ? this.#events.front : flight.marker.next;
    for (; next !== undefined; next = next.next) if (visit(next.value)) return true;
    return false;
  }

  done(uid: PodUid, listener?: PruneListener): PodElement | undefined {
    const flight = this.#flights.get(uid);
    if (flight === undefined) return undefined;
    this.#flights.delete(uid);
    // Counting down was right: a used-up marker falls back to the front, so nothing leaks.
    const { marker } = flight;
    let next = marker === undefined || marker.value.neededBy === 0 ? this.#events.front : marker.next;
    while (next !== undefined) {
      const event = next;
      next = event.next;
      event.value.neededBy--;
      if (event.value.neededBy <= 0) this.#remove(event, listener);
    }
    return flight.pod;
  }

  save(): SavedInFlight {
    const places = new Map<ListElement<NeededEvent>, number>();
    for (let event = this.#events.front; event !== undefined; event = event.next) places.set(event, places.size);
    return {
      scheme: "historical",
      events: Array.from(this.#events, copyOf),
      flights: Array.from(this.#flights.values(), ({ pod, marker }) => ({
        pod: copyOf(pod),
        marker: marker === undefined ? undefined : (places.get(marker) ?? copyOf(marker.value)),
      })),
    };
  }

  restore(saved: SavedInFlight): void {
    if (saved.scheme !== "historical") throw new WrongSchemeError(saved.scheme, this.scheme);
    for (const { incoming } of this.#events) incoming.inFlight--;
    this.#events = new LinkedList();
    this.#flights.clear();
    const placed = saved.events.map((event) => this.#events.pushBack(needed(event)));
    for (const { incoming } of saved.events) incoming.inFlight++;
    // Markers that were removed are shared: what counts down one counts down all.
    const removed = new Map<number, ListElement<NeededEvent>>();
    for (const { pod, marker } of saved.flights) {
      const own = typeof marker === "object" ? this.#removed(marker, removed) : placed[marker ?? -1];
      this.#flights.set(pod.uid, { pod: copyOf(pod), marker: own });
    }
  }

  /** An element that is in no list, as one is that was removed: it has no successor. */
  #removed(event: EventElement, known: Map<number, ListElement<NeededEvent>>): ListElement<NeededEvent> {
    let element = known.get(event.seq);
    if (element === undefined) {
      element = this.#events.pushBack(needed(event));
      this.#events.remove(element);
      known.set(event.seq, element);
    }
    return element;
  }

  #remove(event: ListElement<NeededEvent>, listener: PruneListener | undefined): void {
    event.value.incoming.inFlight--;
    this.#events.remove(event);
    this.#prunedTotal++;
    this.#lastPruned.push(event.value);
    listener?.pruned(event.value);
  }
}

function needed(event: EventElement): NeededEvent {
  return { ...event, neededBy: event.neededBy ?? 0 };
}
