import { merge, nodeName, type Situation } from "./situation.ts";

const spot = { key: "spot", value: "true", effect: "NoSchedule" } as const;
const broken = { key: "broken", effect: "NoExecute" } as const;

/** One required term of node affinity. */
function term(...matchExpressions: readonly object[]) {
  return terms({ matchExpressions });
}

function terms(...nodeSelectorTerms: readonly object[]) {
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } };
}

/** Ruled out whatever runs there: taints, cordons, selectors, node affinity. */
export const placeSituations: readonly Situation[] = [
  {
    name: "taint",
    code: "near-toleration",
    says: "One toleration away: 1 node fits if it tolerates spot=true:NoSchedule.",
    nodes: [{ name: "a", taints: [spot] }],
    cure: { nearMiss: "toleration" },
  },
  {
    name: "taint-execute",
    code: "near-toleration",
    says: "2 nodes fit if it tolerates broken:NoExecute",
    nodes: [
      { name: "a", taints: [broken] },
      { name: "b", taints: [broken] },
    ],
    cure: { nearMiss: "toleration" },
  },
  {
    name: "taint-other-value",
    code: "near-toleration",
    says: "if it tolerates spot=true:NoSchedule",
    nodes: [{ name: "a", taints: [spot] }],
    pod: { spec: { tolerations: [{ key: "spot", operator: "Equal", value: "false", effect: "NoSchedule" }] } },
    cure: { nearMiss: "toleration" },
  },
  {
    name: "taint-other-effect",
    code: "near-toleration",
    says: "if it tolerates broken:NoExecute",
    nodes: [{ name: "a", taints: [broken] }],
    pod: { spec: { tolerations: [{ key: "broken", operator: "Exists", effect: "NoSchedule" }] } },
    cure: { nearMiss: "toleration" },
  },
  {
    name: "taints-two-nodes",
    code: "no-fit",
    says: "rule this pod out",
    nodes: [
      { name: "a", taints: [spot] },
      { name: "b", taints: [broken] },
    ],
    cure: { nearMiss: "toleration" },
  },
  {
    name: "taints-one-node",
    code: "no-fit",
    says: "rule this pod out",
    nodes: [{ name: "a", taints: [spot, broken] }],
    cure: "none",
  },
  {
    name: "cordon",
    code: "near-cordon",
    says: "One cordon away: 1 node fits once uncordoned.",
    nodes: [{ name: "a", isCordoned: true }],
    cure: { nearMiss: "cordon" },
  },
  {
    name: "cordon-twice",
    code: "near-cordon",
    says: "One cordon away: 2 nodes fit once uncordoned.",
    nodes: [
      { name: "a", isCordoned: true },
      { name: "b", isCordoned: true },
    ],
    cure: { nearMiss: "cordon" },
  },
  {
    name: "cordon-and-taint",
    code: "no-fit",
    says: "rule this pod out",
    nodes: [{ name: "a", isCordoned: true, taints: [spot] }],
    cure: "none",
  },
  {
    name: "selector-no-label",
    code: "no-label",
    says: "No node has the label why/rack.",
    nodes: [{ name: "a" }],
    pod: { spec: { nodeSelector: { "why/rack": "7" } } },
    cure: { nearMiss: "label" },
  },
  {
    name: "selector-misspelt",
    code: "no-match",
    says: "No node matches why/size=smal; 1 node has why/size=small.",
    nodes: [{ name: "a", labels: { "why/size": "small" } }],
    pod: { spec: { nodeSelector: { "why/size": "smal" } } },
    cure: { nearMiss: "label" },
  },
  {
    name: "affinity-in",
    code: "no-match",
    says: "No node matches why/tier=(gold, silver); 2 nodes have why/tier=bronze.",
    nodes: [
      { name: "a", labels: { "why/tier": "bronze" } },
      { name: "b", labels: { "why/tier": "bronze" } },
    ],
    pod: { spec: term({ key: "why/tier", operator: "In", values: ["gold", "silver"] }) },
    cure: { nearMiss: "label" },
  },
  {
    name: "affinity-exists",
    code: "no-label",
    says: "No node has the label why/ssd.",
    nodes: [{ name: "a" }],
    pod: { spec: term({ key: "why/ssd", operator: "Exists" }) },
    cure: { nearMiss: "label" },
  },
  {
    name: "affinity-not-in",
    code: "no-fit",
    says: "rule this pod out",
    nodes: [{ name: "a", labels: { "why/use": "batch" } }],
    pod: { spec: term({ key: "why/use", operator: "NotIn", values: ["batch"] }) },
    cure: { nearMiss: "label" },
  },
  {
    name: "affinity-gt",
    code: "no-fit",
    says: "rule this pod out",
    nodes: [{ name: "a", labels: { "why/cores": "4" } }],
    pod: { spec: term({ key: "why/cores", operator: "Gt", values: ["8"] }) },
    cure: "none",
  },
  {
    name: "affinity-lt",
    code: "no-fit",
    says: "rule this pod out",
    nodes: [{ name: "a", labels: { "why/age": "9" } }],
    pod: { spec: term({ key: "why/age", operator: "Lt", values: ["3"] }) },
    cure: "none",
  },
  {
    name: "affinity-either",
    code: "no-fit",
    says: "rule this pod out",
    nodes: [{ name: "a" }],
    pod: {
      spec: terms(
        { matchExpressions: [{ key: "why/left", operator: "Exists" }] },
        { matchExpressions: [{ key: "why/right", operator: "Exists" }] },
      ),
    },
    cure: "none",
  },
  {
    name: "field-gone",
    code: "no-fit",
    says: "rule this pod out",
    nodes: [{ name: "a" }],
    isFree: true,
    pod: { spec: terms({ matchFields: [{ key: "metadata.name", operator: "In", values: ["why-nowhere"] }] }) },
    cure: "none",
  },
  {
    name: "field-full",
    code: "near-resource",
    says: "Nearly fits: why-field-full-a is short by 200m CPU.",
    nodes: [{ name: "a" }],
    isFree: true,
    pod: {
      requests: { cpu: "4200m" },
      spec: terms({
        matchFields: [{ key: "metadata.name", operator: "In", values: [nodeName("field-full", "a")] }],
      }),
    },
    cure: { nearMiss: "resource" },
  },
  {
    name: "named-node",
    code: "not-started",
    says: "Bound to why-named-node-a",
    nodes: [{ name: "a", taints: [spot] }],
    pod: { spec: { nodeName: nodeName("named-node", "a") } },
    hears: "bound",
    cure: "none",
  },
  {
    name: "bound",
    code: "not-started",
    says: "not started: not a scheduling problem.",
    nodes: [{ name: "a" }],
    hears: "bound",
    cure: "none",
  },
  {
    name: "features",
    code: "features",
    says: "Needs node features that no node declares: RestartAllContainersOnContainerExits.",
    nodes: [{ name: "a" }],
    pod: {
      container: {
        restartPolicy: "Never",
        restartPolicyRules: [{ action: "RestartAllContainers", exitCodes: { operator: "In", values: [42] } }],
      },
      spec: { restartPolicy: "Never" },
    },
    cure: {
      calls: [
        merge(`/api/v1/nodes/${nodeName("features", "a")}/status`, {
          status: { declaredFeatures: ["RestartAllContainersOnContainerExits"] },
        }),
      ],
    },
  },
];
