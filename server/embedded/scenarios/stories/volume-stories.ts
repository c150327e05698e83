import type { JsonObject } from "#lib/protocol/index.ts";
import type { Story, StoryObject } from "./story.ts";

const driver = "disks.example.com";

function storageClass(name: string, volumeBindingMode: string): StoryObject {
  const provisioner = "kubernetes.io/no-provisioner";
  return { plural: "storageclasses", object: { metadata: { name }, provisioner, volumeBindingMode } };
}

interface Claim {
  readonly namespace: string;
  readonly name: string;
  readonly storageClassName: string;
  readonly volumeName?: string;
}

function claim({ namespace, name, storageClassName, volumeName }: Claim): StoryObject {
  const spec = {
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "10Gi" } },
    storageClassName,
    ...(volumeName === undefined ? {} : { volumeName }),
  };
  const bound = { "pv.kubernetes.io/bind-completed": "yes" };
  const annotations = volumeName === undefined ? {} : { annotations: bound };
  return {
    plural: "persistentvolumeclaims",
    object: { metadata: { namespace, name, ...annotations }, spec },
    ...(volumeName === undefined ? {} : { status: { phase: "Bound" } }),
  };
}

/** A volume, and the claim that has it. */
function boundClaim(namespace: string, name: string, labels: Readonly<Record<string, string>> = {}) {
  const volumeName = `${namespace}-${name}`;
  const volume: StoryObject = {
    plural: "persistentvolumes",
    object: {
      metadata: { name: volumeName, labels },
      spec: {
        capacity: { storage: "10Gi" },
        accessModes: ["ReadWriteOnce"],
        storageClassName: "",
        claimRef: { kind: "PersistentVolumeClaim", apiVersion: "v1", namespace, name },
        csi: { driver, volumeHandle: volumeName },
      },
    },
    status: { phase: "Bound" },
  };
  return [volume, claim({ namespace, name, storageClassName: "", volumeName })];
}

/** What is there could be used, if it could be seen. */
export const unseenClaim: Story = {
  code: "unknown",
  spec: mounts("orders-data"),
  nodes: [{}],
  objects: boundClaim("unknown", "orders-data"),
};

function mounts(claimName: string): JsonObject {
  return { volumes: [{ name: "data", persistentVolumeClaim: { claimName } }] };
}

/** Claims without volumes, and volumes that are elsewhere or too many. */
export const volumeStories: readonly Story[] = [
  {
    code: "pre-enqueue",
    spec: { resourceClaims: [{ name: "camera", resourceClaimName: "camera" }] },
    nodes: [{}],
  },
  { code: "claim-missing", spec: mounts("orders-data"), nodes: [{}] },
  {
    code: "volume-unbound",
    spec: mounts("orders-data"),
    nodes: [{}],
    objects: [
      storageClass("manual", "Immediate"),
      claim({ namespace: "volume-unbound", name: "orders-data", storageClassName: "manual" }),
    ],
  },
  {
    code: "volume-wait",
    spec: mounts("orders-data"),
    nodes: [{}],
    objects: [
      storageClass("local", "WaitForFirstConsumer"),
      claim({ namespace: "volume-wait", name: "orders-data", storageClassName: "local" }),
    ],
  },
  {
    code: "volume-zone",
    spec: mounts("orders-data"),
    nodes: [{ zone: "eu-1b" }],
    objects: boundClaim("volume-zone", "orders-data", { "topology.kubernetes.io/zone": "eu-1a" }),
  },
  {
    code: "volume-limit",
    // Without its CSINode the node has no limit.
    gateMs: 2_000,
    spec: mounts("orders-data"),
    nodes: [{}],
    objects: [
      { plural: "csidrivers", object: { metadata: { name: driver }, spec: { attachRequired: true } } },
      {
        plural: "csinodes",
        object: {
          metadata: { name: "volume-limit-1" },
          spec: { drivers: [{ name: driver, nodeID: "volume-limit-1", topologyKeys: [], allocatable: { count: 1 } }] },
        },
      },
      ...boundClaim("volume-limit", "users-data"),
      ...boundClaim("volume-limit", "orders-data"),
    ],
    company: [{ node: 0, spec: mounts("users-data") }],
  },
  {
    code: "device-wait",
    spec: { resourceClaims: [{ name: "camera", resourceClaimName: "camera" }] },
    nodes: [{}],
    objects: [
      { plural: "deviceclasses", object: { metadata: { name: "cameras.example.com" }, spec: {} } },
      {
        plural: "resourceslices",
        object: {
          metadata: { name: "device-wait-1" },
          spec: {
            driver: "cameras.example.com",
            nodeName: "device-wait-1",
            pool: { name: "device-wait-1", generation: 1, resourceSliceCount: 1 },
            devices: [
              { name: "front" },
              { name: "back", taints: [{ key: "lens", value: "broken", effect: "NoSchedule" }] },
            ],
          },
        },
      },
      cameraClaim("camera"),
      // Somebody had it, and left it behind.
      {
        ...cameraClaim("doorway", { finalizers: ["resource.kubernetes.io/delete-protection"] }),
        status: {
          allocation: {
            devices: {
              results: [{ request: "camera", driver: "cameras.example.com", pool: "device-wait-1", device: "front" }],
            },
          },
        },
      },
    ],
  },
];

function cameraClaim(name: string, metadata: JsonObject = {}): StoryObject {
  const exactly = { deviceClassName: "cameras.example.com", allocationMode: "ExactCount", count: 1 };
  return {
    plural: "resourceclaims",
    object: {
      metadata: { name, namespace: "device-wait", ...metadata },
      spec: { devices: { requests: [{ name: "camera", exactly }] } },
    },
  };
}
