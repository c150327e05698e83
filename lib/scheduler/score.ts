import { podRequests, type Pod } from "#lib/kube/index.ts";
import type { NodeInfo } from "./node-info.ts";
import { resourceOf, type Resource } from "./resource.ts";

/**
 * The node that would be left with the largest free share of cpu and memory; of equal ones the first by name, where
 * upstream rolls dice. Only the choice differs from upstream, never whether there is one.
 * Upstream: `plugins/noderesources` `LeastAllocated`.
 */
export function bestNode(pod: Pod, feasible: readonly NodeInfo[]): NodeInfo | undefined {
  const wanted = resourceOf(podRequests(pod, { useStatus: false }));
  let best: NodeInfo | undefined;
  let bestScore = -Infinity;
  for (const node of feasible) {
    const score = freeShareAfter(wanted, node);
    if (best === undefined || score > bestScore || (score === bestScore && node.name < best.name)) {
      best = node;
      bestScore = score;
    }
  }
  return best;
}

function freeShareAfter(wanted: Resource, { allocatable, requested }: NodeInfo): number {
  const share = (want: number, total: number, used: number): number =>
    total === 0 ? 0 : (total - used - want) / total;
  return (
    share(wanted.milliCpu, allocatable.milliCpu, requested.milliCpu) +
    share(wanted.memory, allocatable.memory, requested.memory)
  );
}
