import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { isJsonObject, isList, objectAt } from "../storage/api-object.ts";

/** A structural schema, or a part of one, as a CustomResourceDefinition has it. Read member by member: nothing is compiled. */
export type Schema = JsonObject;

/** What may stand in a member of an object; `undefined` if the schema does not say. */
export function memberSchema(schema: Schema, name: string): Schema | undefined {
  const properties = objectAt(schema, "properties");
  const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (isJsonObject(own)) return own;
  const additional = schema["additionalProperties"];
  return isJsonObject(additional) ? additional : undefined;
}

/** Whether members that the schema does not name are kept. */
export function keepsUnknown(schema: Schema): boolean {
  return schema["x-kubernetes-preserve-unknown-fields"] === true || schema["additionalProperties"] === true;
}

export function isEmbeddedResource(schema: Schema): boolean {
  return schema["x-kubernetes-embedded-resource"] === true;
}

export function itemSchema(schema: Schema): Schema {
  return objectAt(schema, "items");
}

/** `spec.ports[0].name`, as errors name a place. */
export function memberPath(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** The type of a value in the words of a schema. */
export function typeOf(value: JsonValue): string {
  if (value === null) return "null";
  if (isList(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}
