import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { isJsonObject, isList, isSameJson } from "../storage/api-object.ts";
import { mergeKeyOf } from "./merge-keys.ts";

type Members = Record<string, JsonValue | undefined>;

const orderPrefix = "$setElementOrder/";
const deletePrefix = "$deleteFromPrimitiveList/";

/** A strategic merge patch, with its directives. Upstream: `strategicpatch.StrategicMergePatch`. */
export function applyStrategicMergePatch(kind: string, document: JsonObject, patch: JsonObject): JsonObject {
  if (patch["$patch"] === "replace") return withoutDirectives(patch);
  if (patch["$patch"] === "delete") return {};
  const result: Members = retained({ ...document }, patch["$retainKeys"]);
  for (const [name, change] of Object.entries(patch)) {
    if (name.startsWith(deletePrefix)) removeValues(result, name.slice(deletePrefix.length), change);
    if (name.startsWith("$") || name === "__proto__") continue;
    if (change === null) delete result[name];
    else if (change !== undefined) result[name] = merged(kind, name, { value: result[name], change });
  }
  for (const [name, order] of Object.entries(patch)) {
    if (name.startsWith(orderPrefix)) reorder(kind, result, { name: name.slice(orderPrefix.length), order });
  }
  return result;
}

function merged(
  kind: string,
  name: string,
  { value, change }: { readonly value: JsonValue | undefined; readonly change: JsonValue },
): JsonValue {
  if (isJsonObject(change)) return applyStrategicMergePatch(kind, isJsonObject(value) ? value : {}, change);
  const key = mergeKeyOf(kind, name);
  if (!isList(change) || key === undefined) return change;
  const items = isList(value) ? value : [];
  if (key === "") return [...items, ...change.filter((item) => !items.some((other) => isSameJson(item, other)))];
  return mergeItems(kind, items, { changes: change.filter(isJsonObject), key });
}

function mergeItems(
  kind: string,
  items: readonly JsonValue[],
  { changes, key }: { readonly changes: readonly JsonObject[]; readonly key: string },
): readonly JsonValue[] {
  const isReplaced = changes.some((change) => change["$patch"] === "replace");
  const result: JsonObject[] = isReplaced ? [] : items.filter(isJsonObject);
  for (const change of changes) {
    if (change["$patch"] === "replace" && change[key] === undefined) continue;
    const index = result.findIndex((item) => item[key] === change[key]);
    const found = result[index];
    if (change["$patch"] === "delete") {
      if (found !== undefined) result.splice(index, 1);
    } else if (found === undefined) result.push(applyStrategicMergePatch(kind, {}, change));
    else result[index] = applyStrategicMergePatch(kind, found, change);
  }
  return result;
}

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([name]) => !name.startsWith("$")));
}

function retained(document: Members, keys: JsonValue | undefined): Members {
  if (!isList(keys)) return document;
  return Object.fromEntries(Object.entries(document).filter(([name]) => keys.includes(name)));
}

function removeValues(document: Members, name: string, removed: JsonValue | undefined): void {
  const values = document[name];
  if (isList(values) && isList(removed)) document[name] = values.filter((value) => !removed.includes(value));
}

/** Items that the patch puts in order come first, in that order; the others keep their places behind them. */
function reorder(
  kind: string,
  document: Members,
  { name, order }: { readonly name: string; readonly order: JsonValue | undefined },
): void {
  const items = document[name];
  if (!isList(items) || !isList(order)) return;
  const key = mergeKeyOf(kind, name) ?? "";
  const identity = (item: JsonValue): JsonValue | undefined => (isJsonObject(item) ? item[key] : item);
  const places = order.map(identity);
  const placeOf = (item: JsonValue): number => {
    const place = places.indexOf(identity(item));
    return place === -1 ? places.length : place;
  };
  document[name] = [...items].sort((a, b) => placeOf(a) - placeOf(b));
}
