import type { Pod } from "#lib/kube/index.ts";
import { nominatedNodeName } from "../pod-info.ts";

/** Labels that make each pod of a workload different, and that nobody selects by. */
const individualLabels: ReadonlySet<string> = new Set([
  "apps.kubernetes.io/pod-index",
  "batch.kubernetes.io/job-completion-index",
  "statefulset.kubernetes.io/pod-name",
]);

/**
 * Pods with one shape are judged alike by every filter plugin: they share one evaluation. What a plugin reads of the
 * pod is in it, and nothing else.
 */
export function podShape(pod: Pod): string {
  const { metadata, spec = {}, status } = pod;
  const selectors = JSON.stringify([spec.affinity, spec.topologySpreadConstraints]);
  const selects = (label: string): boolean => selectors.includes(label);
  const isOneOfAKind =
    (spec.resourceClaims ?? []).length > 0 || (spec.volumes ?? []).some(({ ephemeral }) => ephemeral !== undefined);
  return JSON.stringify([
    metadata.namespace,
    isOneOfAKind ? [metadata.uid, metadata.name, status?.resourceClaimStatuses] : undefined,
    shared(metadata.labels, selects),
    spec.schedulerName,
    spec.priority,
    spec.preemptionPolicy,
    (spec.containers ?? []).map(requestsAndPorts),
    (spec.initContainers ?? []).map(requestsAndPorts),
    spec.overhead,
    spec.resources,
    spec.nodeSelector,
    spec.affinity,
    spec.tolerations,
    spec.topologySpreadConstraints,
    spec.hostNetwork,
    spec.hostUsers,
    spec.volumes,
    nominatedNodeName(pod),
  ]);
}

function requestsAndPorts({ resources, ports, restartPolicy, restartPolicyRules }: ContainerLike): unknown {
  return [resources?.requests, ports?.filter(({ hostPort = 0 }) => hostPort > 0), restartPolicy, restartPolicyRules];
}

type ContainerLike = NonNullable<NonNullable<Pod["spec"]>["containers"]>[number];

function shared(labels: Readonly<Record<string, string>> | undefined, selects: (label: string) => boolean): unknown {
  return Object.entries(labels ?? {})
    .filter(([key]) => !individualLabels.has(key) || selects(key))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
