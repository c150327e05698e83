import type { Instant } from "#lib/clock/index.ts";
import type { ObjectKey, PodUid } from "#lib/kube/index.ts";
import type { EventElement, InFlightElement, PodElement } from "./in-flight.ts";
import type { Place } from "./queued-pod-info.ts";
import type { Verdict } from "./requeueing.ts";

/** What made a pod move. */
export interface Cause {
  /** A cluster event's label, or the queue's own word: `ScheduleAttemptFailure`, `BackoffComplete`, `PopFromBackoffQ` … */
  readonly event: string;
  /** The plugin whose hint said Queue, or which gates the pod. */
  readonly plugin?: string;
  /** The object the event was about. */
  readonly object?: ObjectKey;
  /** Hand-back only: the element of the in-flight list that decided. */
  readonly decidedBy?: number;
}

export interface PodName {
  readonly uid: PodUid;
  readonly key: ObjectKey;
}

export function nameOf({ uid, key }: PodName): PodName {
  return { uid, key };
}

/** Everything that changes in the queue, in the order in which it changed. */
export type Transition = { readonly seq: number; readonly at: Instant } & (
  | {
      readonly kind: "moved";
      readonly pod: PodName;
      readonly from: Place;
      readonly to: Place;
      readonly cause: Cause;
    }
  | {
      readonly kind: "popped";
      readonly pod: PodName;
      readonly from: Place;
      readonly to: "inFlight";
      readonly attempts: number;
      /** Absent while hints are off: then nothing is tracked. */
      readonly element: PodElement | undefined;
      readonly cause: Cause;
    }
  | {
      readonly kind: "handedBack";
      readonly pod: PodName;
      readonly from: "inFlight" | "outside";
      readonly to: Place;
      readonly verdict: Verdict;
      readonly cause: Cause;
    }
  | {
      readonly kind: "finished";
      readonly pod: PodName;
      readonly from: "inFlight";
      readonly to: "outside";
      readonly cause: Cause;
    }
  | { readonly kind: "updated"; readonly pod: PodName; readonly place: Place }
  | { readonly kind: "appended"; readonly element: EventElement }
  | { readonly kind: "pruned"; readonly elements: readonly InFlightElement[] }
);

export type TransitionKind = Transition["kind"];

export type QueueObserver = (transition: Transition) => void;
