import type { Pod } from "#lib/kube/index.ts";
import { matchesTerm, type NamespaceLabels } from "./affinity-terms.ts";
import type { QueuedPodInfo } from "./queued-pod-info.ts";

const podTopologySpread = "PodTopologySpread";

/**
 * Whether a parked pod may care that `assigned` was bound or changed: it spreads in the same namespace, or one of its
 * required affinity terms selects it. Upstream: `getUnschedulablePodsWithCrossTopologyTerm`.
 */
export function concernsCrossTopology(
  info: QueuedPodInfo,
  assigned: Pod,
  namespaceLabels: NamespaceLabels | undefined,
): boolean {
  const isSpreading = info.unschedulablePlugins.has(podTopologySpread);
  if (isSpreading && assigned.metadata.namespace === info.pod.metadata.namespace) return true;
  return info.requiredAffinityTerms.some((term) => matchesTerm(term, assigned, namespaceLabels));
}
