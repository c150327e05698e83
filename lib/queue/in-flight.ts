import type { Instant } from "#lib/clock/index.ts";
import type { KubeObject, Pod, PodUid } from "#lib/kube/index.ts";
import type { QueuedPodInfo } from "./queued-pod-info.ts";
import type { IncomingEvent } from "./registered-events.ts";

/** A pod that took off. In the current scheme this is an element of the list and the pod's marker at the same time. */
export interface PodElement {
  readonly kind: "pod";
  /** Grows with every element of the list, pods and events alike. */
  readonly seq: number;
  readonly at: Instant;
  readonly uid: PodUid;
  /** The version that was popped. */
  readonly pod: Pod;
  /** The record that was popped. */
  readonly info: QueuedPodInfo;
  /** Counts take-offs from 1. */
  readonly popIndex: number;
}

/** Something that happened while at least one pod was in flight. */
export interface EventElement {
  readonly kind: "event";
  readonly seq: number;
  readonly at: Instant;
  readonly incoming: IncomingEvent;
  readonly oldObj: KubeObject | undefined;
  readonly newObj: KubeObject | undefined;
  /** Historical scheme only: pods that still need this event. */
  readonly neededBy?: number;
}

export type InFlightElement = PodElement | EventElement;

/** Where a pod in flight starts to read. */
export type Marker =
  /** Its own element: nobody else can remove it. */
  | { readonly kind: "own"; readonly seq: number }
  /** Historical: the list was empty at take-off, it reads from the front. */
  | { readonly kind: "start" }
  /** Historical: an event that belongs to other pods. Once removed it has no successor. */
  | { readonly kind: "foreign"; readonly element: EventElement; readonly isRemoved: boolean };

/** Flights and events of one scheme as they stood at one moment. */
export type SavedInFlight =
  | { readonly scheme: "current"; readonly elements: readonly InFlightElement[] }
  | {
      readonly scheme: "historical";
      readonly events: readonly EventElement[];
      /** A marker is the place of its event in the list, or the event itself once that was removed. */
      readonly flights: readonly { readonly pod: PodElement; readonly marker: number | EventElement | undefined }[];
    };

/** Markers of one scheme mean nothing in the other. */
export class WrongSchemeError extends Error {
  override readonly name = "WrongSchemeError";
  constructor(saved: string, scheme: string) {
    super(`what the ${saved} scheme saved cannot be restored by the ${scheme} one: restore it where it was saved`);
  }
}

/** The element with a record of its own, as far as it has one. */
export function copyOf<E extends InFlightElement>(element: E): E {
  return element.kind === "pod" ? { ...element, info: element.info.copy() } : { ...element };
}

/** What {@link InFlight.done} took out of the list. */
export interface PruneListener {
  pruned(element: InFlightElement): void;
}

/** Reading the pods in flight and the events that happened meanwhile. */
export interface InFlightReader {
  readonly scheme: "current" | "historical";
  /** Elements in the list. */
  readonly size: number;
  readonly podCount: number;
  readonly eventCount: number;
  readonly prunedTotal: number;
  /** The last elements that left the list, oldest first, at most three. */
  lastPruned(): readonly InFlightElement[];
  /** The list, head to tail. The historical list holds events only. */
  elements(): Iterable<InFlightElement>;
  /** The list, tail to head. */
  elementsNewestFirst(): Iterable<InFlightElement>;
  /** Pods in flight in the order of their take-off. */
  pods(): Iterable<PodElement>;
  pod(uid: PodUid): PodElement | undefined;
  markerOf(uid: PodUid): Marker | undefined;
  /** Walks the events this pod would be shown now, oldest first, until `visit` answers true. */
  someEventOf(uid: PodUid, visit: (element: EventElement) => boolean): boolean;
}

/**
 * Pods in flight and the events that happened meanwhile. Two schemes stand behind this contract: the list of 1.36, in
 * which a pod is an element and its own marker, and the one of 1.28.0, in which the marker belongs to other pods.
 */
export interface InFlight extends InFlightReader {
  has(uid: PodUid): boolean;
  /** Refuses (`undefined`) a uid that is in flight already. */
  takeOff(info: QueuedPodInfo, at: Instant): PodElement | undefined;
  /** Kept only while something is in flight: every pod in flight sees it. */
  appendIfAnyInFlight(
    incoming: IncomingEvent,
    oldObj: KubeObject | undefined,
    newObj: KubeObject | undefined,
    at: Instant,
  ): EventElement | undefined;
  /** Ends the flight and drops what nobody waits for any more. No-op for a pod that is not in flight. */
  done(uid: PodUid, listener?: PruneListener): PodElement | undefined;
  save(): SavedInFlight;
  /** What was saved, by the same scheme, instead of what is here. Numbers of elements and take-offs go on growing. */
  restore(saved: SavedInFlight): void;
}
