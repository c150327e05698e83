import type { Instant } from "#lib/clock/index.ts";
import type { Pod } from "#lib/kube/index.ts";
import { defaultDurations, type PriorityQueue } from "#lib/queue/index.ts";
import type { AsOfClock } from "./as-of-clock.ts";
import { failureIn, type FailureEvidence } from "./evidence.ts";

export interface SeedOptions {
  readonly queue: PriorityQueue;
  /** The queue's own. */
  readonly clock: AsOfClock;
  /** When the scheduler last said that the pod fits nowhere, where that is known. */
  readonly failedAt: Instant | undefined;
}

/**
 * Puts a pod that was there before we watched where the scheduler's last words say it is: rejected ones are parked with
 * their rejectors, failed ones back off, gated ones are gated by the queue itself, all others are ready to be tried.
 * Attempts made before are unknown, so their count is a lower bound. Returns what was said.
 */
export function seed(pod: Pod, { queue, clock, failedAt }: SeedOptions): FailureEvidence | undefined {
  const now = clock.now();
  const isGated = (pod.spec?.schedulingGates ?? []).length > 0;
  const evidence = isGated ? undefined : failureIn(pod);
  if (evidence === undefined) {
    const created = Date.parse(pod.metadata.creationTimestamp ?? "");
    clock.asOf(Number.isNaN(created) ? now : Math.min(created, now), () => queue.add(pod));
    const info = queue.getPod(pod.metadata.name ?? "", pod.metadata.namespace ?? "");
    if (info !== undefined) info.isAttemptsAtLeast = true; // it may have been in flight when we came
    return undefined;
  }
  const since = plausible(failedAt, now);
  clock.asOf(since, () => queue.seed({ pod, since, unschedulablePlugins: new Set(evidence.rejections.keys()) }));
  return evidence;
}

/**
 * A parked pod is retried after five minutes at the latest, and if it fails with the same words nothing shows it. So an
 * older failure has been repeated at a time that nobody knows.
 */
function plausible(failedAt: Instant | undefined, now: Instant): Instant {
  if (failedAt === undefined || failedAt > now) return now;
  return now - failedAt > defaultDurations.podMaxInUnschedulablePodsMs ? now : failedAt;
}
