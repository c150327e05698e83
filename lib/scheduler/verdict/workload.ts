import type { Pod } from "#lib/kube/index.ts";

/** Whom one would edit to change a pod. */
export interface Workload {
  readonly kind: string;
  readonly name: string;
}

const templateHash = "pod-template-hash";

/** The pod's controller; for a ReplicaSet that a Deployment made, the Deployment, whose name is the one before the hash. */
export function workloadOf({ metadata }: Pod): Workload | undefined {
  const controller = (metadata.ownerReferences ?? []).find((owner) => owner.controller === true);
  if (controller === undefined) return undefined;
  const { kind, name } = controller;
  const hash = metadata.labels?.[templateHash];
  if (kind === "ReplicaSet" && hash !== undefined && name.endsWith(`-${hash}`)) {
    return { kind: "Deployment", name: name.slice(0, -hash.length - 1) };
  }
  return { kind, name };
}

/** Kinds whose pod template can be changed, so that their next pods are made by it. */
const editableKinds: ReadonlySet<string> = new Set(["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"]);

export function editableWorkloadOf(pod: Pod): Workload | undefined {
  const workload = workloadOf(pod);
  return workload !== undefined && editableKinds.has(workload.kind) ? workload : undefined;
}
