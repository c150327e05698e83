import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { isJsonObject, isList, objectAt } from "../storage/api-object.ts";
import { itemSchema, memberSchema, type Schema } from "./schema.ts";

/** The object with the defaults of its schema where nothing is said. Upstream: `structuraldefaulting.Default`. */
export function withDefaults(object: JsonObject, schema: Schema): JsonObject {
  const filled: Record<string, JsonValue | undefined> = { ...object };
  for (const [name, property] of Object.entries(objectAt(schema, "properties"))) {
    if (!isJsonObject(property) || property["default"] === undefined) continue;
    const isNullable = property["nullable"] === true;
    if (filled[name] === undefined || (filled[name] === null && !isNullable)) filled[name] = property["default"];
  }
  const members = Object.entries(filled).map(([name, value]) => {
    const member = memberSchema(schema, name);
    return [name, member === undefined || value === undefined ? value : valueWithDefaults(value, member)] as const;
  });
  return Object.fromEntries(members);
}

function valueWithDefaults(value: JsonValue, schema: Schema): JsonValue {
  if (isList(value)) return value.map((item) => valueWithDefaults(item, itemSchema(schema)));
  return isJsonObject(value) ? withDefaults(value, schema) : value;
}
