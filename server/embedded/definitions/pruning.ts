import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { isJsonObject, isList } from "../storage/api-object.ts";
import { isEmbeddedResource, itemSchema, keepsUnknown, memberPath, memberSchema, type Schema } from "./schema.ts";

interface Pruned<T> {
  readonly value: T;
  /** The paths of what was dropped, in the order of the document. */
  readonly unknown: readonly string[];
}

const resourceMembers = new Set(["apiVersion", "kind", "metadata"]);

/** The object without what its schema does not know. Upstream: `structuralpruning.PruneWithOptions`. */
export function pruneObject<T extends JsonObject>(object: T, schema: Schema): Pruned<T> {
  const unknown: string[] = [];
  const value = prunedObject(object, schema, { path: "", isResource: true, unknown });
  // Only members below those that every object has were dropped.
  return { value: value as T, unknown };
}

interface Place {
  readonly path: string;
  readonly isResource: boolean;
  readonly unknown: string[];
}

function prunedObject(object: JsonObject, schema: Schema, { path, isResource, unknown }: Place): JsonObject {
  const kept: [string, JsonValue | undefined][] = [];
  for (const [name, value] of Object.entries(object)) {
    const at = memberPath(path, name);
    const member = memberSchema(schema, name);
    if (isResource && resourceMembers.has(name)) kept.push([name, value]);
    else if (member !== undefined && value !== undefined) kept.push([name, prunedValue(value, member, at, unknown)]);
    else if (keepsUnknown(schema)) kept.push([name, value]);
    else unknown.push(at);
  }
  return Object.fromEntries(kept);
}

function prunedValue(value: JsonValue, schema: Schema, path: string, unknown: string[]): JsonValue {
  if (isList(value)) {
    return value.map((item, index) => prunedValue(item, itemSchema(schema), `${path}[${index}]`, unknown));
  }
  if (!isJsonObject(value)) return value;
  return prunedObject(value, schema, { path, isResource: isEmbeddedResource(schema), unknown });
}
