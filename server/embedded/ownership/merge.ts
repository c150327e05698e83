import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { isJsonObject, isList } from "../storage/api-object.ts";
import { itemsOf } from "./fields.ts";
import { isEmpty, itemStep, memberStep, noFields, valueStep, type FieldTree } from "./field-tree.ts";
import type { FieldShape } from "./shapes.ts";

/** The value with what was applied to it; what the applied value does not mention stays. Upstream: `typed.Merge`. */
export function mergedWith(value: JsonValue | undefined, applied: JsonValue, shape: FieldShape): JsonValue {
  if (isList(applied)) return isList(value) ? mergedList(value, applied, shape) : applied;
  if (!isJsonObject(applied) || shape.isAtomic || !isJsonObject(value)) return applied;
  const result: Record<string, JsonValue | undefined> = { ...value };
  for (const [name, member] of Object.entries(applied)) {
    if (member !== undefined) result[name] = mergedWith(value[name], member, shape.member(name));
  }
  return result;
}

function mergedList(list: readonly JsonValue[], applied: readonly JsonValue[], shape: FieldShape): JsonValue {
  if (shape.list === "atomic") return applied;
  const items = new Map(itemsOf(list, shape.list));
  for (const [step, item] of itemsOf(applied, shape.list)) {
    items.set(step, mergedWith(items.get(step), item, shape.item()));
  }
  return [...items.values()];
}

interface Pruning {
  /** What the applier said last time. */
  readonly before: FieldTree;
  /** What anybody says now. */
  readonly owned: FieldTree;
  readonly shape: FieldShape;
}

/** The value without what only the applier wanted and wants no longer; `undefined` if nothing is left of it. Upstream: `merge.Updater.prune`. */
export function prunedOf(value: JsonValue, { before, owned, shape }: Pruning): JsonValue | undefined {
  if (isEmpty(before)) return value;
  if (before.isMember && isEmpty(owned)) return undefined;
  if (isList(value)) {
    const { list } = shape;
    if (list === "atomic") return value;
    const items = value.flatMap((item) => {
      const step = list === "set" || !isJsonObject(item) ? valueStep(item) : itemStep(item, list);
      return prunedOf(item, { ...below({ before, owned }, step), shape: shape.item() }) ?? [];
    });
    return items.length === 0 && value.length > 0 && isEmpty(owned) ? undefined : items;
  }
  return isJsonObject(value) ? prunedObject(value, { before, owned, shape }) : value;
}

function prunedObject(value: JsonObject, { before, owned, shape }: Pruning): JsonObject | undefined {
  const members: [string, JsonValue | undefined][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const kept = prunedOf(member, { ...below({ before, owned }, memberStep(name)), shape: shape.member(name) });
    if (kept !== undefined) members.push([name, kept]);
  }
  return members.length === 0 && Object.keys(value).length > 0 && isEmpty(owned)
    ? undefined
    : Object.fromEntries(members);
}

function below({ before, owned }: Pick<Pruning, "before" | "owned">, step: string) {
  return { before: before.children.get(step) ?? noFields, owned: owned.children.get(step) ?? noFields };
}
