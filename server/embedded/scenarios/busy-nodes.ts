import type { NodeShape, NodeTaint } from "./node.ts";

const zones = ["eu-1a", "eu-1b", "eu-1c"] as const;

const gpuTaint: NodeTaint = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };
const spotTaint: NodeTaint = { key: "spot", value: "true", effect: "NoSchedule" };
const controlTaint: NodeTaint = { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" };
const maintenanceTaint: NodeTaint = { key: "maintenance", value: "true", effect: "NoSchedule" };

/** A pool: nodes alike, one zone after the other. */
function pool(
  prefix: string,
  count: number,
  shape: Omit<NodeShape, "name" | "zone"> & { readonly change?: (index: number) => Partial<NodeShape> },
): readonly NodeShape[] {
  const { change, ...common } = shape;
  return Array.from({ length: count }, (_, index) => {
    const zone = zones[index % zones.length] ?? zones[0];
    const number = String(Math.floor(index / zones.length) + 1).padStart(2, "0");
    return { ...common, zone, name: `${prefix}-${zone.replace("-", "")}-${number}`, ...change?.(index) };
  });
}

/** 46 nodes. One is cordoned, four wait for maintenance, and three pools are tainted. */
export const busyNodes: readonly NodeShape[] = [
  ...pool("gp", 22, {
    pool: "general",
    cpu: 16,
    memoryGi: 64,
    change: (index) => (index === 10 ? { isCordoned: true } : {}),
  }),
  ...pool("hm", 8, {
    pool: "highmem",
    cpu: 16,
    memoryGi: 256,
    labels: { disktype: "nvme" },
    change: (index) => (index < 4 ? { labels: { disktype: "nvme", tier: "search" }, taints: [maintenanceTaint] } : {}),
  }),
  ...pool("gpu", 8, { pool: "gpu-a100", cpu: 64, memoryGi: 512, gpus: 8, taints: [gpuTaint] }),
  ...pool("spot", 5, { pool: "spot", cpu: 8, memoryGi: 32, taints: [spotTaint] }),
  ...pool("ctrl", 3, {
    pool: "ctrl",
    cpu: 4,
    memoryGi: 16,
    labels: { "node-role.kubernetes.io/control-plane": "" },
    taints: [controlTaint],
  }),
];
