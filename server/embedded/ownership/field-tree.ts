import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { isJsonObject, isList } from "../storage/api-object.ts";

/**
 * A set of fields of an object, as `FieldsV1` writes one. Steps are `f:name` for a member, `k:{"name":"a"}` for the item of
 * a keyed list, `v:"a"` for that of a set. Never changed. Upstream: `fieldpath.Set`.
 */
export interface FieldTree {
  /** Whether the place itself belongs to the set, not only what lies below it. */
  readonly isMember: boolean;
  readonly children: ReadonlyMap<string, FieldTree>;
}

const nothing: ReadonlyMap<string, FieldTree> = new Map();

export const noFields: FieldTree = { isMember: false, children: nothing };
export const oneField: FieldTree = { isMember: true, children: nothing };

export function isEmpty({ isMember, children }: FieldTree): boolean {
  return !isMember && children.size === 0;
}

/** Children without fields are left out, so that an empty set has one form. */
export function treeOf(isMember: boolean, children: Iterable<readonly [string, FieldTree]>): FieldTree {
  return { isMember, children: new Map([...children].filter(([, child]) => !isEmpty(child))) };
}

export function union(a: FieldTree, b: FieldTree): FieldTree {
  const children = new Map(a.children);
  for (const [step, child] of b.children) children.set(step, union(children.get(step) ?? noFields, child));
  return { isMember: a.isMember || b.isMember, children };
}

export function intersection(a: FieldTree, b: FieldTree): FieldTree {
  const children = [...a.children].map(
    ([step, child]) => [step, intersection(child, b.children.get(step) ?? noFields)] as const,
  );
  return treeOf(a.isMember && b.isMember, children);
}

/** The fields of `a` that are not in `b`. */
export function difference(a: FieldTree, b: FieldTree): FieldTree {
  const children = [...a.children].map(([step, child]) => {
    const other = b.children.get(step);
    return [step, other === undefined ? child : difference(child, other)] as const;
  });
  return treeOf(a.isMember && !b.isMember, children);
}

/** `fields` without `removed` and all that lies below what was removed. */
export function withoutRemoved(fields: FieldTree, removed: FieldTree): FieldTree {
  if (removed.isMember) return noFields;
  const children = [...fields.children].map(([step, child]) => {
    const gone = removed.children.get(step);
    return [step, gone === undefined ? child : withoutRemoved(child, gone)] as const;
  });
  return treeOf(fields.isMember, children);
}

/** Each field by its steps, in the order of the tree. */
export function* pathsOf(tree: FieldTree, path: readonly string[] = []): IterableIterator<readonly string[]> {
  if (tree.isMember) yield path;
  for (const [step, child] of tree.children) yield* pathsOf(child, [...path, step]);
}

/** `.spec.containers[name="main"].image`, as conflicts name a field. */
export function pathText(path: readonly string[]): string {
  return path.map(stepText).join("");
}

function stepText(step: string): string {
  const rest = step.slice(2);
  if (step.startsWith("f:")) return `.${rest}`;
  if (step.startsWith("v:")) return `[=${rest}]`;
  const keys = Object.entries(parsedKeys(rest)).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `[${keys.join(",")}]`;
}

function parsedKeys(text: string): JsonObject {
  const keys = JSON.parse(text) as JsonValue;
  return isJsonObject(keys) ? keys : {};
}

export function memberStep(name: string): string {
  return `f:${name}`;
}

/** The members by which a keyed list tells its items apart, in the order of their names. */
export function itemStep(item: JsonObject, keys: ListKeys): string {
  const named = Object.entries(keys)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, missing]) => [name, item[name] ?? missing] as const);
  return `k:${JSON.stringify(Object.fromEntries(named.filter(([, value]) => value !== undefined)))}`;
}

/** The names of the keys, each with what counts where an item does not say. */
export type ListKeys = Readonly<Record<string, JsonValue | undefined>>;

export function valueStep(value: JsonValue): string {
  return `v:${JSON.stringify(value)}`;
}

/** As it stands in `fieldsV1`. What is not of that form counts as no field. */
export function treeFrom(fields: JsonValue | undefined): FieldTree {
  if (!isJsonObject(fields) || isList(fields)) return noFields;
  const steps = Object.entries(fields).filter(([step]) => step !== ".");
  if (steps.length === 0) return oneField;
  const isMember = fields["."] !== undefined;
  return treeOf(
    isMember,
    steps.map(([step, child]) => [step, treeFrom(child)] as const),
  );
}

export function fieldsV1(tree: FieldTree): JsonObject {
  const sorted = [...tree.children].sort(([a], [b]) => (a < b ? -1 : 1));
  const children = sorted.map(([step, child]) => [step, fieldsV1(child)] as const);
  const self = tree.isMember && children.length > 0 ? [[".", {}] as const] : [];
  return Object.fromEntries([...self, ...children]);
}
