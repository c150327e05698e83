import { make, namespaceOf, poolLabels, type Call, type Fields, type Situation } from "./situation.ts";

const hash = "7d9f";
const zone = "topology.kubernetes.io/zone";

/** There is no controller here that makes pods: what a Deployment's would be is made in its place. */
function deployment(situation: string, spec: Fields, requests: Fields = { cpu: "100m" }): Call {
  const { nodeSelector = {}, ...others } = spec as { readonly nodeSelector?: Fields };
  return make(`/apis/apps/v1/namespaces/${namespaceOf(situation)}/deployments`, {
    metadata: { name: "web" },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: {
          automountServiceAccountToken: false,
          containers: [{ name: "main", image: "none.invalid/none", resources: { requests } }],
          nodeSelector: { ...poolLabels(situation), ...nodeSelector },
          ...others,
        },
      },
    },
  });
}

const pod = {
  name: `web-${hash}-x`,
  labels: { app: "web", "pod-template-hash": hash },
  owner: { apiVersion: "apps/v1", kind: "ReplicaSet", name: `web-${hash}`, uid: "why-replica-set", controller: true },
};

const spread = {
  topologySpreadConstraints: [
    {
      topologyKey: zone,
      maxSkew: 1,
      minDomains: 2,
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { app: "web" } },
    },
  ],
};

/** A pod that somebody makes anew is changed where it comes from. */
export const workloadSituations: readonly Situation[] = [
  {
    name: "template-selector",
    code: "no-match",
    says: "No node matches why/disk=sdd; 1 node has why/disk=ssd.",
    nodes: [{ name: "a", labels: { "why/disk": "ssd" } }],
    objects: [deployment("template-selector", { nodeSelector: { "why/disk": "sdd" } })],
    pod: { ...pod, spec: { nodeSelector: { "why/disk": "sdd" } } },
    cure: { nearMiss: "selector" },
  },
  {
    name: "template-toleration",
    code: "near-toleration",
    says: "1 node fits if it tolerates spot=true:NoSchedule",
    nodes: [{ name: "a", taints: [{ key: "spot", value: "true", effect: "NoSchedule" }] }],
    objects: [deployment("template-toleration", {})],
    pod,
    cure: { nearMiss: "toleration" },
  },
  {
    name: "template-requests",
    code: "near-resource",
    says: "is short by 250m CPU",
    nodes: [{ name: "a" }],
    objects: [deployment("template-requests", {}, { cpu: "4250m" })],
    pod: { ...pod, requests: { cpu: "4250m" } },
    cure: { nearMiss: "resource" },
  },
  {
    name: "template-spread",
    code: "spread",
    says: "template-a already has 1, max skew is 1",
    nodes: [{ name: "a", labels: { [zone]: "template-a" } }],
    objects: [deployment("template-spread", spread)],
    running: [{ name: "web-0", on: "a", labels: { app: "web" } }],
    pod: { ...pod, spec: spread },
    cure: { nearMiss: "spread" },
  },
];
