import type { Instant } from "#lib/clock/index.ts";
import type { Pod } from "#lib/kube/index.ts";
import type { Place } from "#lib/queue/index.ts";
import type { Phase } from "../flight.ts";
import type { Finding } from "./code.ts";
import type { LostEvent, SuspectedEvent } from "./missed-event.ts";

/** What is known of the scheduler that a pod names. */
export interface SchedulerObservation {
  readonly name: string;
  /** Its rules are known here, so its queue is followed. */
  readonly isModelled: boolean;
  /** It is ours: nothing about it has to be guessed. */
  readonly isOurs: boolean;
  /** Configured, and not known to us: they may reject what fits by all others. */
  readonly unknownPlugins?: readonly string[];
  readonly leaseRenewedAt: Instant | undefined;
  /** When it last bound a pod, or reported on one. */
  readonly lastActivityAt: Instant | undefined;
  readonly watchedSince: Instant;
  /** Some pod that waits for it fits somewhere. */
  readonly hasFittingPod: boolean;
}

export interface Nomination {
  readonly node: string;
  readonly state: "gone" | "noLongerFits" | "terminating" | "fits";
  /** Since when it is so, as far as it was looked at. */
  readonly since: Instant;
  /** Pods there that are being deleted, and when the last of them has to be gone. */
  readonly terminating: number;
  readonly goneBy: Instant | undefined;
}

/** What the queue knows of a pod. */
export interface QueueRecord {
  readonly attempts: number;
  readonly isAttemptsAtLeast: boolean;
  /** The last hand-back, else its arrival. */
  readonly since: Instant;
  readonly backoffUntil: Instant | undefined;
  readonly gatingPlugin: string;
  readonly gatingMessage: string | undefined;
}

/** Everything that a verdict depends on. What is absent is not known, or not the case. */
export interface Situation {
  readonly pod: Pod;
  readonly now: Instant;
  readonly mode: "actual" | "simulated";
  readonly scheduler: SchedulerObservation;
  readonly place: Place;
  readonly record?: QueueRecord | undefined;
  readonly flight?: { readonly phase: Phase; readonly since: Instant; readonly isHeld: boolean } | undefined;
  /** Parked for so long it is tried again anyway; default: five minutes. */
  readonly flushAfterMs?: number;
  /** How long attempts take, but for one in a hundred. */
  readonly usualFlightMs?: number | undefined;
  /** Events that are kept because the pod is in flight. */
  readonly heldEvents?: number;
  /** We stood still until a moment ago: nobody else is accused of what we have not heard of yet. */
  readonly isCatchingUp?: boolean;
  /** When it came by our own clock, where we saw it come. */
  readonly cameAt?: Instant | undefined;
  /** Somebody stopped the loop: nothing is late. */
  readonly isPaused?: boolean;
  /** The node is chosen, and the pod on its way there. */
  readonly isAssumed?: boolean;
  /** In no queue since. */
  readonly absentSince?: Instant | undefined;
  /** Pods that come first, in activeQ; by priority or age. */
  readonly ahead?: { readonly count: number; readonly first: Pod | undefined } | undefined;
  /** A condition or an event about it was seen. */
  readonly hasBeenReported?: boolean;
  /** When another pod was last bound by the same scheduler. */
  readonly otherBoundAt?: Instant | undefined;
  /** More pods were finished since it came than are in front of it. */
  readonly isOvertaken?: boolean;
  /** The last attempt that was seen ended in an error. */
  readonly lastError?: { readonly plugin: string; readonly message: string } | undefined;
  /** The scheduler's counts differ from ours of the same moment. */
  readonly disagreement?: { readonly reason: string; readonly theirs: number; readonly ours: number } | undefined;
  readonly suspected?: SuspectedEvent | undefined;
  /** The historical queue kept an event from it, and nothing has moved it since. */
  readonly lost?: LostEvent | undefined;
  readonly nomination?: Nomination | undefined;
  readonly permit?: { readonly plugin: string; readonly have: number; readonly wanted: number } | undefined;
  /** A node that takes it now. */
  readonly fittingNode?: string | undefined;
  /** Why no node takes it. */
  readonly cause?: Finding | undefined;
  /** What keeps us from judging: an informer that is forbidden, unsynced or stale, a plugin that is not known. */
  readonly doubt?: string | undefined;
  /** Of the last failure that was seen: words that none of the plugins that are known has. */
  readonly unknownReason?: string | undefined;
}
