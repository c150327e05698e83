import { actionType, labelValue, type Pod } from "#lib/kube/index.ts";
import type { PermitPlugin, Quorum } from "../framework.ts";
import { on } from "../hint.ts";
import type { Snapshot } from "../snapshot.ts";

const groupLabel = "pod-group.scheduling.sigs.k8s.io";
const minimumLabel = "pod-group.scheduling.sigs.k8s.io/min-available";

/**
 * All or nothing: pods of a group are bound once as many of them have a node as its label says. kube-scheduler does not
 * come with it. Upstream: `coscheduling` of kubernetes-sigs/scheduler-plugins, as far as its labels go.
 */
export const coscheduling: PermitPlugin = {
  name: "Coscheduling",
  timeoutMs: 300_000,
  quorumOf: (pod, snapshot) => {
    const wanted = minimumOf(pod);
    return wanted === undefined ? undefined : { have: countPlaced(pod, snapshot), wanted };
  },
  belongTogether,
  eventsToRegister: () => [
    on<Pod>("Pod", actionType.Add, (pod, _old, added) => added !== undefined && belongTogether(pod, added)),
  ],
};

function belongTogether(pod: Pod, other: Pod): boolean {
  const group = groupOf(pod);
  return (
    group !== undefined &&
    group === groupOf(other) &&
    (pod.metadata.namespace ?? "") === (other.metadata.namespace ?? "")
  );
}

function groupOf({ metadata }: Pod): string | undefined {
  return labelValue(metadata.labels, groupLabel);
}

/** A group of one waits for nobody. */
function minimumOf(pod: Pod): Quorum["wanted"] | undefined {
  const minimum = Number(labelValue(pod.metadata.labels, minimumLabel));
  return groupOf(pod) !== undefined && Number.isInteger(minimum) && minimum > 1 ? minimum : undefined;
}

function countPlaced(pod: Pod, snapshot: Snapshot): number {
  let count = 0;
  for (const node of snapshot.nodes()) {
    for (const { pod: other } of node.pods()) if (belongTogether(pod, other)) count++;
  }
  return count;
}
