import type { Instant } from "#lib/clock/index.ts";
import { objectKey, podUid, type Pod } from "#lib/kube/index.ts";
import type { QueueParts } from "./queue-parts.ts";
import type { QueuedPodInfo } from "./queued-pod-info.ts";

/** What is known of a pod that others have tried before this queue watched. */
export interface SeededPod {
  readonly pod: Pod;
  /** When its last attempt failed. */
  readonly since: Instant;
  /** Who rejected it; nobody after an error. */
  readonly unschedulablePlugins: ReadonlySet<string>;
  readonly pendingPlugins?: ReadonlySet<string>;
}

const seeded = "Seeded";

/**
 * Puts in a pod where its past has left it: rejected pods are parked, failed ones back off as long as their backoff
 * would still run. One attempt is known, there may have been more. Whether it was put in: what the queue knows of a
 * pod itself is worth more.
 */
export function seedPod(parts: QueueParts, { pod, since, ...rejectors }: SeededPod): boolean {
  const { records, metrics, moves, activeQ, backoffQ, unschedulablePods, inFlight } = parts;
  const key = objectKey(pod);
  const isQueued = activeQ.has(key) || backoffQ.has(key) || unschedulablePods.has(key);
  if (isQueued || inFlight.has(podUid(pod))) return false;
  const info: QueuedPodInfo = records.make(pod);
  info.timestamp = since;
  info.initialAttemptTimestamp = since;
  info.attempts = 1;
  info.isAttemptsAtLeast = true;
  info.unschedulablePlugins = rejectors.unschedulablePlugins;
  info.pendingPlugins = rejectors.pendingPlugins ?? info.pendingPlugins;
  if (info.hasRejectors) info.unschedulableCount = 1;
  else info.consecutiveErrorsCount = 1;
  for (const plugin of info.rejectors) metrics.unschedulable(plugin, info.schedulerName, 1);
  moves.requeue(info, info.hasRejectors ? "skip" : "afterBackoff", seeded);
  return true;
}
