import type { JsonObject } from "#lib/protocol/index.ts";
import type { Strategy } from "../api/resource.ts";
import type { FieldError } from "../api/status.ts";
import { isSameJson, lookup, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";
import { withDefaults, withTemplateDefaults } from "./template-defaults.ts";

type Fill = (object: ApiObject) => ApiObject;

/** Filled in whenever the object is written; its status is the controller's from the start. */
function workload(fill: Fill, status: JsonObject, more: Partial<Strategy> = {}): Strategy {
  return {
    prepareForCreate: (object) => ({ ...fill(withTemplateDefaults(object)), status }),
    prepareForUpdate: (object) => fill(withTemplateDefaults(object)),
    ...more,
  };
}

const none: JsonObject = { replicas: 0 };

export const replicaSetStrategy = workload((object) => withDefaults(object, { replicas: 1 }), none, selected());

/** Its selector, and its own labels, are those of its pods unless it says otherwise. */
export const replicationControllerStrategy = workload((object) => {
  const labels = objectAt(object, "spec", "template", "metadata", "labels");
  const { metadata } = object;
  const named = Object.keys(labels).length === 0 ? metadata : { labels: labels as Record<string, string>, ...metadata };
  return withDefaults({ ...object, metadata: named }, { replicas: 1, selector: labels });
}, none);

export const deploymentStrategy = workload(
  (object) => {
    const filled = withDefaults(object, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
    return withStrategy(filled, "strategy", { maxSurge: "25%", maxUnavailable: "25%" });
  },
  {},
  selected(),
);

export const statefulSetStrategy = workload(
  (object) => {
    const filled = withDefaults(object, {
      replicas: 1,
      revisionHistoryLimit: 10,
      podManagementPolicy: "OrderedReady",
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    });
    return withStrategy(filled, "updateStrategy", { partition: 0 });
  },
  none,
  selected(),
);

export const daemonSetStrategy = workload(
  (object) => {
    const filled = withDefaults(object, { revisionHistoryLimit: 10 });
    return withStrategy(filled, "updateStrategy", { maxSurge: 0, maxUnavailable: 1 });
  },
  { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
  selected(),
);

function withStrategy(object: ApiObject, member: string, rolling: JsonObject): ApiObject {
  const spec = objectAt(object, "spec");
  const strategy: JsonObject = { type: "RollingUpdate", ...objectAt(spec, member) };
  const isRolling = strategy["type"] === "RollingUpdate";
  const rollingUpdate = { ...rolling, ...objectAt(strategy, "rollingUpdate") };
  return { ...object, spec: { ...spec, [member]: isRolling ? { ...strategy, rollingUpdate } : strategy } };
}

/** The selector picks the pods of the template, and stays as it is. */
function selected(): Partial<Strategy> {
  return {
    validate: (object) => {
      const selector = objectAt(object, "spec", "selector");
      if (Object.keys(selector).length === 0) {
        return [{ field: "spec.selector", reason: "FieldValueRequired", detail: "Required value" }];
      }
      const labels = objectAt(object, "spec", "template", "metadata", "labels");
      const wanted = Object.entries(objectAt(selector, "matchLabels"));
      return wanted.every(([name, value]) => labels[name] === value) ? [] : [unmatched(labels)];
    },
    validateUpdate: (updated, stored) => {
      const selector = lookup(updated, "spec", "selector");
      if (isSameJson(selector, lookup(stored, "spec", "selector"))) return [];
      const detail = `Invalid value: ${JSON.stringify(selector)}: field is immutable`;
      return [{ field: "spec.selector", reason: "FieldValueInvalid", detail }];
    },
  };
}

function unmatched(labels: JsonObject): FieldError {
  const detail = `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``;
  return { field: "spec.template.metadata.labels", reason: "FieldValueInvalid", detail };
}

const jobDefaults = {
  backoffLimit: 6,
  completionMode: "NonIndexed",
  manualSelector: false,
  podReplacementPolicy: "TerminatingOrFailed",
  suspend: false,
};

/** Its pods are told apart by labels that the server makes. Upstream: `generateSelector`. */
export const jobStrategy = workload((object) => {
  const filled = withDefaults(object, { ...jobDefaults, ...counts(object) });
  const spec = objectAt(filled, "spec");
  if (spec["manualSelector"] === true) return filled;
  const { uid = "", name = "" } = filled.metadata;
  const labels = {
    "batch.kubernetes.io/controller-uid": uid,
    "batch.kubernetes.io/job-name": name,
    "controller-uid": uid,
    "job-name": name,
  };
  const template = objectAt(spec, "template");
  const templateLabels = { ...objectAt(template, "metadata", "labels"), ...labels };
  const metadata = { ...objectAt(template, "metadata"), labels: templateLabels };
  const selector = { matchLabels: { "batch.kubernetes.io/controller-uid": uid } };
  return {
    ...filled,
    metadata: { ...filled.metadata, labels: filled.metadata.labels ?? templateLabelsOf(templateLabels) },
    spec: { ...spec, selector, template: { ...template, metadata } },
  };
}, {});

/** One pod, unless either number is named. */
function counts(job: ApiObject): Readonly<Record<string, number>> {
  const { completions, parallelism } = objectAt(job, "spec");
  if (completions === undefined && parallelism === undefined) return { completions: 1, parallelism: 1 };
  return parallelism === undefined ? { parallelism: 1 } : {};
}

function templateLabelsOf(labels: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(labels).map((name) => [name, textAt(labels, name)]));
}
