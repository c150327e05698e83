import type { JsonObject } from "#lib/protocol/index.ts";
import type { Workload } from "./workload.ts";

export const busyNamespaces = ["shop", "batch", "train", "ml-serving", "web", "data", "ops", "ci"];

export const busyPriorityClasses: readonly (readonly [string, number])[] = [
  ["prod-high", 100_000],
  ["prod", 1_000],
  ["standard", 100],
];

export const kueueGate = "kueue.x-k8s.io/admission";
export const quotaGate = "example.com/quota-check";

const spreadOverZones: JsonObject = {
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: "topology.kubernetes.io/zone",
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { app: "edge" } },
    },
  ],
};

const toleratesGpu = { tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }] };

const onePerNode: JsonObject = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: { app: "kafka-mirror" } }, topologyKey: "kubernetes.io/hostname" },
      ],
    },
  },
};

function gated(name: string): JsonObject {
  return { schedulingGates: [{ name }] };
}

/** What stands from the start. The comment behind a row says why its pods wait, where they do. */
export const busyWorkloads: readonly Workload[] = [
  {
    kind: "Deployment",
    namespace: "shop",
    name: "checkout",
    replicas: 24,
    cpu: "500m",
    memory: "1Gi",
    priorityClassName: "prod-high",
  },
  {
    kind: "Deployment",
    namespace: "shop",
    name: "cart",
    replicas: 40,
    cpu: "250m",
    memory: "512Mi",
    priorityClassName: "prod-high",
  },
  {
    kind: "Deployment",
    namespace: "shop",
    name: "search",
    replicas: 18,
    cpu: "2",
    memory: "8Gi",
    priorityClassName: "standard",
    spec: { nodeSelector: { tier: "search" } },
  }, // one toleration away
  {
    kind: "Deployment",
    namespace: "web",
    name: "api",
    replicas: 60,
    cpu: "200m",
    memory: "256Mi",
    priorityClassName: "standard",
  },
  {
    kind: "Deployment",
    namespace: "web",
    name: "edge",
    replicas: 42,
    cpu: "400m",
    memory: "512Mi",
    priorityClassName: "standard",
    spec: spreadOverZones,
  },
  {
    kind: "Deployment",
    namespace: "ml-serving",
    name: "ranker",
    replicas: 16,
    cpu: "4",
    memory: "16Gi",
    priorityClassName: "prod",
  },
  {
    kind: "Deployment",
    namespace: "ml-serving",
    name: "embedder",
    replicas: 10,
    cpu: "2",
    memory: "8Gi",
    priorityClassName: "prod",
  },
  { kind: "Deployment", namespace: "data", name: "warehouse", replicas: 3, cpu: "48", memory: "300Gi" }, // larger than any node that takes it
  {
    kind: "StatefulSet",
    namespace: "data",
    name: "kafka-mirror",
    replicas: 9,
    cpu: "2",
    memory: "8Gi",
    priorityClassName: "prod",
    spec: onePerNode,
  },
  {
    kind: "Deployment",
    namespace: "ops",
    name: "vector-agent",
    replicas: 4,
    cpu: "100m",
    memory: "128Mi",
    priorityClassName: "standard",
    spec: { nodeSelector: { disktype: "nvme2" } },
  }, // no node has it
  {
    kind: "StatefulSet",
    namespace: "train",
    name: "llm-ft-0-worker",
    replicas: 8,
    cpu: "32",
    memory: "200Gi",
    gpus: 8,
    priorityClassName: "prod",
    spec: toleratesGpu,
  },
  {
    kind: "StatefulSet",
    namespace: "train",
    name: "llm-ft-1-worker",
    replicas: 44,
    cpu: "32",
    memory: "200Gi",
    gpus: 8,
    priorityClassName: "prod",
    spec: toleratesGpu,
  }, // all GPUs are taken
  {
    kind: "Job",
    namespace: "batch",
    name: "nightly-etl",
    replicas: 120,
    cpu: "6",
    memory: "20Gi",
    runSeconds: 240,
    keepSeconds: 30,
  }, // short of CPU
  {
    kind: "Job",
    namespace: "batch",
    name: "backfill",
    replicas: 1_640,
    cpu: "2",
    memory: "4Gi",
    priorityClassName: "standard",
    runSeconds: 60,
    spec: { nodeSelector: { pool: "night" }, tolerations: [{ operator: "Exists" }] },
  }, // its nodes come at night; by day only a taint that goes wakes it, in vain
  {
    kind: "Job",
    namespace: "batch",
    name: "nightly-rollup",
    replicas: 120,
    cpu: "3",
    memory: "6Gi",
    priorityClassName: "standard",
    runSeconds: 90,
    keepSeconds: 30,
  },
  ...[5, 6, 6, 6, 6, 6, 6].map((replicas, index): Workload => ({
    kind: "Job",
    namespace: "batch",
    name: `quarterly-${index}`,
    replicas,
    cpu: "2",
    memory: "4Gi",
    runSeconds: 60,
    spec: gated(kueueGate),
  })), // held
  {
    kind: "Job",
    namespace: "ci",
    name: "runner-quota",
    replicas: 4,
    cpu: "500m",
    memory: "1Gi",
    runSeconds: 40,
    spec: gated(quotaGate),
  }, // held
];
