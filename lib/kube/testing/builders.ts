import type { Node, Pod, PodSpec, PodStatus, ResourceList, Taint, Toleration } from "../objects.ts";

export interface PodSituation {
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly requests?: ResourceList;
  readonly priority?: number;
  /** The node it is bound to. */
  readonly on?: string;
  readonly gates?: readonly string[];
  readonly tolerations?: readonly Toleration[];
  readonly scheduler?: string;
  readonly nominatedTo?: string;
  readonly deletionTimestamp?: string;
  readonly spec?: PodSpec;
  readonly status?: PodStatus;
}

/** A pod of the default scheduler, its uid made of its name unless another is given. */
export function aPod(name: string, situation: PodSituation = {}): Pod {
  const {
    namespace = "default",
    requests,
    priority,
    on,
    gates,
    tolerations,
    nominatedTo,
    deletionTimestamp,
  } = situation;
  return {
    metadata: {
      name,
      namespace,
      uid: situation.uid ?? `uid-${name}`,
      resourceVersion: situation.resourceVersion ?? "1",
      ...(situation.labels !== undefined && { labels: situation.labels }),
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    },
    spec: {
      schedulerName: situation.scheduler ?? "default-scheduler",
      containers: [{ name: "main", ...(requests !== undefined && { resources: { requests } }) }],
      ...(priority !== undefined && { priority }),
      ...(on !== undefined && { nodeName: on }),
      ...(gates !== undefined && { schedulingGates: gates.map((gate) => ({ name: gate })) }),
      ...(tolerations !== undefined && { tolerations }),
      ...situation.spec,
    },
    status: {
      phase: on === undefined ? "Pending" : "Running",
      ...(nominatedTo !== undefined && { nominatedNodeName: nominatedTo }),
      ...situation.status,
    },
  };
}

export interface NodeSituation {
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly Taint[];
  readonly isCordoned?: boolean;
  /** Besides, or instead of, 4 CPUs, 8Gi of memory and 110 pods. */
  readonly allocatable?: ResourceList;
  readonly resourceVersion?: string;
}

export function aNode(name: string, situation: NodeSituation = {}): Node {
  const { labels, taints, isCordoned, allocatable, resourceVersion } = situation;
  return {
    metadata: {
      name,
      uid: `uid-node-${name}`,
      resourceVersion: resourceVersion ?? "1",
      labels: { "kubernetes.io/hostname": name, ...labels },
    },
    spec: { ...(taints !== undefined && { taints }), ...(isCordoned === true && { unschedulable: true }) },
    status: { allocatable: { cpu: "4", memory: "8Gi", pods: "110", ...allocatable } },
  };
}
