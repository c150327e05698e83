import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { listAt, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";
import { subjectOf, type Registry, type Target } from "./registry.ts";
import { conflict, invalid, modifiedMeanwhile } from "./status.ts";

/** POST pods/NAME/binding: the one way onto a node. Upstream: `BindingREST.setPodNodeAndMetadata`. */
export function bind(registry: Registry, target: Target, binding: JsonObject, now: string): void {
  const node = textAt(binding, "target", "name");
  if (node === "") {
    const subject = { group: "", kind: "Binding", name: target.name };
    throw invalid(subject, [{ field: "target.name", reason: "FieldValueRequired", detail: "Required value" }]);
  }
  const pod = registry.get(target).object;
  checkBindable(target, pod, binding);
  const { nominatedNodeName: _, ...status } = objectAt(pod, "status");
  registry.replace(target, {
    ...pod,
    metadata: {
      ...pod.metadata,
      ...mergedTexts(pod, binding, "labels"),
      ...mergedTexts(pod, binding, "annotations"),
    },
    spec: { ...objectAt(pod, "spec"), nodeName: node },
    status: { ...status, conditions: withScheduled(listAt(pod, "status", "conditions"), now) },
  });
}

function checkBindable(target: Target, pod: ApiObject, binding: JsonObject): void {
  const subject = { ...subjectOf(target), kind: "pods/binding" };
  const { uid, resourceVersion } = objectAt(binding, "metadata");
  const { metadata } = pod;
  if (typeof uid === "string" && uid !== "" && uid !== metadata.uid) {
    throw conflict(
      subject,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid ?? ""}`,
    );
  }
  if (typeof resourceVersion === "string" && resourceVersion !== "" && resourceVersion !== metadata.resourceVersion) {
    throw conflict(subject, modifiedMeanwhile);
  }
  if (metadata.deletionTimestamp !== undefined) {
    throw conflict(subject, `pod ${target.name} is being deleted, cannot be assigned to a host`);
  }
  const assigned = textAt(pod, "spec", "nodeName");
  if (assigned !== "") throw conflict(subject, `pod ${target.name} is already assigned to node "${assigned}"`);
  if (listAt(pod, "spec", "schedulingGates").length > 0) {
    throw conflict(subject, `pod ${target.name} has non-empty .spec.schedulingGates`);
  }
}

function mergedTexts(pod: ApiObject, binding: JsonObject, field: "labels" | "annotations"): JsonObject {
  const added = objectAt(binding, "metadata", field);
  return Object.keys(added).length === 0 ? {} : { [field]: { ...pod.metadata[field], ...added } };
}

function withScheduled(conditions: readonly JsonObject[], now: string): readonly JsonValue[] {
  const scheduled = { type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: now };
  return [...conditions.filter((condition) => condition["type"] !== "PodScheduled"), scheduled];
}
