import type { Node, Pod } from "#lib/kube/index.ts";
import { aNode, aPod } from "#lib/kube/testing/builders.ts";

export const size = { nodes: 5_000, specs: 200, pendingPods: 10_000, podsPerNode: 6 } as const;

const zones = ["a", "b", "c"] as const;
const pools = ["general", "general", "general", "highmem", "gpu", "spot"] as const;

/** Nodes that are nearly full, each with one or two reasons to say no to most. */
export function nodeOf(index: number, change: { readonly isCordoned?: boolean; readonly cpu?: string } = {}): Node {
  const pool = pools[index % pools.length] ?? "general";
  const taints = { gpu: ["nvidia.com/gpu"], spot: ["spot"], general: [], highmem: [] }[pool];
  return aNode(`node-${index}`, {
    labels: { "topology.kubernetes.io/zone": zones[index % zones.length] ?? "", pool },
    taints: taints.map((key) => ({ key, value: "true", effect: "NoSchedule" as const })),
    allocatable: { cpu: change.cpu ?? "16", memory: "64Gi" },
    isCordoned: change.isCordoned ?? index % 50 === 7,
  });
}

/** What runs on a node: from 13 to 15 of its 16 CPUs. */
export function runningOn(index: number): readonly Pod[] {
  return Array.from({ length: size.podsPerNode }, (_, at) =>
    aPod(`running-${index}-${at}`, {
      on: `node-${index}`,
      labels: { app: `app-${(index + at) % size.specs}` },
      requests: { cpu: `${2_200 + ((index * 7 + at) % 5) * 60}m`, memory: "6Gi" },
    }),
  );
}

/**
 * Pods as Deployments make them, 50 of each: most are too large, some name a pool or tolerate its taint, one in twenty is
 * to be spread over zones, and one in twenty wants to be alone on its node.
 */
export function pendingPod(index: number): Pod {
  const spec = index % size.specs;
  const pool = spec % 4 === 1 ? pools[spec % pools.length] : undefined;
  const labels = { app: `app-${spec}` };
  const selector = { matchLabels: labels };
  return aPod(`pending-${index}`, {
    labels,
    priority: spec % 3,
    requests: { cpu: `${3_500 + spec * 10}m`, memory: `${4 + (spec % 5)}Gi` },
    ...(spec % 8 === 2 && { tolerations: [{ key: "spot", operator: "Equal", value: "true", effect: "NoSchedule" }] }),
    spec: {
      ...(pool !== undefined && { nodeSelector: { pool } }),
      ...(spec % 20 === 3 && {
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: "topology.kubernetes.io/zone",
            whenUnsatisfiable: "DoNotSchedule",
            labelSelector: selector,
          },
        ],
      }),
      ...(spec % 20 === 13 && {
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: "kubernetes.io/hostname", labelSelector: selector },
            ],
          },
        },
      }),
    },
  });
}
