import type { JsonObject } from "#lib/protocol/index.ts";
import type { Strategy } from "../api/resource.ts";
import { listAt, lookup, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";
import { withDefaults } from "./template-defaults.ts";

export const plainStrategy: Strategy = {};

/** The same on every write. */
function filled(fill: (object: ApiObject) => ApiObject): Strategy {
  return { prepareForCreate: fill, prepareForUpdate: fill };
}

export const namespaceStrategy: Strategy = {
  prepareForCreate: (namespace) => {
    const labels = { "kubernetes.io/metadata.name": namespace.metadata.name ?? "", ...namespace.metadata.labels };
    return {
      ...namespace,
      metadata: { ...namespace.metadata, labels },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    };
  },
  // Only the controller that has emptied the namespace takes the finalizer away.
  prepareForUpdate: (namespace, stored) => ({ ...namespace, spec: objectAt(stored, "spec") }),
};

export const priorityClassStrategy: Strategy = {
  ...filled((object) => ({ preemptionPolicy: "PreemptLowerPriority", ...object })),
  validate: ({ value }) =>
    typeof value === "number" ? [] : [{ field: "value", reason: "FieldValueRequired", detail: "Required value" }],
};

export const claimStrategy: Strategy = {
  prepareForCreate: (claim) => ({ ...withDefaults(claim, { volumeMode: "Filesystem" }), status: { phase: "Pending" } }),
  prepareForUpdate: (claim) => withDefaults(claim, { volumeMode: "Filesystem" }),
};

const volumeDefaults = { persistentVolumeReclaimPolicy: "Retain", volumeMode: "Filesystem" };

export const volumeStrategy: Strategy = {
  prepareForCreate: (volume) => withDefaults(withDefaults(volume, volumeDefaults), { phase: "Available" }, "status"),
  prepareForUpdate: (volume) => withDefaults(volume, volumeDefaults),
};

export const storageClassStrategy = filled((object) => ({
  reclaimPolicy: "Delete",
  volumeBindingMode: "Immediate",
  ...object,
}));

export const driverStrategy = filled((driver) =>
  withDefaults(driver, {
    attachRequired: true,
    fsGroupPolicy: "ReadWriteOnceWithFSType",
    podInfoOnMount: false,
    requiresRepublish: false,
    seLinuxMount: false,
    storageCapacity: false,
    volumeLifecycleModes: ["Persistent"],
  }),
);

/** What a kubelet does not say of a node is all of what it has. */
export const nodeStrategy = filled((node) => {
  const capacity = lookup(node, "status", "capacity");
  return capacity === undefined ? node : withDefaults(node, { allocatable: capacity }, "status");
});

/** A service has an address, which is as good as any other: nothing listens there. */
export const serviceStrategy: Strategy = {
  ...filled((service) => {
    const spec = objectAt(service, "spec");
    const { uid = "" } = service.metadata;
    const address = textAt(spec, "clusterIP") || clusterAddress(uid);
    const hasAddress = textAt(spec, "type") !== "ExternalName";
    const ports = listAt(spec, "ports").map((port) => ({ protocol: "TCP", targetPort: port["port"], ...port }));
    return {
      ...service,
      spec: {
        type: "ClusterIP",
        sessionAffinity: "None",
        ...(hasAddress ? addressed(address) : {}),
        ...spec,
        ...(ports.length === 0 ? {} : { ports }),
      },
      status: { loadBalancer: {}, ...objectAt(service, "status") },
    };
  }),
};

function addressed(address: string): JsonObject {
  return {
    clusterIP: address,
    clusterIPs: [address],
    internalTrafficPolicy: "Cluster",
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
  };
}

/** Of the uid, so that it is the same each time. */
function clusterAddress(uid: string): string {
  return `10.96.${Number.parseInt(uid.slice(0, 2), 16)}.${Number.parseInt(uid.slice(2, 4), 16)}`;
}

const nothingDisrupted = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 };

export const disruptionBudgetStrategy: Strategy = {
  prepareForCreate: (budget) => withDefaults(budget, nothingDisrupted, "status"),
};

export const attachmentStrategy: Strategy = {
  prepareForCreate: (attachment) => withDefaults(attachment, { attached: false }, "status"),
};

export const resourceClaimStrategy = filled((claim) => {
  const requests = listAt(claim, "spec", "devices", "requests").map((request) =>
    request["exactly"] === undefined ? request : { ...request, exactly: withCount(objectAt(request, "exactly")) },
  );
  if (requests.length === 0) return claim;
  const spec = objectAt(claim, "spec");
  return { ...claim, spec: { ...spec, devices: { ...objectAt(spec, "devices"), requests } } };
});

function withCount(exactly: JsonObject): JsonObject {
  const mode = { allocationMode: "ExactCount", ...exactly };
  return mode.allocationMode === "ExactCount" ? { count: 1, ...mode } : mode;
}
