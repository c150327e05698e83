import type { Situation } from "./situation.ts";

const gpu = "example.com/gpu";
const fpga = "example.com/fpga";

/** Too little of something: what containers ask for, extended resources, places for pods, ports. */
export const roomSituations: readonly Situation[] = [
  {
    name: "cpu-nearly",
    code: "near-resource",
    says: "Nearly fits: why-cpu-nearly-a is short by 100m CPU.",
    nodes: [{ name: "a", has: { cpu: "2" } }],
    pod: { requests: { cpu: "2100m" } },
    cure: { nearMiss: "resource" },
  },
  {
    name: "memory-nearly",
    code: "near-resource",
    says: "is short by 76 Mi memory",
    nodes: [{ name: "a", has: { memory: "1Gi" } }],
    pod: { requests: { memory: "1100Mi" } },
    cure: { nearMiss: "resource" },
  },
  {
    name: "limits-too",
    code: "near-resource",
    says: "is short by 50m CPU",
    nodes: [{ name: "a", has: { cpu: "1" } }],
    pod: {
      requests: {},
      container: {
        resources: { requests: { cpu: "1050m", memory: "1Gi" }, limits: { cpu: "1050m", memory: "1Gi" } },
      },
    },
    cure: { nearMiss: "resource" },
  },
  {
    name: "storage-nearly",
    code: "near-resource",
    says: "is short by 1 Gi ephemeral-storage",
    nodes: [{ name: "a", has: { "ephemeral-storage": "20Gi" } }],
    running: [{ name: "cache", on: "a", requests: { "ephemeral-storage": "5Gi" } }],
    pod: { requests: { "ephemeral-storage": "16Gi" } },
    cure: { nearMiss: "resource" },
  },
  {
    name: "cpu-taken",
    code: "no-fit",
    says: "1 is short of CPU.",
    nodes: [{ name: "a" }],
    running: [{ name: "other", on: "a", requests: { cpu: "2" } }],
    pod: { requests: { cpu: "3" } },
    cure: { nearMiss: "resource" },
  },
  {
    name: "too-large",
    code: "no-fit",
    says: "2 are short of CPU.",
    nodes: [{ name: "a" }, { name: "b" }],
    pod: { requests: { cpu: "400" } },
    cure: "none",
  },
  {
    name: "init-too-large",
    code: "no-fit",
    says: "1 is short of CPU.",
    nodes: [{ name: "a" }],
    pod: {
      spec: {
        initContainers: [{ name: "first", image: "none.invalid/none", resources: { requests: { cpu: "4100m" } } }],
      },
    },
    cure: "none",
  },
  {
    name: "both-short",
    code: "no-fit",
    says: "1 is full.",
    nodes: [{ name: "a" }],
    pod: { requests: { cpu: "5", memory: "9Gi" } },
    cure: "none",
  },
  {
    name: "no-gpu",
    code: "no-fit",
    says: `1 is short of ${gpu}.`,
    nodes: [{ name: "a" }],
    pod: { requests: { cpu: "100m" }, container: { resources: { limits: { [gpu]: "1" } } } },
    cure: "none",
  },
  {
    name: "fpga-taken",
    code: "no-fit-kind",
    says: `No node fits: all 2 nodes with ${fpga} are full.`,
    nodes: [
      { name: "a", has: { [fpga]: "1" } },
      { name: "b", has: { [fpga]: "1" } },
    ],
    running: ["a", "b"].map((on) => ({
      name: `holder-${on}`,
      on,
      container: { resources: { limits: { [fpga]: "1" } } },
    })),
    pod: { container: { resources: { limits: { [fpga]: "1" } } } },
    isFree: true,
    cure: { nearMiss: "resource" },
  },
  {
    name: "pods-full",
    code: "pod-limit",
    says: "Pod limit reached on the only eligible node.",
    nodes: [{ name: "a", has: { pods: "1" } }],
    running: [{ name: "only", on: "a" }],
    cure: { nearMiss: "pods" },
  },
  {
    name: "pods-full-twice",
    code: "pod-limit",
    says: "Pod limit reached on all 2 eligible nodes.",
    nodes: [
      { name: "a", has: { pods: "1" } },
      { name: "b", has: { pods: "1" } },
    ],
    running: ["a", "b"].map((on) => ({ name: `only-${on}`, on })),
    cure: { nearMiss: "pods" },
  },
  {
    name: "port-taken",
    code: "ports",
    says: "Host port 8080 is taken on the only eligible node.",
    nodes: [{ name: "a" }],
    running: [{ name: "holder", on: "a", container: { ports: [{ containerPort: 80, hostPort: 8080 }] } }],
    pod: { container: { ports: [{ containerPort: 80, hostPort: 8080 }] } },
    cure: { nearMiss: "port" },
  },
  {
    name: "port-taken-twice",
    code: "ports",
    says: "Host port 9090 is taken on all 2 eligible nodes.",
    nodes: [{ name: "a" }, { name: "b" }],
    running: ["a", "b"].map((on) => ({
      name: `holder-${on}`,
      on,
      container: { ports: [{ containerPort: 80, hostPort: 9090, hostIP: "10.1.1.1" }] },
    })),
    pod: { container: { ports: [{ containerPort: 80, hostPort: 9090 }] } },
    cure: { nearMiss: "port" },
  },
];
