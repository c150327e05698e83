import { make, namespaceOf, podObject, podPath, type Situation } from "./situation.ts";

const web = { matchLabels: { app: "web" } };
const hostname = "kubernetes.io/hostname";
const zone = "topology.kubernetes.io/zone";

function near(labelSelector: object, topologyKey: string, more: object = {}) {
  const required = [{ labelSelector, topologyKey, ...more }];
  return { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } };
}

function apart(labelSelector: object, topologyKey: string) {
  const required = [{ labelSelector, topologyKey }];
  return { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } };
}

function spread(topologyKey: string, more: object = {}) {
  const constraint = { topologyKey, maxSkew: 1, whenUnsatisfiable: "DoNotSchedule", labelSelector: web, ...more };
  return { topologySpreadConstraints: [constraint] };
}

function runs(name: string, on: string, labels: Readonly<Record<string, string>> = { app: "web" }) {
  return { name, on, labels };
}

function inZone(name: string, value: string) {
  return { name, labels: { [zone]: value } };
}

/** Over who else runs there. */
export const companySituations: readonly Situation[] = [
  {
    name: "near-nobody",
    code: "affinity",
    says: "Affinity cannot be met: no node runs a pod matching app=cache.",
    nodes: [{ name: "a" }],
    pod: { spec: near({ matchLabels: { app: "cache" } }, hostname) },
    cure: {
      calls: [
        make(
          `/api/v1/namespaces/${namespaceOf("near-nobody")}/pods`,
          podObject({ name: "near-nobody" }, { name: "cache", labels: { app: "cache" }, on: "a" }),
        ),
      ],
    },
  },
  {
    name: "near-elsewhere",
    code: "affinity",
    says: "no node runs a pod matching app=web",
    nodes: [inZone("a", "near-a"), { ...inZone("b", "near-b"), has: { pods: "1" } }],
    running: [runs("web", "b")],
    pod: { spec: { ...near(web, zone), nodeSelector: { [zone]: "near-a" } } },
    cure: "none",
  },
  {
    name: "near-other-namespace",
    code: "affinity",
    says: "no node runs a pod matching app=web",
    nodes: [{ name: "a" }],
    running: [runs("web", "a")],
    pod: { spec: near(web, hostname, { namespaceSelector: { matchLabels: { "why/team": "nobody" } } }) },
    cure: "none",
  },
  {
    name: "apart",
    code: "anti-affinity",
    says: "Kept apart: every eligible node runs a pod matching app=web.",
    nodes: [{ name: "a" }],
    running: [runs("web", "a")],
    pod: { labels: { app: "web" }, spec: apart(web, hostname) },
    cure: { nearMiss: "anti-affinity" },
  },
  {
    name: "apart-twice",
    code: "anti-affinity",
    says: "every eligible node runs a pod matching app in (web, api)",
    nodes: [{ name: "a" }, { name: "b" }],
    running: [runs("web", "a"), runs("api", "b", { app: "api" })],
    pod: {
      spec: apart({ matchExpressions: [{ key: "app", operator: "In", values: ["web", "api"] }] }, hostname),
    },
    cure: { nearMiss: "anti-affinity" },
  },
  {
    name: "apart-by-others",
    code: "anti-affinity",
    says: "every eligible node runs a pod matching app=db",
    nodes: [{ name: "a" }],
    running: [{ ...runs("db", "a", { app: "db" }), spec: apart(web, hostname) }],
    pod: { labels: { app: "web" } },
    cure: { nearMiss: "anti-affinity" },
  },
  {
    name: "apart-by-zone",
    code: "anti-affinity",
    says: "every eligible node runs a pod matching app=web",
    nodes: [inZone("a", "apart-z"), inZone("b", "apart-z")],
    running: [runs("web", "a")],
    pod: { spec: apart(web, zone) },
    cure: { nearMiss: "anti-affinity" },
  },
  {
    name: "skewed",
    code: "near-cordon",
    says: "One cordon away: 1 node fits once uncordoned.",
    nodes: [inZone("a", "skew-a"), { ...inZone("b", "skew-b"), isCordoned: true }],
    running: [runs("web-1", "a"), runs("web-2", "a")],
    pod: { labels: { app: "web" }, spec: spread(zone) },
    cure: { nearMiss: "cordon" },
  },
  {
    name: "skewed-by-two",
    code: "spread",
    says: "Spread cannot be met: skew-two-a already has 2, max skew is 1.",
    nodes: [inZone("a", "skew-two-a"), { ...inZone("b", "skew-two-b"), isCordoned: true, has: { cpu: "10m" } }],
    running: [runs("web-1", "a"), runs("web-2", "a")],
    pod: { labels: { app: "web" }, spec: spread(zone) },
    cure: "none",
  },
  {
    name: "skewed-by-one",
    code: "spread",
    says: "skew-one-a already has 1, max skew is 1",
    nodes: [inZone("a", "skew-one-a"), { ...inZone("b", "skew-one-b"), isCordoned: true, has: { cpu: "10m" } }],
    running: [runs("web-1", "a")],
    pod: { labels: { app: "web" }, spec: spread(zone) },
    cure: { nearMiss: "spread" },
  },
  {
    name: "few-domains",
    code: "spread",
    says: "few-a already has 1, max skew is 1",
    nodes: [inZone("a", "few-a"), inZone("b", "few-b")],
    running: [runs("web-1", "a"), runs("web-2", "b")],
    pod: { labels: { app: "web" }, spec: spread(zone, { minDomains: 3 }) },
    cure: { nearMiss: "spread" },
  },
  {
    name: "no-domain",
    code: "spread",
    says: "Spread cannot be met: no eligible node has the label why/row.",
    nodes: [{ name: "a" }],
    pod: { labels: { app: "web" }, spec: spread("why/row") },
    cure: "none",
  },
  {
    name: "skewed-by-version",
    code: "spread",
    says: "version-a already has 1, max skew is 1",
    nodes: [inZone("a", "version-a"), { ...inZone("b", "version-b"), isCordoned: true, has: { cpu: "10m" } }],
    running: [runs("new", "a", { app: "web", version: "2" }), runs("old", "a", { app: "web", version: "1" })],
    pod: { labels: { app: "web", version: "2" }, spec: spread(zone, { matchLabelKeys: ["version"] }) },
    cure: { nearMiss: "spread" },
  },
  {
    name: "spread-and-room",
    code: "no-fit",
    says: "1 breaks the spread, 1 is short of CPU.",
    nodes: [inZone("a", "mixed-a"), { ...inZone("b", "mixed-b"), has: { cpu: "10m" } }],
    running: [runs("web-1", "a")],
    pod: { labels: { app: "web" }, spec: spread(zone) },
    cure: { calls: [{ method: "DELETE", path: `${podPath("spread-and-room", "web-1")}?gracePeriodSeconds=0` }] },
  },
];
