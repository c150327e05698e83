import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { apiVersionOf, type Resource } from "../api/resource.ts";
import { isJsonObject, isList, isSameJson, type ApiObject } from "../storage/api-object.ts";
import { applyConflict, type Conflict } from "./conflicts.ts";
import { changesBetween, fieldsOf } from "./fields.ts";
import { difference, intersection, isEmpty, noFields, treeFrom, union, withoutRemoved } from "./field-tree.ts";
import type { FieldTree } from "./field-tree.ts";
import { isSameManager, managedFieldsOf, managersFrom, type Manager, type ManagerIdentity } from "./managers.ts";
import { mergedWith, prunedOf } from "./merge.ts";
import { shapeOf, type FieldShape } from "./shapes.ts";

/** Who writes, and through which part of the object. */
export interface Writer {
  readonly manager: string;
  readonly subresource: string;
  readonly now: string;
}

/** What the server itself keeps of every object belongs to nobody. Upstream: `stripMeta`. */
const ofServer = treeFrom({
  "f:apiVersion": {},
  "f:kind": {},
  "f:metadata": {
    ".": {},
    ...Object.fromEntries(
      [
        "creationTimestamp",
        "deletionGracePeriodSeconds",
        "deletionTimestamp",
        "generateName",
        "generation",
        "managedFields",
        "name",
        "namespace",
        "resourceVersion",
        "selfLink",
        "uid",
      ].map((name) => [`f:${name}`, {}]),
    ),
  },
});

const kubectl = "kubectl";
const lastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration";
const statusField = treeFrom({ "f:status": {} });

/** The new object with its creator as the owner of all that there is. */
export function ownedByCreator(resource: Resource, object: ApiObject, writer: Writer): ApiObject {
  const { changed } = changesBetween({}, object, shapeOf(resource));
  const fields = ownable(resource, changed, writer);
  return withManagers(object, [{ ...identityOf(resource, writer, "Update"), time: writer.now, fields }]);
}

interface Update {
  readonly stored: ApiObject;
  readonly next: ApiObject;
  /** What the request says of `managedFields`: one empty entry asks to forget them all. */
  readonly asked: JsonValue | undefined;
  readonly writer: Writer;
}

/**
 * The object after a write that is not an apply: who wrote owns what it changed, everybody else loses it. An object that
 * nobody's fields are known of stays so. Upstream: `merge.Updater.Update`, `skipNonAppliedManager`.
 */
export function ownedAfterUpdate(resource: Resource, { stored, next, asked, writer }: Update): ApiObject {
  if (isList(asked) && asked.length === 1 && isSameJson(asked[0], {})) return withManagers(next, []);
  const fromRequest = managersFrom(asked);
  const before = fromRequest.length > 0 ? fromRequest : managersFrom(stored.metadata["managedFields"]);
  if (before.length === 0) return next;
  const { changed, removed } = changesBetween(bare(stored), bare(next), shapeOf(resource));
  const touched = ownable(resource, changed, writer);
  const me = identityOf(resource, writer, "Update");
  const mine = before.find((each) => isSameManager(each, me));
  const others = before
    .filter((each) => each !== mine)
    .map((each) => keeping(each, withoutRemoved(difference(each.fields, touched), removed)));
  const fields = withoutRemoved(union(mine?.fields ?? noFields, touched), removed);
  const isSame = mine !== undefined && isEmpty(touched);
  return withManagers(next, [...others, { ...me, time: isSame ? mine.time : writer.now, fields }]);
}

interface Application {
  /** `undefined` for an object that is about to be created. */
  readonly stored: ApiObject | undefined;
  readonly applied: ApiObject;
  readonly isForced: boolean;
  readonly writer: Writer;
}

interface Applied {
  /** As if it had been sent whole. */
  readonly object: JsonObject;
  readonly managedFields: readonly JsonObject[];
}

/**
 * The object after a server-side apply, and its managers. Refuses where somebody else owns a field that would get another
 * value, unless forced: then they lose it. Upstream: `merge.Updater.Apply`.
 *
 * @throws StatusError
 */
export function afterApply(resource: Resource, { stored, applied, isForced, writer }: Application): Applied {
  const shape = shapeOf(resource);
  const live = stored === undefined ? undefined : bare(stored);
  const me = identityOf(resource, writer, "Apply");
  const before = stored === undefined ? [] : knownManagers(resource, stored, writer);
  const mine = before.find((each) => isSameManager(each, me));
  const others = before.filter((each) => each !== mine);
  const said = bare(withoutNulls(applied));
  const fields = ownable(resource, fieldsOf(said, shape), writer);
  const owned = others.reduce((all, each) => union(all, each.fields), fields);
  const merged = mergedWith(live, said, shape);
  const pruned = prunedOf(merged, { before: mine?.fields ?? noFields, owned, shape });
  const next = isJsonObject(pruned) ? pruned : said;
  const { changed, removed } = changesBetween(live ?? {}, next, shape);
  const contested = others
    .map((manager) => ({ manager, fields: intersection(manager.fields, changed) }))
    .filter((conflict) => !isEmpty(conflict.fields));
  if (contested.length > 0 && !isForced) {
    const refused = writer.manager === kubectl ? withoutLastApplied(contested, stored, shape) : contested;
    if (refused.length > 0) throw applyConflict(refused);
  }
  const left = others.map((each) => keeping(each, withoutRemoved(difference(each.fields, changed), removed)));
  const isSame =
    mine !== undefined && isEmpty(difference(fields, mine.fields)) && isEmpty(difference(mine.fields, fields));
  const managers = [...left, { ...me, time: isSame ? mine.time : writer.now, fields }];
  return { object: next, managedFields: managedFieldsOf(managers) };
}

/**
 * What kubectl applied by itself before, and nobody changed since, it may take over. Upstream: `lastAppliedManager`.
 */
function withoutLastApplied(
  contested: readonly Conflict[],
  stored: ApiObject | undefined,
  shape: FieldShape,
): readonly Conflict[] {
  const last = lastApplied(stored);
  if (last === undefined || stored === undefined) return contested;
  const said = fieldsOf(last, shape);
  const { changed, removed } = changesBetween(last, bare(stored), shape);
  const allowed = withoutRemoved(difference(said, changed), removed);
  return contested
    .map(({ manager, fields }) => ({ manager, fields: difference(fields, allowed) }))
    .filter(({ fields }) => !isEmpty(fields));
}

function lastApplied(stored: ApiObject | undefined): JsonValue | undefined {
  try {
    return JSON.parse(stored?.metadata.annotations?.[lastAppliedAnnotation] ?? "") as JsonValue;
  } catch {
    return undefined;
  }
}

/** Fields of an object that was never applied to belong to whoever came before. */
function knownManagers(resource: Resource, stored: ApiObject, { now, subresource }: Writer): readonly Manager[] {
  const known = managersFrom(stored.metadata["managedFields"]);
  if (known.length > 0) return known;
  const writer = { manager: "before-first-apply", subresource: "", now };
  const fields = ownable(resource, fieldsOf(bare(stored), shapeOf(resource)), { ...writer, subresource });
  return [{ ...identityOf(resource, writer, "Update"), time: now, fields }];
}

/** What an endpoint writes: not the other's half, and nothing of the server's own. */
function ownable({ hasStatus }: Resource, fields: FieldTree, { subresource }: Writer): FieldTree {
  const free = difference(fields, ofServer);
  const status = free.children.get("f:status");
  if (subresource === "status") {
    return status === undefined ? noFields : { isMember: false, children: new Map([["f:status", status]]) };
  }
  return hasStatus ? withoutRemoved(free, statusField) : free;
}

function identityOf(
  resource: Resource,
  { manager, subresource }: Writer,
  operation: Manager["operation"],
): ManagerIdentity {
  return { name: manager, operation, apiVersion: apiVersionOf(resource), subresource };
}

function keeping(manager: Manager, fields: FieldTree): Manager {
  return { ...manager, fields };
}

function withManagers(object: ApiObject, managers: readonly Manager[]): ApiObject {
  return withManagedFields(object, managedFieldsOf(managers));
}

export function withManagedFields(object: ApiObject, managedFields: readonly JsonObject[]): ApiObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata: managedFields.length === 0 ? metadata : { ...metadata, managedFields } };
}

/** Who owns what is nothing that anybody owns. */
function bare(object: ApiObject): ApiObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function withoutNulls<T extends JsonValue>(value: T): T {
  if (isList(value)) return value.map(withoutNulls) as unknown as T;
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member as JsonValue)])) as T &
    JsonObject;
}
