import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { age, ageColumn, nameColumn, type Column } from "../api/table.ts";
import { textAt } from "../storage/api-object.ts";
import { parseJsonPath } from "./json-path.ts";

const types = ["string", "integer", "number", "boolean", "date"] as const;

/** The columns that a version of a definition asks for; its age where it asks for none. Upstream: `tableconvertor.New`. */
export function columnsOf(printerColumns: readonly JsonObject[]): readonly Column[] {
  if (printerColumns.length === 0) return [nameColumn, ageColumn];
  return [nameColumn, ...printerColumns.map(columnOf)];
}

function columnOf(column: JsonObject): Column {
  const type = types.find((each) => each === column["type"]) ?? "string";
  const read = parseJsonPath(textAt(column, "jsonPath"));
  const priority = Number(column["priority"] ?? 0);
  const name = textAt(column, "name");
  const description = textAt(column, "description");
  return { name, type, priority, description, value: (object, now) => cell(read?.(object), type, now) };
}

function cell(value: JsonValue | undefined, type: Column["type"], now: number): JsonValue {
  if (value === undefined || value === null) return null;
  if (type === "date") return typeof value === "string" ? age(value, now) : null;
  if (type === "integer") return typeof value === "number" ? Math.trunc(value) : null;
  if (type === "number") return typeof value === "number" ? value : null;
  if (type === "boolean") return typeof value === "boolean" ? value : null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
