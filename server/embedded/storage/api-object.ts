import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";

export interface OwnerReference extends JsonObject {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface Metadata extends JsonObject {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: StringMap;
  readonly annotations?: StringMap;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

interface StringMap extends JsonObject {
  readonly [key: string]: string;
}

/** Any object as the API speaks it. Never changed in place: a write stores another object. */
export interface ApiObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands at a path of members, `undefined` where the path ends early. */
export function lookup(object: JsonObject, ...path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = object;
  for (const name of path) {
    if (!isJsonObject(value)) return undefined;
    value = value[name];
  }
  return value;
}

/** The text at a path, `""` where there is none, which is what a selector compares an unset field with. */
export function textAt(object: JsonObject, ...path: readonly string[]): string {
  const value = lookup(object, ...path);
  if (value === undefined || value === null || typeof value === "object") return "";
  return String(value);
}

export function objectAt(object: JsonObject, ...path: readonly string[]): JsonObject {
  const value = lookup(object, ...path);
  return isJsonObject(value) ? value : {};
}

export function listAt(object: JsonObject, ...path: readonly string[]): readonly JsonObject[] {
  const value = lookup(object, ...path);
  return Array.isArray(value) ? value.filter((item) => isJsonObject(item as JsonValue)) : [];
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Equal as JSON values: the order of members does not count, and an `undefined` member is no member. */
export function isSameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, index) => isSameJson(item, b[index]));
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  for (const key of Object.keys(a)) if (!isSameJson(a[key], b[key])) return false;
  for (const key of Object.keys(b)) if (b[key] !== undefined && a[key] === undefined) return false;
  return true;
}
