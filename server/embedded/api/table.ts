import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import type { ApiObject } from "../storage/api-object.ts";

/** A column of `kubectl get`. Priority 0 is shown always, 1 with `-o wide`. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly format?: "name";
  readonly priority?: number;
  readonly description?: string;
  value(object: ApiObject, now: number): JsonValue;
}

export type IncludeObject = "None" | "Metadata" | "Object";

export const nameColumn: Column = {
  name: "Name",
  type: "string",
  format: "name",
  value: ({ metadata }) => metadata.name ?? "",
};

export const ageColumn: Column = {
  name: "Age",
  type: "string",
  value: ({ metadata }, now) => age(metadata.creationTimestamp, now),
};

/** A `Table` of the meta API without its rows. A watch repeats the columns in its first frame only, as upstream does. */
export function tableOf(columns: readonly Column[], metadata: JsonObject, rows: readonly JsonObject[]): JsonObject {
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: columns.map(({ name, type, format = "", priority = 0, description = "" }) => ({
      name,
      type,
      format,
      description,
      priority,
    })),
    rows,
  };
}

export function tableRow(
  columns: readonly Column[],
  object: ApiObject,
  { now, include }: { readonly now: number; readonly include: IncludeObject },
): JsonObject {
  return { cells: columns.map((column) => column.value(object, now)), object: rowObject(object, include) };
}

function rowObject(object: ApiObject, include: IncludeObject): JsonObject | undefined {
  if (include === "None") return undefined;
  return include === "Object" ? object : partialMetadata(object);
}

export function partialMetadata(object: ApiObject): JsonObject {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata };
}

/** `5m`, `3h12m`, as `duration.HumanDuration` shortens it. */
export function age(since: JsonValue | undefined, now: number): string {
  if (typeof since !== "string") return "<unknown>";
  const seconds = Math.floor((now - Date.parse(since)) / 1000);
  if (Number.isNaN(seconds) || seconds < -1) return "<invalid>";
  if (seconds < 120) return `${Math.max(seconds, 0)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return twoUnits(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return twoUnits(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return twoUnits(days, "d", hours % 24, "h");
  if (days < 730) return `${days}d`;
  return twoUnits(Math.floor(days / 365), "y", days % 365, "d");
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}
