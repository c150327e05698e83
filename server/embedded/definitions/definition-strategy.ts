import type { JsonObject } from "#lib/protocol/index.ts";
import { isDnsLabel, isDnsSubdomain } from "../api/names.ts";
import type { Strategy } from "../api/resource.ts";
import type { FieldError } from "../api/status.ts";
import { isList, listAt, lookup, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";
import { cleanupFinalizer, definitionOf, type Definition } from "./definition.ts";

/** Definitions are established at once: nothing stands between their being stored and their being served. */
export const definitionStrategy: Strategy = {
  prepareForCreate: (object, { now }) => {
    const named = withNames(object);
    const finalizers = [...new Set([...(named.metadata.finalizers ?? []), cleanupFinalizer])];
    const metadata = { ...named.metadata, finalizers };
    return { ...named, metadata, status: establishedStatus(definitionOf(named), [], now) };
  },
  prepareForUpdate: (object, stored, { now }) => {
    const named = withNames(object);
    const storedVersions = lookup(stored, "status", "storedVersions");
    const before = isList(storedVersions) ? storedVersions.map(String) : [];
    const status = establishedStatus(definitionOf(named), before, now);
    return { ...named, status: { ...objectAt(stored, "status"), ...status, ...keptConditions(stored, status) } };
  },
  validate: validateDefinition,
  validateUpdate: (updated, stored) =>
    ["group", "scope", "names.plural", "names.kind"].flatMap((field) => {
      const path = ["spec", ...field.split(".")];
      const value = textAt(updated, ...path);
      return value === textAt(stored, ...path) ? [] : [invalid(path.join("."), value, "field is immutable")];
    }),
};

function withNames(object: ApiObject): ApiObject {
  const { singular, listKind } = definitionOf(object);
  const spec = objectAt(object, "spec");
  const names = { ...objectAt(spec, "names"), singular, listKind };
  return { ...object, spec: { conversion: { strategy: "None" }, ...spec, names } };
}

function establishedStatus({ versions, ...definition }: Definition, before: readonly string[], now: string) {
  const { plural, singular, kind, listKind, shortNames, categories } = definition;
  const condition = (type: string, reason: string, message: string): JsonObject => ({
    type,
    status: "True",
    lastTransitionTime: now,
    reason,
    message,
  });
  const stored = versions.filter(({ isStored }) => isStored).map(({ name }) => name);
  return {
    acceptedNames: {
      plural,
      singular,
      kind,
      listKind,
      ...(shortNames.length > 0 ? { shortNames } : {}),
      ...(categories.length > 0 ? { categories } : {}),
    },
    conditions: [
      condition("NamesAccepted", "NoConflicts", "no conflicts found"),
      condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
    ],
    storedVersions: [...new Set([...before, ...stored])],
  };
}

/** What was established stays so since then. */
function keptConditions(stored: ApiObject, { conditions }: { readonly conditions: readonly JsonObject[] }): JsonObject {
  const before = listAt(stored, "status", "conditions");
  const added = conditions.filter(({ type }) => !before.some((each) => each["type"] === type));
  return { conditions: [...before, ...added] };
}

function validateDefinition(object: ApiObject): readonly FieldError[] {
  const { name, group, plural, kind, versions } = definitionOf(object);
  const errors: FieldError[] = [];
  const expected = `${plural}.${group}`;
  if (name !== expected) {
    errors.push(invalid("metadata.name", name, `must be spec.names.plural+"."+spec.group`));
  }
  if (group === "") errors.push(required("spec.group"));
  else if (!isDnsSubdomain(group) || !group.includes(".")) {
    errors.push(invalid("spec.group", group, "should be a domain with at least one dot"));
  }
  const approval = object.metadata.annotations?.["api-approved.kubernetes.io"] ?? "";
  if (/(^|\.)(k8s|kubernetes)\.io$/.test(group) && approval === "") {
    const detail = 'Required value: protected groups must have approval annotation "api-approved.kubernetes.io"';
    errors.push({ field: "metadata.annotations[api-approved.kubernetes.io]", reason: "FieldValueRequired", detail });
  }
  const scope = textAt(object, "spec", "scope");
  if (scope === "") errors.push(required("spec.scope"));
  else if (scope !== "Namespaced" && scope !== "Cluster") {
    const detail = `Unsupported value: ${JSON.stringify(scope)}: supported values: "Cluster", "Namespaced"`;
    errors.push({ field: "spec.scope", reason: "FieldValueNotSupported", detail });
  }
  if (plural === "") errors.push(required("spec.names.plural"));
  if (kind === "") errors.push(required("spec.names.kind"));
  errors.push(...validateVersions(object));
  if (versions.filter(({ isStored }) => isStored).length !== 1) {
    const names = versions.map((version) => version.name);
    errors.push(invalid("spec.versions", names, "must have exactly one version marked as storage version"));
  }
  return errors;
}

function validateVersions(object: ApiObject): readonly FieldError[] {
  return listAt(object, "spec", "versions").flatMap((version, index) => {
    const at = `spec.versions[${index}]`;
    const name = textAt(version, "name");
    const schemaAt = `${at}.schema.openAPIV3Schema`;
    const schema = lookup(version, "schema", "openAPIV3Schema");
    const errors: FieldError[] = [];
    if (!isDnsLabel(name)) errors.push(invalid(`${at}.name`, name, "a lowercase RFC 1035 label is needed"));
    if (schema === undefined)
      return [...errors, { ...required(schemaAt), detail: "Required value: schemas are required" }];
    const type = textAt(version, "schema", "openAPIV3Schema", "type");
    if (type === "") {
      errors.push({ ...required(`${schemaAt}.type`), detail: "Required value: must not be empty at the root" });
    } else if (type !== "object") errors.push(invalid(`${schemaAt}.type`, type, "must be object at the root"));
    return errors;
  });
}

function required(field: string): FieldError {
  return { field, reason: "FieldValueRequired", detail: "Required value" };
}

function invalid(field: string, value: string | readonly string[], why: string): FieldError {
  return { field, reason: "FieldValueInvalid", detail: `Invalid value: ${JSON.stringify(value)}: ${why}` };
}
