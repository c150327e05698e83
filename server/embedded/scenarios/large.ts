import type { ScenarioContext } from "./context.ts";
import type { NodeShape, NodeTaint } from "./node.ts";
import { setStage } from "./stage.ts";

const nodeCount = 5_000;
const zones = ["eu-1a", "eu-1b", "eu-1c"] as const;
const cpu = 16;

const spot: NodeTaint = { key: "spot", value: "true", effect: "NoSchedule" };
const ageing: NodeTaint = { key: "maintenance", value: "planned", effect: "NoSchedule" };

/** Of a hundred nodes: what they are, and how many. */
const pools: readonly (Pick<NodeShape, "pool" | "taints" | "isCordoned"> & { readonly share: number })[] = [
  { pool: "general", share: 56 },
  { pool: "compute", share: 20 },
  { pool: "general", share: 4, isCordoned: true },
  { pool: "spot", share: 14, taints: [spot] },
  { pool: "retiring", share: 6, taints: [ageing], isCordoned: true },
];

/** 5,000 nodes, each with one pod that leaves it some room, and one pod that is larger than all of them. Nothing moves. */
export function startLarge(context: ScenarioContext): () => void {
  const { client } = context;
  const kinds = pools.flatMap(({ share, ...kind }) => Array.from({ length: share }, () => kind));
  const nodes = Array.from({ length: nodeCount }, (_, index): NodeShape => {
    // Strides that share no divisor with the counts: pools, zones and rooms are mixed, and the same each time.
    const kind = kinds[(index * 37) % kinds.length] ?? { pool: "general" };
    const name = `${kind.pool}-${String(index + 1).padStart(4, "0")}`;
    return { ...kind, name, zone: zones[index % zones.length] ?? "eu-1a", cpu, memoryGi: 64 };
  });
  setStage(context, { nodes, namespaces: ["large", "tenants"], workloads: [] });
  nodes.forEach(({ name }, index) => {
    client.create("pods", newPod("tenants", `tenant-${index + 1}`, `${1000 + ((index * 7919) % 130) * 100}m`, name));
  });
  client.create("pods", newPod("large", "large", "20"));
  return () => {};
}

function newPod(namespace: string, name: string, requested: string, nodeName?: string) {
  const resources = { requests: { cpu: requested, memory: "1Gi" } };
  const containers = [{ name: "main", image: "registry.example/tenant:1", resources }];
  return { metadata: { namespace, name }, spec: { containers, ...(nodeName === undefined ? {} : { nodeName }) } };
}
