import type { JsonObject } from "#lib/protocol/index.ts";
import type { Story } from "./story.ts";

const hostname = "kubernetes.io/hostname";

function near(app: string, topologyKey: string): readonly JsonObject[] {
  return [{ labelSelector: { matchLabels: { app } }, topologyKey }];
}

/** What else runs is in the way, or is missing. */
export const companyStories: readonly Story[] = [
  {
    code: "spread",
    labels: { app: "edge" },
    spec: {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "topology.kubernetes.io/zone",
          whenUnsatisfiable: "DoNotSchedule",
          labelSelector: { matchLabels: { app: "edge" } },
        },
      ],
    },
    // The other zone counts, but its node is being repaired: it takes nobody.
    nodes: [
      {},
      { zone: "eu-1b", isCordoned: true, taints: [{ key: "maintenance", value: "true", effect: "NoSchedule" }] },
    ],
    company: [{ node: 0, labels: { app: "edge" } }],
  },
  {
    code: "affinity",
    spec: { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: near("cache", hostname) } } },
    nodes: [{}, { zone: "eu-1b" }],
  },
  {
    code: "anti-affinity",
    labels: { app: "ledger" },
    spec: {
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: near("ledger", hostname) } },
    },
    nodes: [{}, { zone: "eu-1b" }],
    company: [
      { node: 0, labels: { app: "ledger" } },
      { node: 1, labels: { app: "ledger" } },
    ],
  },
  {
    code: "ports",
    spec: { ports: [{ containerPort: 8080, hostPort: 8080 }] },
    nodes: [{}],
    company: [{ node: 0, spec: { ports: [{ containerPort: 8080, hostPort: 8080 }] } }],
  },
];
