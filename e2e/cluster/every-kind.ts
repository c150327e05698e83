const template = { metadata: { labels: { app: "any" } }, spec: { containers: [{ name: "main", image: "none:1" }] } };
const selector = { matchLabels: { app: "any" } };
const devices = { requests: [{ name: "one", exactly: { deviceClassName: "any" } }] };

interface Described {
  readonly apiVersion: string;
  readonly kind: string;
  readonly [member: string]: unknown;
}

const v1 = "v1";
const apps = "apps/v1";
const storage = "storage.k8s.io/v1";
const resource = "resource.k8s.io/v1";

/** One of every kind that can be written, so that no controller has anything to do for it: what is shown is what was sent. */
export const everyKind: readonly Described[] = [
  { apiVersion: v1, kind: "ConfigMap", data: { a: "1", b: "2" } },
  {
    apiVersion: v1,
    kind: "Service",
    spec: {
      selector: { app: "any" },
      ports: [
        { name: "a", port: 80 },
        { name: "b", port: 81 },
      ],
    },
  },
  {
    apiVersion: v1,
    kind: "Service",
    metadata: { name: "outside" },
    spec: { type: "ExternalName", externalName: "a.b" },
  },
  {
    apiVersion: v1,
    kind: "PersistentVolumeClaim",
    spec: { accessModes: ["ReadWriteOnce"], storageClassName: "any", resources: { requests: { storage: "1Gi" } } },
  },
  { apiVersion: v1, kind: "ServiceAccount" },
  {
    apiVersion: v1,
    kind: "Pod",
    spec: {
      ...template.spec,
      schedulerName: "nobody",
      initContainers: template.spec.containers.map((each) => ({ ...each, name: "init" })),
    },
  },
  {
    apiVersion: v1,
    kind: "Pod",
    metadata: { name: "gated" },
    spec: { ...template.spec, schedulingGates: [{ name: "example.com/later" }] },
  },
  { apiVersion: v1, kind: "ReplicationController", spec: { replicas: 0, selector: { app: "any" }, template } },
  {
    apiVersion: v1,
    kind: "Node",
    metadata: { name: "any", labels: { "node-role.kubernetes.io/worker": "" } },
    spec: { unschedulable: true },
  },
  { apiVersion: apps, kind: "ReplicaSet", spec: { replicas: 0, selector, template } },
  { apiVersion: apps, kind: "StatefulSet", spec: { replicas: 0, serviceName: "any", selector, template } },
  {
    apiVersion: apps,
    kind: "DaemonSet",
    spec: { selector, template: { ...template, spec: { ...template.spec, nodeSelector: { nobody: "has" } } } },
  },
  {
    apiVersion: "batch/v1",
    kind: "Job",
    spec: { suspend: true, completions: 3, template: { spec: { ...template.spec, restartPolicy: "Never" } } },
  },
  { apiVersion: "coordination.k8s.io/v1", kind: "Lease", spec: { holderIdentity: "me" } },
  {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    spec: { minAvailable: "50%", selector: { matchLabels: { app: "other" } } },
  },
  { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", value: 10 },
  {
    apiVersion: storage,
    kind: "StorageClass",
    metadata: { name: "any", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: "example.com/none",
  },
  { apiVersion: storage, kind: "CSIDriver", spec: { storageCapacity: true } },
  { apiVersion: storage, kind: "CSINode", spec: { drivers: [{ name: "a.b", nodeID: "1", topologyKeys: [] }] } },
  { apiVersion: storage, kind: "CSIStorageCapacity", storageClassName: "any" },
  {
    apiVersion: storage,
    kind: "VolumeAttachment",
    spec: { attacher: "a.b", nodeName: "any", source: { persistentVolumeName: "any" } },
  },
  { apiVersion: resource, kind: "DeviceClass", spec: {} },
  { apiVersion: resource, kind: "ResourceClaim", spec: { devices } },
  { apiVersion: resource, kind: "ResourceClaimTemplate", spec: { spec: { devices } } },
  {
    apiVersion: resource,
    kind: "ResourceSlice",
    spec: { driver: "a.b", nodeName: "any", pool: { name: "pool", generation: 1, resourceSliceCount: 1 } },
  },
].map((object) => ({ ...object, metadata: { name: "any", ...("metadata" in object ? object.metadata : {}) } }));

/** By the names that `kubectl get` takes. */
export const comparedTables: readonly string[] = [
  "configmaps",
  "services",
  "persistentvolumeclaims",
  "serviceaccounts",
  "pods",
  "replicationcontrollers",
  "nodes",
  "replicasets",
  "statefulsets",
  "daemonsets",
  "jobs",
  "leases",
  "poddisruptionbudgets",
  "priorityclasses",
  "storageclasses",
  "csidrivers",
  "csinodes",
  "csistoragecapacities",
  "volumeattachments",
  "deviceclasses",
  "resourceclaims",
  "resourceclaimtemplates",
  "resourceslices",
];

/** A kind of its own, with columns, defaults, a keyed list and both subresources. */
export const widgetDefinition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "widgets", kind: "Widget", shortNames: ["wd"] },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" },
        },
        additionalPrinterColumns: [{ name: "Size", type: "integer", jsonPath: ".spec.size" }],
        schema: {
          openAPIV3Schema: {
            type: "object",
            description: "Something that has a size.",
            properties: {
              spec: {
                type: "object",
                required: ["size"],
                properties: {
                  size: { type: "integer", minimum: 1, description: "How large it is." },
                  replicas: { type: "integer", default: 2 },
                  parts: {
                    type: "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["name"],
                    items: {
                      type: "object",
                      required: ["name"],
                      properties: { name: { type: "string" }, weight: { type: "integer" } },
                    },
                  },
                },
              },
              status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
            },
          },
        },
      },
    ],
  },
};

/** As `kubectl apply -f -` reads it. */
export function deployment({ name = "web", image = "none:1", replicas = 0, more = {} } = {}): string {
  const labels = { app: "web" };
  const containers = [{ name: "main", image, ports: [{ containerPort: 80 }], ...more }];
  const spec = {
    replicas,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers } },
  };
  return JSON.stringify({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name }, spec });
}
