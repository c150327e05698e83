import type { Instant } from "#lib/clock/index.ts";
import type { Pod, PodUid } from "#lib/kube/index.ts";
import type { QueuedPodInfo } from "#lib/queue/index.ts";
import type { AttemptFailure } from "./failure-handler.ts";
import type { PermitPlugin, Quorum, Reservation } from "./framework.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * How far an attempt has come. PreFilter, Filter and Score happen in one go, so a pod is seen there only while it is
 * held; in `Bind` it is out of the queue's flight already. In a shadow nothing is known but that it has not ended yet.
 */
export type Phase = "PreFilter" | "Filter" | "PostFilter" | "Score" | "WaitOnPermit" | "Bind" | "AwaitingEvidence";

/** Nodes per rejecting plugin, where known. */
export type RejectionCounts = ReadonlyMap<string, number | undefined>;

/** A pod that the loop is working on. */
export interface Flight {
  readonly uid: PodUid;
  /** The version that is being tried. */
  readonly pod: Pod;
  readonly phase: Phase;
  /** When it was popped. */
  readonly since: Instant;
  /** Stays as it is until somebody releases or finishes it. */
  readonly isHeld: boolean;
  /** Who lets it wait for others, and how many of them there are. */
  readonly waitsFor: (Quorum & { readonly plugin: string }) | undefined;
  /** The node it is assumed on. */
  readonly node: string | undefined;
  readonly rejections: RejectionCounts;
  readonly rejectionsOf: "thisAttempt" | "lastAttempt" | "none";
}

/** The same with what only the loop may touch. */
export interface OngoingFlight {
  readonly info: QueuedPodInfo;
  readonly uid: PodUid;
  readonly pod: Pod;
  readonly since: Instant;
  readonly podSchedulingCycle: number;
  phase: Phase;
  isHeld: boolean;
  assumed: Pod | undefined;
  /** Who lets it wait for others that belong to it. */
  waitsFor: PermitPlugin | undefined;
  /** What is set aside for it beside its place on the node. */
  reservations: readonly Reservation[];
  rejections: RejectionCounts;
  rejectionsOf: Flight["rejectionsOf"];
  /** What it waits to do; a pod that was popped by hand waits for its attempt. */
  next: NextStep | undefined;
  /** Ends the wait. */
  cancelTimer: (() => void) | undefined;
}

/** What a flight does when its wait is over, at `at` if nobody holds it. */
export type NextStep =
  | { readonly kind: "bind"; readonly at: Instant }
  | { readonly kind: "fail"; readonly at: Instant; readonly failure: AttemptFailure };

/** A flight as it stood at one moment. Its record is the queue's. */
export type SavedFlight = Readonly<Omit<OngoingFlight, "info" | "cancelTimer" | "reservations">>;

const noRejections: RejectionCounts = new Map();

export function startFlight(
  info: QueuedPodInfo,
  {
    since,
    podSchedulingCycle,
    last,
  }: {
    readonly since: Instant;
    readonly podSchedulingCycle: number;
    readonly last: RejectionCounts | undefined;
  },
): OngoingFlight {
  return {
    info,
    uid: info.uid,
    pod: info.pod,
    since,
    podSchedulingCycle,
    phase: "PreFilter",
    isHeld: false,
    assumed: undefined,
    waitsFor: undefined,
    reservations: [],
    rejections: last ?? noRejections,
    rejectionsOf: last === undefined ? "none" : "lastAttempt",
    next: undefined,
    cancelTimer: undefined,
  };
}

export function describe(flight: OngoingFlight, snapshot: Snapshot): Flight {
  const { uid, pod, phase, since, isHeld, assumed, rejections, rejectionsOf } = flight;
  const quorum = flight.waitsFor?.quorumOf(pod, snapshot);
  const waitsFor = flight.waitsFor && quorum && { plugin: flight.waitsFor.name, ...quorum };
  return { uid, pod, phase, since, isHeld, waitsFor, node: assumed?.spec?.nodeName, rejections, rejectionsOf };
}
