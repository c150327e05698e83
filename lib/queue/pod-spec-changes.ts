import { semanticallyEqual, type Pod } from "#lib/kube/index.ts";

/**
 * Whether an update might make a parked pod schedulable, as far as can be told without hints: anything but bookkeeping
 * and status changed. Statuses of resource claims do count. Upstream: `isPodUpdated`.
 */
export function isPodUpdated(old: Pod, updated: Pod): boolean {
  return !semanticallyEqual(strip(old), strip(updated));
}

function strip(pod: Pod): unknown {
  const metadata = { ...pod.metadata, resourceVersion: "", generation: 0, finalizers: [], managedFields: [] };
  return { metadata, spec: pod.spec, resourceClaimStatuses: pod.status?.resourceClaimStatuses };
}
