import type { JsonObject } from "#lib/protocol/index.ts";

export interface NodeShape {
  readonly name: string;
  readonly zone: string;
  readonly pool: string;
  readonly cpu: number;
  readonly memoryGi: number;
  readonly gpus?: number;
  /** How many pods it runs at most. */
  readonly pods?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly NodeTaint[];
  readonly isCordoned?: boolean;
  /** False for a node whose kubelet says nothing any more. */
  readonly isReady?: boolean;
}

export interface NodeTaint extends JsonObject {
  readonly key: string;
  readonly value?: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** A node as a kubelet reports it: labels, capacity, and the conditions that say it is well. */
export function newNode(shape: NodeShape, now: string): JsonObject & { readonly metadata: JsonObject } {
  const { name, zone, pool, labels = {}, taints = [], isCordoned = false, isReady = true } = shape;
  const resources = capacity(shape);
  return {
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/region": "eu-1",
        "topology.kubernetes.io/zone": zone,
        "node.kubernetes.io/instance-type": pool,
        pool,
        ...labels,
      },
    },
    spec: { ...(taints.length === 0 ? {} : { taints }), ...(isCordoned ? { unschedulable: true } : {}) },
    status: {
      capacity: resources,
      allocatable: resources,
      conditions: conditions(now, { isReady }),
      addresses: [
        { type: "InternalIP", address: "10.0.0.1" },
        { type: "Hostname", address: name },
      ],
      nodeInfo: {
        kubeletVersion: "v1.36.3",
        osImage: "Embedded",
        kernelVersion: "6.12.0",
        containerRuntimeVersion: "containerd://2.1.0",
        architecture: "amd64",
        operatingSystem: "linux",
      },
    },
  };
}

export function capacity({
  cpu,
  memoryGi,
  gpus = 0,
  pods = 110,
}: Pick<NodeShape, "cpu" | "memoryGi" | "gpus" | "pods">): JsonObject {
  const general = { cpu: String(cpu), memory: `${memoryGi}Gi`, "ephemeral-storage": "200Gi", pods: String(pods) };
  return gpus === 0 ? general : { ...general, "nvidia.com/gpu": String(gpus) };
}

const reasons = {
  Ready: "KubeletReady",
  MemoryPressure: "KubeletHasSufficientMemory",
  DiskPressure: "KubeletHasNoDiskPressure",
  PIDPressure: "KubeletHasSufficientPID",
};

export function conditions(now: string, { hasDiskPressure = false, isReady = true } = {}): readonly JsonObject[] {
  return Object.entries(reasons).map(([type, reason]) => {
    const isTrue = (type === "Ready" && isReady) || (type === "DiskPressure" && hasDiskPressure);
    return { type, status: isTrue ? "True" : "False", reason, lastHeartbeatTime: now, lastTransitionTime: now };
  });
}
