import type { JsonObject } from "#lib/protocol/index.ts";
import { isSameJson, listAt, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";
import { newPod, updatedPod } from "./pod-defaults.ts";
import { isDnsLabel } from "../api/names.ts";
import type { Strategy } from "../api/resource.ts";
import type { FieldError } from "../api/status.ts";

export const podStrategy: Strategy = {
  prepareForCreate: newPod,
  prepareForUpdate: updatedPod,
  validate: (pod) => [...validateContainers(pod), ...validateGatedPod(pod)],
  validateUpdate: validatePodUpdate,
};

function validateContainers(pod: ApiObject): readonly FieldError[] {
  const containers = listAt(pod, "spec", "containers");
  if (containers.length === 0) {
    return [{ field: "spec.containers", reason: "FieldValueRequired", detail: "Required value" }];
  }
  const errors: FieldError[] = [];
  containers.forEach((container, index) => {
    const at = `spec.containers[${index}]`;
    const name = textAt(container, "name");
    if (name === "") errors.push({ field: `${at}.name`, reason: "FieldValueRequired", detail: "Required value" });
    else if (!isDnsLabel(name)) errors.push(invalidValue(`${at}.name`, name, "must be an RFC 1123 label"));
    if (textAt(container, "image") === "") {
      errors.push({ field: `${at}.image`, reason: "FieldValueRequired", detail: "Required value" });
    }
  });
  return errors;
}

function validateGatedPod(pod: ApiObject): readonly FieldError[] {
  if (textAt(pod, "spec", "nodeName") === "" || listAt(pod, "spec", "schedulingGates").length === 0) return [];
  const detail = "Forbidden: cannot be set until all schedulingGates have been cleared";
  return [{ field: "spec.nodeName", reason: "FieldValueForbidden", detail }];
}

/** What may change in the spec of a pod: images, added tolerations, a deadline, gates that go; while gated the selector too. */
function validatePodUpdate(updated: ApiObject, stored: ApiObject): readonly FieldError[] {
  const before = objectAt(stored, "spec");
  const after = objectAt(updated, "spec");
  const errors: FieldError[] = [];
  const gates = new Set(listAt(before, "schedulingGates").map((gate) => textAt(gate, "name")));
  if (listAt(after, "schedulingGates").some((gate) => !gates.has(textAt(gate, "name")))) {
    const detail = `Forbidden: only deletion is allowed, but found new scheduling gate`;
    errors.push({ field: "spec.schedulingGates", reason: "FieldValueForbidden", detail });
  }
  if (!keepsTolerations(before, after)) {
    const detail = "Forbidden: existing toleration can not be modified except its tolerationSeconds";
    errors.push({ field: "spec.tolerations", reason: "FieldValueForbidden", detail });
  }
  if (!isSameJson(fixedPart(before, gates.size > 0), fixedPart(after, gates.size > 0))) {
    const detail =
      "Forbidden: pod updates may not change fields other than `spec.containers[*].image`," +
      "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)," +
      "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
    errors.push({ field: "spec", reason: "FieldValueForbidden", detail });
  }
  return errors;
}

function keepsTolerations(before: JsonObject, after: JsonObject): boolean {
  const without = (toleration: JsonObject): JsonObject => ({ ...toleration, tolerationSeconds: undefined });
  const kept = listAt(after, "tolerations").map(without);
  return listAt(before, "tolerations").every((toleration) =>
    kept.some((other) => isSameJson(without(toleration), other)),
  );
}

function fixedPart(spec: JsonObject, isGated: boolean): JsonObject {
  const imageless = (container: JsonObject): JsonObject => ({ ...container, image: undefined });
  return {
    ...spec,
    containers: listAt(spec, "containers").map(imageless),
    initContainers: listAt(spec, "initContainers").map(imageless),
    activeDeadlineSeconds: undefined,
    tolerations: undefined,
    schedulingGates: undefined,
    ...(isGated ? { nodeSelector: undefined, affinity: undefined } : {}),
  };
}

function invalidValue(field: string, value: string, why: string): FieldError {
  return { field, reason: "FieldValueInvalid", detail: `Invalid value: ${JSON.stringify(value)}: ${why}` };
}
