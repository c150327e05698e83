/** Every number that a verdict depends on. Times in milliseconds. */

/** A scheduler whose Lease has not been renewed for so long answers to nobody. */
export const leaseExpiredMs = 60_000;
/** By so much the clock of whoever writes a Lease may differ from ours. */
export const leaseSkewMs = 300_000;
/** Without a Lease: so long without a binding or a word, while a pod fits. */
export const silentSchedulerMs = 120_000;
/** Another scheduler is alive if it bound or reported on a pod within this time. */
export const aliveSchedulerMs = 600_000;

/** After the event and the longest backoff, the scheduler has this much time before anything is suspected. */
export const missedEventGraceMs = 15_000;
/** Our dry run sees a node change at once, but an event may come a moment before the change it tells of. */
export const fitsAfterEventMs = 5_000;

/** In flight for so long, and longer than this many times what is usual. */
export const stuckInFlightMs = 30_000;
export const stuckInFlightFactor = 20;

/** Pending, ours, and in no queue. */
export const lostMs = 10_000;
/** No condition and no event since the pod was made. */
export const neverTriedMs = 120_000;
/** Unschedulable pods are flushed after five minutes, looked for every half. */
export const flushMs = 300_000;
export const flushEveryMs = 30_000;

/** A message is not held against us if a node or pod changed so shortly before. */
export const quietBeforeMessageMs = 1_000;
/** Nor if one changes so shortly afterwards: each informer has a watch of its own, and one of them may lag. */
export const quietAfterMessageMs = 5_000;

/** Nothing was judged for so long: we stood still, and what happened meanwhile is still on its way to us. */
export const stalledMs = 5_000;
/** After which everything is heard of. */
export const catchUpMs = 10_000;

/** A nomination that no longer fits is left alone for this long: the scheduler may be about to clear it. */
export const staleNominationMs = 10_000;

/** Backing off is the verdict for so many attempts; later the cause is. */
export const backoffAttempts = 3;

/** A node that is short by at most this share of the request nearly fits. */
export const nearResourceShare = 0.1;
/** A resource that is missing by more than this share of the request is no near miss at all. */
export const farResourceShare = 0.5;
export const mostNearMisses = 5;
/** How far a skew is raised in search of a fix. */
export const mostExtraSkew = 10;
