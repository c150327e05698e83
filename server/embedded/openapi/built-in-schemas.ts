import type { JsonObject } from "#lib/protocol/index.ts";
import type { Resource } from "../api/resource.ts";
import { mergeKeyOf } from "../patch/merge-keys.ts";
import { findModel, type Model } from "./models.ts";

/** The model of a kind: some names are in two groups, and then the group stands before the version. */
export function modelNameOf({ group, version, kind }: Pick<Resource, "group" | "version" | "kind">): string {
  const [first = ""] = (group === "" ? "core" : group).split(".");
  const stem = `${version.charAt(0).toUpperCase()}${version.slice(1)}${kind}`;
  const qualified = `${first.charAt(0).toUpperCase()}${first.slice(1)}${stem}`;
  return findModel(qualified) === undefined ? stem : qualified;
}

const inMeta = new Set([
  "ObjectMeta",
  "OwnerReference",
  "ManagedFieldsEntry",
  "LabelSelector",
  "LabelSelectorRequirement",
  "Condition",
  "MicroTime",
]);
const quantity = "io.k8s.apimachinery.pkg.api.resource.Quantity";
const intOrString = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
const fieldsV1 = "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1";
const microTime = "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime";

/** Where amounts stand; the library has them as texts. */
const amounts = new Set([
  "allocatable",
  "allocatedResources",
  "capacity",
  "hard",
  "limits",
  "overhead",
  "requests",
  "resources",
  "consumedCapacity",
  "used",
]);

const amount = new Set(["divisor", "sizeLimit", "maximumVolumeSize"]);

/** Those that are no models. */
const scalars: Readonly<Record<string, JsonObject>> = {
  [quantity]: { description: "An amount, such as 100m or 2Gi.", oneOf: [{ type: "string" }, { type: "number" }] },
  [intOrString]: {
    description: "A number or a text.",
    format: "int-or-string",
    oneOf: [{ type: "integer" }, { type: "string" }],
  },
  [fieldsV1]: { description: "Fields, as a tree of their names.", type: "object" },
  [microTime]: { description: "A time with its microseconds.", type: "string", format: "date-time" },
};

/** `io.k8s.api.core.v1.PodSpec`: clients show what stands behind the last dot. */
export function schemaNameOf(model: string, prefix: string): string {
  const name = model.replace(/^(?:[A-Z][a-z]+)?V\d+(?:(?:alpha|beta)\d+)?/, "");
  return inMeta.has(name) ? `io.k8s.apimachinery.pkg.apis.meta.v1.${name}` : `${prefix}.${name}`;
}

/** The schemas of these models and of all that they speak of, by name. */
export function builtInSchemas(names: readonly string[], prefix: string): Readonly<Record<string, JsonObject>> {
  const schemas: Record<string, JsonObject> = { ...scalars };
  const add = (name: string): void => {
    const key = schemaNameOf(name, prefix);
    const model = findModel(name);
    if (model === undefined || Object.hasOwn(schemas, key)) return;
    schemas[key] = {};
    schemas[key] = schemaOf(model, { prefix, isService: name.startsWith("V1Service") });
    for (const { type } of model.fields) for (const [other] of type.matchAll(/[A-Z]\w*V?\d\w*/g)) add(other);
  };
  for (const name of names) add(name);
  return schemas;
}

interface Within {
  readonly prefix: string;
  readonly isService: boolean;
}

function schemaOf({ description, fields }: Model, within: Within): JsonObject {
  const required = fields.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  const properties = fields.map(({ name, type, format, description: text }) => {
    const value = valueSchema(type, { name, format, ...within });
    return [name, { ...(text === "" ? {} : { description: text }), ...value, ...mergeOf(name, type, within) }] as const;
  });
  return {
    description,
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required }),
  };
}

interface Place extends Within {
  readonly name: string;
  readonly format: string;
}

function valueSchema(type: string, place: Place): JsonObject {
  const items = /^Array<(.*)>$/.exec(type)?.[1];
  if (items !== undefined) return { type: "array", items: valueSchema(items, place) };
  const values = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
  if (values !== undefined) {
    const isAmount = amounts.has(place.name) && values === "string";
    return { type: "object", additionalProperties: isAmount ? reference(quantity) : valueSchema(values, place) };
  }
  switch (type) {
    case "string":
      if (amount.has(place.name)) return reference(quantity);
      return place.format === "" ? { type } : { type, format: place.format };
    case "boolean":
      return place.format === "" ? { type } : { type, format: place.format };
    case "Date":
      return { type: "string", format: "date-time" };
    case "number":
      return numberSchema(place.format);
    case "any":
      if (place.name === "fieldsV1") return { allOf: [reference(fieldsV1)] };
      return { type: "object", "x-kubernetes-preserve-unknown-fields": true };
    case "IntOrString":
      return reference(intOrString);
    default:
      return { allOf: [reference(schemaNameOf(type, place.prefix))] };
  }
}

function numberSchema(format: string): JsonObject {
  return format.startsWith("int")
    ? { type: "integer", format }
    : { type: "number", ...(format === "" ? {} : { format }) };
}

function reference(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

/** kubectl makes its patches by these. */
function mergeOf(name: string, type: string, { isService }: Within): JsonObject {
  if (!type.startsWith("Array<")) return {};
  const key = mergeKeyOf(isService ? "Service" : "", name);
  if (key === undefined) return { "x-kubernetes-list-type": "atomic" };
  const isPlain = type === "Array<string>";
  if (isPlain !== (key === "")) return {};
  const strategy = { "x-kubernetes-patch-strategy": name === "volumes" ? "merge,retainKeys" : "merge" };
  return isPlain ? strategy : { ...strategy, "x-kubernetes-patch-merge-key": key };
}
