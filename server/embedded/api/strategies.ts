import { objectAt, type ApiObject } from "../storage/api-object.ts";
import type { Strategy } from "./resource.ts";

export const plainStrategy: Strategy = {};

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
};

export const priorityClassStrategy: Strategy = {
  prepareForCreate: (object) => ({ preemptionPolicy: "PreemptLowerPriority", ...object }),
  validate: ({ value }) =>
    typeof value === "number" ? [] : [{ field: "value", reason: "FieldValueRequired", detail: "Required value" }],
};

/** Kinds with a replica count: one, unless something else is said. */
export const replicatedStrategy: Strategy = {
  prepareForCreate: (object) => ({ ...object, spec: { replicas: 1, ...objectAt(object, "spec") }, status: {} }),
};

export const claimStrategy: Strategy = {
  prepareForCreate: (claim: ApiObject) => ({ ...claim, status: { phase: "Pending" } }),
};
