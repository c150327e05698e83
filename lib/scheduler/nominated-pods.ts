import type { Pod } from "#lib/kube/index.ts";
import type { PriorityQueue } from "#lib/queue/index.ts";
import type { NominatedPods } from "./cycle.ts";

const none: readonly Pod[] = [];

/**
 * The nominations as they are now. A nominated pod that is not queued is known by name only, and counts as a pod
 * without requests. Upstream: `NominatedPodsForNode`.
 */
export function nominatedPodsOf(queue: Pick<PriorityQueue, "view" | "getPod">): NominatedPods {
  const byNode = new Map<string, readonly Pod[]>();
  for (const { node, nominations } of queue.view.nominations()) {
    byNode.set(
      node,
      nominations.map(
        ({ name, namespace, uid }) => queue.getPod(name, namespace)?.pod ?? { metadata: { name, namespace, uid } },
      ),
    );
  }
  return (node) => byNode.get(node) ?? none;
}
