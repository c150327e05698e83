import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { age, ageColumn, nameColumn, type Column } from "../api/table.ts";
import { isJsonObject, isList, listAt, lookup, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";

export { age, ageColumn, nameColumn, type Column };

export const none = "<none>";
export const unset = "<unset>";

/** The text at a path. */
export function text(name: string, path: readonly string[], { priority = 0, missing = "" } = {}): Column {
  return { name, type: "string", priority, value: (object) => textAt(object, ...path) || missing };
}

export function number(name: string, ...path: readonly string[]): Column {
  return { name, type: "integer", value: (object) => countAt(object, ...path) };
}

export function flag(name: string, path: readonly string[], missing = false): Column {
  return {
    name,
    type: "boolean",
    value: (object) => {
      const value = lookup(object, ...path);
      return typeof value === "boolean" ? value : missing;
    },
  };
}

export function derived(name: string, value: Column["value"], { priority = 0 } = {}): Column {
  return { name, type: "string", priority, value };
}

export function countAt(object: ApiObject, ...path: readonly string[]): number {
  return Number(lookup(object, ...path) ?? 0);
}

export function condition(object: ApiObject, type: string): JsonObject | undefined {
  return listAt(object, "status", "conditions").find((each) => each["type"] === type);
}

export function isTrue(object: ApiObject, type: string): boolean {
  return condition(object, type)?.["status"] === "True";
}

/** `a=1,b=2`, sorted. Upstream: `labels.FormatLabels`. */
export function labelsText(labels: JsonObject): string {
  const names = Object.keys(labels).sort();
  return names.length === 0 ? none : names.map((name) => `${name}=${textAt(labels, name)}`).join(",");
}

/** Upstream: `metav1.FormatLabelSelector`. */
export function selectorText(selector: JsonValue | undefined): string {
  if (!isJsonObject(selector)) return none;
  const labels = objectAt(selector, "matchLabels");
  const equal = Object.keys(labels)
    .sort()
    .map((name) => `${name}=${textAt(labels, name)}`);
  const parts = [...equal, ...listAt(selector, "matchExpressions").map(expressionText)];
  return parts.length === 0 ? none : parts.sort().join(",");
}

function expressionText(expression: JsonObject): string {
  const key = textAt(expression, "key");
  const values = texts(expression["values"]).toSorted().join(",");
  switch (textAt(expression, "operator")) {
    case "In":
      return `${key} in (${values})`;
    case "NotIn":
      return `${key} notin (${values})`;
    case "DoesNotExist":
      return `!${key}`;
    default:
      return key;
  }
}

/** Of a list, those that are texts. */
export function texts(list: JsonValue | undefined): readonly string[] {
  return isList(list) ? list.filter((item) => typeof item === "string") : [];
}

/** What `-o wide` adds to whatever has a template. */
export const templateColumns: readonly Column[] = [
  derived("Containers", (object) => ofContainers(object, "name"), { priority: 1 }),
  derived("Images", (object) => ofContainers(object, "image"), { priority: 1 }),
];

export const selectorColumn: Column = derived(
  "Selector",
  (object) => selectorText(lookup(object, "spec", "selector")),
  {
    priority: 1,
  },
);

function ofContainers(object: ApiObject, member: string): string {
  return listAt(object, "spec", "template", "spec", "containers")
    .map((container) => textAt(container, member))
    .join(",");
}
