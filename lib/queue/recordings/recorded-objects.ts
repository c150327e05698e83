import type { KubeObject, Pod, PodAffinityTerm } from "#lib/kube/index.ts";
import type { RecordedAffinityTerm, RecordedObject } from "./recording.ts";

/** The API object a recorded one stands for. */
export function toObject(recorded: RecordedObject): KubeObject {
  if (recorded.kind === "Pod") return toPod(recorded);
  const { kind, name, ns, uid, labels } = recorded;
  return {
    kind,
    metadata: {
      name,
      ...(ns !== undefined && { namespace: ns }),
      ...(uid !== undefined && { uid }),
      ...(labels !== undefined && { labels }),
    },
  };
}

export function toPod(recorded: RecordedObject): Pod {
  const { name, ns, uid, rv, labels, annotations, finalizers, generation } = recorded;
  return {
    kind: "Pod",
    metadata: {
      name,
      ...(ns !== undefined && { namespace: ns }),
      ...(uid !== undefined && { uid }),
      ...(rv !== undefined && { resourceVersion: rv }),
      ...(labels !== undefined && { labels }),
      ...(annotations !== undefined && { annotations }),
      ...(finalizers !== undefined && { finalizers }),
      ...(generation !== undefined && { generation }),
    },
    spec: specOf(recorded),
    status: statusOf(recorded),
  };
}

function specOf(recorded: RecordedObject): NonNullable<Pod["spec"]> {
  const { scheduler, node, priority, gates, tolerations, cpu, group, affinity } = recorded;
  return {
    ...(scheduler !== undefined && { schedulerName: scheduler }),
    ...(node !== undefined && { nodeName: node }),
    ...(priority !== undefined && { priority }),
    ...(gates !== undefined && { schedulingGates: gates.map((name) => ({ name })) }),
    ...(tolerations !== undefined && { tolerations: tolerations.map((key) => ({ key, operator: "Exists" })) }),
    ...(cpu !== undefined && { containers: [{ name: "main", resources: { requests: { cpu: `${cpu}m` } } }] }),
    ...(group !== undefined && { schedulingGroup: { podGroupName: group } }),
    ...(affinity !== undefined && {
      affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: affinity.map(toTerm) } },
    }),
  };
}

function toTerm({ labels, namespaces, nsLabels, anyNs }: RecordedAffinityTerm): PodAffinityTerm {
  const hasNamespaceSelector = nsLabels !== undefined || anyNs === true;
  return {
    topologyKey: "zone",
    labelSelector: { matchLabels: labels ?? {} },
    ...(namespaces !== undefined && { namespaces }),
    ...(hasNamespaceSelector && { namespaceSelector: { matchLabels: nsLabels ?? {} } }),
  };
}

function statusOf({ nominated, claims, conditions }: RecordedObject): NonNullable<Pod["status"]> {
  return {
    ...(nominated !== undefined && { nominatedNodeName: nominated }),
    ...(claims !== undefined && {
      resourceClaimStatuses: claims.map((name) => ({ name, resourceClaimName: name })),
    }),
    ...(conditions !== undefined && { conditions: conditions.map((type) => ({ type, status: "False" })) }),
  };
}
