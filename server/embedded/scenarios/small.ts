import type { ScenarioContext } from "./context.ts";
import type { NodeShape } from "./node.ts";
import { setStage } from "./stage.ts";

const nodes: readonly NodeShape[] = [
  { name: "node-1", zone: "eu-1a", pool: "general", cpu: 4, memoryGi: 16 },
  { name: "node-2", zone: "eu-1b", pool: "general", cpu: 4, memoryGi: 16 },
  { name: "node-3", zone: "eu-1c", pool: "general", cpu: 4, memoryGi: 16 },
  { name: "node-4", zone: "eu-1a", pool: "general", cpu: 4, memoryGi: 16, isCordoned: true },
  {
    name: "node-5",
    zone: "eu-1b",
    pool: "spot",
    cpu: 8,
    memoryGi: 32,
    taints: [{ key: "spot", value: "true", effect: "NoSchedule" }],
  },
];

/** Five nodes and seven pods: four fit, two are too large for every node that takes them, one is held. Nothing moves. */
export function startSmall(context: ScenarioContext): () => void {
  const common = { namespace: "default", cpu: "500m", memory: "512Mi" };
  setStage(context, {
    nodes,
    workloads: [
      { ...common, kind: "Deployment", name: "web", replicas: 4 },
      { ...common, kind: "Deployment", name: "large", replicas: 2, cpu: "6" },
      {
        ...common,
        kind: "Deployment",
        name: "held",
        replicas: 1,
        spec: { schedulingGates: [{ name: "example.com/quota-check" }] },
      },
    ],
  });
  return () => {};
}
