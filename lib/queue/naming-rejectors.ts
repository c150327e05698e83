import { objectKey, type Pod } from "#lib/kube/index.ts";
import type { QueueParts } from "./queue-parts.ts";
import type { QueuedPodInfo } from "./queued-pod-info.ts";

/**
 * Puts right who rejected a pod in its last attempt, which somebody else knows better. It stays where it is: parked, or
 * backing off after a rejection. Whether that could be done: elsewhere the last rejectors mean nothing any more, and a
 * gated pod waits for other reasons.
 */
export function nameRejectors(parts: QueueParts, pod: Pod, unschedulablePlugins: ReadonlySet<string>): boolean {
  const { metrics, unschedulablePods } = parts;
  const info = rejectedRecord(parts, pod);
  if (info === undefined || unschedulablePlugins.size === 0) return false;
  for (const plugin of info.rejectors) metrics.unschedulable(plugin, info.schedulerName, -1);
  info.unschedulablePlugins = unschedulablePlugins;
  info.pendingPlugins = new Set();
  for (const plugin of info.rejectors) metrics.unschedulable(plugin, info.schedulerName, 1);
  unschedulablePods.refresh(info);
  return true;
}

function rejectedRecord({ unschedulablePods, backoffQ }: QueueParts, pod: Pod): QueuedPodInfo | undefined {
  const key = objectKey(pod);
  const info = unschedulablePods.get(key) ?? backoffQ.get(key);
  return info === undefined || info.isGated || !info.hasRejectors ? undefined : info;
}
