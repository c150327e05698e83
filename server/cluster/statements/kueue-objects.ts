import type { Condition, KubeObject, Pod } from "#lib/kube/index.ts";

export const kueueGroup = "kueue.x-k8s.io";
const queueLabel = `${kueueGroup}/queue-name`;
const groupLabel = `${kueueGroup}/pod-group-name`;
const jobSetLabel = "jobset.sigs.k8s.io/jobset-name";
/** On a Workload: whose it is. */
export const jobUidLabel = `${kueueGroup}/job-uid`;

/** What we read of a Workload, which is the same in v1beta1 and v1beta2. */
export interface Workload extends KubeObject {
  readonly spec?: { readonly queueName?: string; readonly active?: boolean; readonly priority?: number };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly admission?: {
      readonly clusterQueue?: string;
      readonly podSetAssignments?: readonly { readonly flavors?: Readonly<Record<string, string>> }[];
    };
    readonly admissionChecks?: readonly { readonly name: string; readonly state?: string; readonly message?: string }[];
    readonly requeueState?: { readonly count?: number; readonly requeueAt?: string };
  };
}

export interface LocalQueue extends KubeObject {
  readonly spec?: { readonly clusterQueue?: string; readonly stopPolicy?: string };
  readonly status?: { readonly conditions?: readonly Condition[]; readonly pendingWorkloads?: number };
}

/** Kueue's, for certain. */
export function isOfKueue(pod: Pod): boolean {
  return isHeldByKueue(pod) || Object.keys(pod.metadata.labels ?? {}).some((key) => key.startsWith(`${kueueGroup}/`));
}

/** Of a Job, which Kueue may manage without a word on its pods. */
export function mayBeOfKueue(pod: Pod): boolean {
  return isOfKueue(pod) || (pod.metadata.ownerReferences ?? []).some(({ kind }) => kind === "Job");
}

export function isHeldByKueue({ spec }: Pod): boolean {
  return (spec?.schedulingGates ?? []).some(({ name }) => name.startsWith(`${kueueGroup}/`));
}

export function queueNameOf({ metadata }: Pod): string | undefined {
  return metadata.labels?.[queueLabel];
}

/** Whose Workload would be this pod's: its own, its owner's. */
export function uidsOfOwners({ metadata }: Pod): readonly string[] {
  return [metadata.uid, ...(metadata.ownerReferences ?? []).map(({ uid }) => uid)].filter((uid) => uid !== undefined);
}

/** Of several the one that is not finished; of those the newest. */
export function workloadFor(pod: Pod, workloads: readonly Workload[]): Workload | undefined {
  const uids = new Set(uidsOfOwners(pod));
  const { namespace, labels = {} } = pod.metadata;
  const isIts = ({ metadata }: Workload): boolean =>
    metadata.namespace === namespace &&
    (uids.has(metadata.labels?.[jobUidLabel] ?? "") ||
      (labels[groupLabel] !== undefined && metadata.name === labels[groupLabel]) ||
      (metadata.ownerReferences ?? []).some(
        ({ uid, kind, name }) => uids.has(uid) || (kind === "JobSet" && name === labels[jobSetLabel]),
      ));
  const createdAt = ({ metadata }: Workload): number => Date.parse(metadata.creationTimestamp ?? "") || 0;
  return workloads
    .filter(isIts)
    .sort((a, b) => Number(isTrue(a, "Finished")) - Number(isTrue(b, "Finished")) || createdAt(b) - createdAt(a))[0];
}

export function conditionOf(
  { status }: { readonly status?: { readonly conditions?: readonly Condition[] } },
  type: string,
): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

export function isTrue(object: Parameters<typeof conditionOf>[0], type: string): boolean {
  return conditionOf(object, type)?.status === "True";
}
