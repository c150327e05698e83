/** What must never be seen again: it stands wherever an object may hold a secret. */
export const canary = "canary-7f3a91c2";
/** What may be seen, so that looking for the other one is known to look at something. */
export const visible = "visible-7f3a91c2";

export interface Served {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly objects: readonly object[];
}

const container = (name: string) => ({
  name,
  image: "nginx",
  env: [
    { name: "PASSWORD", value: canary },
    { name: canary, valueFrom: { secretKeyRef: { name: canary, key: canary } } },
  ],
  envFrom: [{ prefix: canary, secretRef: { name: canary } }],
  args: ["--token", canary],
  command: ["sh", "-c", `echo ${canary}`],
  lifecycle: { postStart: { exec: { command: [canary] } } },
  livenessProbe: { exec: { command: ["curl", canary] } },
  readinessProbe: { httpGet: { path: "/", port: 80, httpHeaders: [{ name: "Authorization", value: canary }] } },
  resources: { requests: { cpu: "1" } },
});

/** Each turn is a change of everything, of what may be seen and of what may not. */
const metadata = (name: string, turn: number) => ({
  name,
  namespace: "default",
  uid: `${name}-uid`,
  resourceVersion: String(100 + turn),
  creationTimestamp: "2026-11-01T00:00:00Z",
  labels: { app: `${visible}-${turn}` },
  annotations: {
    "kubectl.kubernetes.io/last-applied-configuration": `{"data": "${canary} ${turn}"}`,
    "example.com/token": canary,
  },
  managedFields: [
    { manager: "kubectl", operation: "Update", time: "2026-11-03T00:00:00Z", fieldsV1: { [`f:${canary}`]: {} } },
  ],
});

const podSpec = (turn: number) => ({
  schedulerName: "default-scheduler",
  containers: [container("main")],
  initContainers: [container("init")],
  ephemeralContainers: [container(`debug-${turn}`)],
});

const unschedulable = {
  type: "PodScheduled",
  status: "False",
  reason: "Unschedulable",
  message: "0/1 nodes are available: 1 Insufficient cpu.",
};

/** Everything that this cluster has. The last resource does not answer in JSON. */
export function servedAt(turn: number): readonly Served[] {
  const pod = {
    metadata: metadata("pod", turn),
    spec: podSpec(turn),
    status: { phase: "Pending", conditions: [unschedulable] },
  };
  const template = { metadata: metadata("template", turn), spec: podSpec(turn) };
  return [
    { group: "", version: "v1", resource: "pods", kind: "Pod", objects: [pod] },
    {
      group: "",
      version: "v1",
      resource: "configmaps",
      kind: "ConfigMap",
      objects: [
        { metadata: metadata("map", turn), data: { password: `${canary} ${turn}` }, binaryData: { [canary]: canary } },
      ],
    },
    {
      group: "apps",
      version: "v1",
      resource: "deployments",
      kind: "Deployment",
      objects: [{ metadata: metadata("deployment", turn), spec: { replicas: turn, template } }],
    },
    {
      group: "example.com",
      version: "v1",
      resource: "widgets",
      kind: "Widget",
      objects: [
        {
          metadata: metadata("widget", turn),
          spec: {
            size: turn,
            data: { key: canary },
            stringData: { key: `${canary} ${turn}` },
            template,
            steps: [[{ deep: { sidecars: [container("sidecar")], workers: { env: { TOKEN: canary } } } }]],
            podAnnotations: { note: canary },
          },
        },
      ],
    },
    { group: "example.com", version: "v1", resource: "puzzles", kind: "Puzzle", objects: [] },
  ];
}
