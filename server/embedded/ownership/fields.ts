import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { isJsonObject, isList, isSameJson } from "../storage/api-object.ts";
import {
  itemStep,
  memberStep,
  noFields,
  oneField,
  treeOf,
  valueStep,
  type FieldTree,
  type ListKeys,
} from "./field-tree.ts";
import type { FieldShape } from "./shapes.ts";

type Value = JsonValue | undefined;

/** What somebody says who sends this value. Upstream: `typed.ToFieldSet`. */
export function fieldsOf(value: JsonValue, shape: FieldShape): FieldTree {
  if (isList(value)) {
    if (shape.list === "atomic" || value.length === 0) return oneField;
    return treeOf(
      false,
      [...itemsOf(value, shape.list)].map(([step, item]) => [step, itemFields(item, shape)] as const),
    );
  }
  if (!isJsonObject(value)) return oneField;
  const members = present(value);
  if (shape.isAtomic || members.length === 0) return oneField;
  return treeOf(
    false,
    members.map(([name, member]) => [memberStep(name), fieldsOf(member, shape.member(name))] as const),
  );
}

function itemFields(item: JsonValue, shape: FieldShape): FieldTree {
  return isJsonObject(item) ? { ...fieldsOf(item, shape.item()), isMember: true } : oneField;
}

function present(object: JsonObject): readonly (readonly [string, JsonValue])[] {
  return Object.entries(object).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined);
}

/** The items of a list by their steps; of two that claim one place the first. */
export function itemsOf(list: readonly JsonValue[], keys: "set" | ListKeys): ReadonlyMap<string, JsonValue> {
  const items = new Map<string, JsonValue>();
  for (const item of list) {
    const step = keys === "set" || !isJsonObject(item) ? valueStep(item) : itemStep(item, keys);
    if (!items.has(step)) items.set(step, item);
  }
  return items;
}

/** What a write did to an object. */
export interface Changes {
  /** Added, or given another value. */
  readonly changed: FieldTree;
  readonly removed: FieldTree;
}

const unchanged: Changes = { changed: noFields, removed: noFields };

/** Members that Go writes also when there is nothing in them, so that nobody is the one who added them. */
const alwaysThere = new Set(["metadata", "spec", "status", "template", "strategy", "containers"]);

/** Upstream: `typed.Compare`. */
export function changesBetween(before: Value, after: Value, shape: FieldShape): Changes {
  if (isSameJson(before, after)) return unchanged;
  const [children, isPiecewise] = childrenOf(before, after, shape);
  if (!isPiecewise) {
    return after === undefined ? { changed: noFields, removed: oneField } : { changed: oneField, removed: noFields };
  }
  const changes = children.map(([step, child]) => [step, childChanges(step, child)] as const);
  return {
    changed: treeOf(
      before === undefined,
      changes.map(([step, { changed }]) => [step, changed] as const),
    ),
    removed: treeOf(
      after === undefined,
      changes.map(([step, { removed }]) => [step, removed] as const),
    ),
  };
}

interface Child {
  readonly before: Value;
  readonly after: Value;
  readonly shape: FieldShape;
}

function childChanges(step: string, { before, after, shape }: Child): Changes {
  const isAlwaysThere = before === undefined && alwaysThere.has(step.slice(2));
  const changes = changesBetween(before, after, shape);
  return isAlwaysThere && changes.changed.children.size > 0
    ? { ...changes, changed: { ...changes.changed, isMember: false } }
    : changes;
}

/** The pieces of both, side by side; false where the value is one piece. */
function childrenOf(before: Value, after: Value, shape: FieldShape): [(readonly [string, Child])[], boolean] {
  const either = before ?? after;
  if (isList(either)) {
    const { list } = shape;
    if (list === "atomic" || !isListOrNothing(before) || !isListOrNothing(after)) return [[], false];
    const [old, now] = [itemsOf(before ?? [], list), itemsOf(after ?? [], list)];
    if (old.size + now.size === 0) return [[], false];
    const steps = new Set([...old.keys(), ...now.keys()]);
    const item = shape.item();
    return [[...steps].map((step) => [step, { before: old.get(step), after: now.get(step), shape: item }]), true];
  }
  if (shape.isAtomic || !isObjectOrNothing(before) || !isObjectOrNothing(after)) return [[], false];
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  if (names.size === 0) return [[], false];
  return [
    [...names].map((name) => {
      const child = { before: before?.[name], after: after?.[name], shape: shape.member(name) };
      return [memberStep(name), child] as const;
    }),
    true,
  ];
}

function isListOrNothing(value: Value): value is readonly JsonValue[] | undefined {
  return value === undefined || isList(value);
}

function isObjectOrNothing(value: Value): value is JsonObject | undefined {
  return value === undefined || (isJsonObject(value) && !isList(value));
}
