/** What crosses the wire: JSON, but never `null` inside a topic's value, so that a patch can use it for "removed". */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** An RFC 7396 merge patch: members to set, objects to descend into, `null` to remove. Arrays are replaced whole. */
export type MergePatch = JsonObject;

/**
 * The patch that turns `before` into `after`, `undefined` when they are equal. Equal references are skipped without
 * being looked into, so a view that keeps what did not change pays only for what did.
 */
export function diff(before: JsonObject, after: JsonObject): MergePatch | undefined {
  let patch: Record<string, JsonValue> | undefined;
  for (const key of Object.keys(before)) {
    if (before[key] !== undefined && after[key] === undefined) (patch ??= {})[key] = null;
  }
  for (const [key, value] of Object.entries(after)) {
    if (value === undefined) continue;
    const change = changed(before[key], value);
    if (change !== undefined) (patch ??= {})[key] = change;
  }
  return patch;
}

function changed(before: JsonValue | undefined, after: JsonValue): JsonValue | undefined {
  if (before === after) return undefined;
  if (isObject(before) && isObject(after)) return diff(before, after);
  return before !== undefined && isSame(before, after) ? undefined : after;
}

/**
 * Applies a patch. The one function for it, on both sides of the wire. What the patch does not touch keeps its
 * reference, so a selector over an untouched part sees no change.
 */
export function applyPatch(value: JsonObject, patch: MergePatch): JsonObject {
  const result: Record<string, JsonValue | undefined> = { ...value };
  for (const [key, change] of Object.entries(patch)) {
    if (key === "__proto__") continue; // no topic has such a member; assigning it would change the prototype
    if (change === null) delete result[key];
    else if (change !== undefined) result[key] = merged(result[key], change);
  }
  return result;
}

function merged(value: JsonValue | undefined, change: JsonValue): JsonValue {
  if (!isObject(change)) return change;
  return applyPatch(isObject(value) ? value : {}, change);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSame(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isSame(item as JsonValue, b[index] as JsonValue));
  }
  return isObject(a) && isObject(b) && diff(a, b) === undefined;
}
