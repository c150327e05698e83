import type { JsonObject } from "#lib/protocol/index.ts";
import { ownedAfterUpdate, ownedByCreator, withManagedFields, type Writer } from "../ownership/ownership.ts";
import { unknownFields } from "../openapi/unknown-fields.ts";
import { patched, type Patch } from "../patch/patch.ts";
import { isSameJson, lookup, type ApiObject, type Metadata } from "../storage/api-object.ts";
import type { ResourceTable } from "../storage/resource-table.ts";
import type { Storage } from "../storage/storage.ts";
import { StoredObject } from "../storage/stored-object.ts";
import { nameSuffix } from "./names.ts";
import { ServedResources } from "./served-resources.ts";
import { admitName, admitNamespace, parseObject } from "./admission.ts";
import { finalized, graceOf, isOver } from "./deletion.ts";
import { merge } from "./merge.ts";
import type { Resource, StrategyContext } from "./resource.ts";
import { alreadyExists, badRequest, conflict, forbidden, invalid, modifiedMeanwhile, notFound } from "./status.ts";
import type { FieldError, StatusSubject } from "./status.ts";

/** Which object: `namespace` is `""` for a cluster-scoped one. */
export interface Target {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
}

/** The half that an endpoint writes. */
export type Part = "object" | "status" | "resize";

export interface WriteOptions {
  readonly isDryRun?: boolean;
  /** Refuses members that the schema of the resource does not know, instead of dropping them. */
  readonly isStrict?: boolean;
  /** Who writes, as `managedFields` names them; nobody in particular for what runs in this process. */
  readonly manager?: string;
  /** Who owns what afterwards, where that is decided already. */
  readonly managedFields?: readonly JsonObject[];
}

interface UpdateOptions extends WriteOptions {
  readonly part?: Part;
  /** How it is written, where that is not by its part. */
  readonly subresource?: string;
}

export interface DeleteOptions extends WriteOptions {
  /** How long the containers of a pod may take to end, in seconds; 0 if nobody says. */
  readonly gracePeriodSeconds?: number;
  /** Kept until what holds it has been done. */
  readonly finalizer?: string;

  readonly uid?: string;
  readonly resourceVersion?: string;
}

export interface RegistryOptions {
  readonly storage: Storage;
  readonly now: () => number;
  readonly random: () => number;
  readonly newUid: () => string;
}

/** The controllers of this process. They own fields only of objects on which somebody else does. */
const ownManager = "kube-inflight";

const keptNamespaces = ["default", "kube-system", "kube-public"];

/**
 * Every write, whoever asks for it: names, defaults, validation, conflicts, finalizers. Each call is one critical
 * section: it reads, decides and stores without letting anybody else in between.
 */
export class Registry {
  readonly resources: ServedResources;
  readonly #options: RegistryOptions;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.resources = new ServedResources(options.storage);
  }

  get storage(): Storage {
    return this.#options.storage;
  }

  /** To the second, as objects say when something happened. */
  get now(): string {
    return timeText(this.#options.now());
  }

  tableOf(resource: Resource): ResourceTable {
    return this.storage.table(resource.storage);
  }

  /** Throws `NotFound`. */
  get(target: Target): StoredObject {
    const stored = this.tableOf(target.resource).get(keyOf(target));
    if (stored === undefined) throw notFound(subjectOf(target));
    return stored;
  }

  /** `object` is in the version of the resource; what is stored is in the version of its storage. */
  create(
    { resource, namespace }: Pick<Target, "resource" | "namespace">,
    object: JsonObject,
    options: WriteOptions = {},
  ): StoredObject {
    const { isDryRun = false, isStrict = false } = options;
    const asked = this.#toStorage(resource, pruned(resource, parseObject(resource, namespace, object), isStrict));
    if (asked.metadata.resourceVersion !== undefined && asked.metadata.resourceVersion !== "") {
      throw badRequest("resourceVersion should not be set on objects to be created");
    }
    const name = this.#nameFor(resource, namespace, asked.metadata);
    admitName(resource, name);
    if (resource.isNamespaced) admitNamespace(this.storage, namespace, subjectOf({ resource, namespace, name }));
    const target = { resource, namespace, name };
    if (this.tableOf(resource).get(keyOf(target)) !== undefined) throw alreadyExists(subjectOf(target));
    const named = { ...asked, metadata: this.#newMetadata(asked.metadata, target) };
    const prepared = resource.strategy.prepareForCreate?.(named, this.#context()) ?? named;
    this.#validate(target, prepared, undefined);
    return this.#put(target, this.#created(resource, prepared, options), isDryRun);
  }

  /** Unconditional when the object names no version. Returns what is stored already if nothing would change. */
  update(target: Target, object: JsonObject, options: UpdateOptions = {}): StoredObject {
    const { part = "object", isDryRun = false, isStrict = false } = options;
    const stored = this.get(target);
    const { resource, namespace, name } = target;
    const asked = this.#toStorage(resource, pruned(resource, parseObject(resource, namespace, object), isStrict));
    if ((asked.metadata.name ?? name) !== name) {
      throw badRequest(
        `the name of the object (${asked.metadata.name ?? ""}) does not match the name on the URL (${name})`,
      );
    }
    this.#checkPreconditions(target, stored, asked.metadata);
    const merged = merge(resource, { stored: stored.object, asked, part });
    const prepared =
      part === "object" ? resource.strategy.prepareForUpdate?.(merged, stored.object, this.#context()) : undefined;
    const written = this.#nextGeneration(target, stored.object, prepared ?? merged);
    const next = this.#updated(resource, { stored: stored.object, next: written, asked }, options);
    if (isSameJson(next, stored.object)) return stored;
    if (part === "object") this.#validate(target, next, stored.object);
    else if (part === "status") this.#refuse(target, resource.strategy.validateStatus?.(next) ?? []);
    if (isOver(next) && !this.#waitsForContents(target, next)) return this.#remove(target, isDryRun);
    return this.#put(target, next, isDryRun);
  }

  patch(target: Target, patch: Patch, options: UpdateOptions = {}): StoredObject {
    const stored = this.get(target).object;
    const shown = target.resource.conversion?.fromStorage(stored) ?? stored;
    return this.update(target, patched(shown, patch), options);
  }

  /** `removed` is false while finalizers, or the contents of a namespace, still hold the object. */
  delete(target: Target, options: DeleteOptions = {}): { readonly stored: StoredObject; readonly removed: boolean } {
    const stored = this.get(target);
    this.#checkPreconditions(target, stored, options);
    const { isDryRun = false } = options;
    const asked = finalized(stored.object, options.finalizer);
    const { metadata } = asked;
    const isNamespace = target.resource.storage === "namespaces";
    const graceSeconds = graceOf(target.resource, stored.object, options.gracePeriodSeconds);
    if (isNamespace && keptNamespaces.includes(target.name)) {
      throw forbidden(subjectOf(target), "this namespace may not be deleted");
    }
    if ((metadata.finalizers ?? []).length === 0 && !isNamespace && graceSeconds === 0) {
      return { stored: this.#remove(target, isDryRun), removed: true };
    }
    const isSooner = graceSeconds < (metadata.deletionGracePeriodSeconds ?? 0);
    if (metadata.deletionTimestamp !== undefined && !isSooner && asked === stored.object) {
      return { stored, removed: false };
    }
    const deletionTimestamp = timeText(this.#options.now() + graceSeconds * 1000);
    const marked = {
      ...asked,
      metadata: { ...metadata, deletionTimestamp, deletionGracePeriodSeconds: graceSeconds },
      ...(isNamespace ? { status: { phase: "Terminating" } } : {}),
    };
    return { stored: this.#put(target, marked, isDryRun), removed: false };
  }

  /** The end of a namespace whose contents are gone. */
  finalizeNamespace(target: Target): void {
    if ((this.get(target).object.metadata.finalizers ?? []).length === 0) this.#remove(target, false);
  }

  /** Stores a change that the server itself makes to an object it has read in the same critical section. */
  replace(target: Target, object: ApiObject): StoredObject {
    return this.#put(target, object, false);
  }

  #created(resource: Resource, object: ApiObject, { manager, managedFields }: WriteOptions): ApiObject {
    if (managedFields !== undefined) return withManagedFields(object, managedFields);
    return manager === undefined ? object : ownedByCreator(resource, object, this.#writer(manager, ""));
  }

  #updated(
    resource: Resource,
    { stored, next, asked }: { readonly stored: ApiObject; readonly next: ApiObject; readonly asked: ApiObject },
    { manager = ownManager, managedFields, part = "object", subresource }: UpdateOptions,
  ): ApiObject {
    if (managedFields !== undefined) return withManagedFields(next, managedFields);
    const writer = this.#writer(manager, subresource ?? (part === "status" ? "status" : ""));
    return ownedAfterUpdate(resource, { stored, next, asked: asked.metadata["managedFields"], writer });
  }

  #writer(manager: string, subresource: string): Writer {
    return { manager, subresource, now: this.now };
  }

  #put(target: Target, object: ApiObject, isDryRun: boolean): StoredObject {
    if (isDryRun) return new StoredObject(keyOf(target), object, this.storage.resourceVersion);
    return this.tableOf(target.resource).put(keyOf(target), object);
  }

  #remove(target: Target, isDryRun: boolean): StoredObject {
    if (isDryRun) return this.get(target);
    const removed = this.tableOf(target.resource).removeIfPresent(keyOf(target));
    if (removed === undefined) throw notFound(subjectOf(target));
    return removed;
  }

  #toStorage(resource: Resource, object: ApiObject): ApiObject {
    return resource.conversion?.toStorage(object) ?? object;
  }

  #waitsForContents({ resource }: Target, object: ApiObject): boolean {
    return resource.storage === "namespaces" && lookup(object, "spec", "finalizers") !== undefined;
  }

  #nameFor(resource: Resource, namespace: string, { name, generateName }: Metadata): string {
    if (name !== undefined && name !== "") return name;
    if (generateName === undefined || generateName === "") {
      const detail = "Required value: name or generateName is required";
      throw invalid(kindOf(resource, ""), [{ field: "metadata.name", reason: "FieldValueRequired", detail }]);
    }
    const table = this.tableOf(resource);
    for (;;) {
      const candidate = generateName.slice(0, 58) + nameSuffix(this.#options.random);
      if (table.get(keyOf({ namespace, name: candidate })) === undefined) return candidate;
    }
  }

  #newMetadata(asked: Metadata, { resource, namespace, name }: Target): Metadata {
    const {
      resourceVersion: _,
      deletionTimestamp: __,
      deletionGracePeriodSeconds: ___,
      managedFields: ____,
      ...rest
    } = asked;
    return {
      ...rest,
      name,
      ...(resource.isNamespaced ? { namespace } : {}),
      uid: this.#options.newUid(),
      creationTimestamp: this.now,
      ...(resource.hasGeneration ? { generation: 1 } : {}),
    };
  }

  #nextGeneration({ resource }: Target, stored: ApiObject, next: ApiObject): ApiObject {
    const counted = (object: ApiObject): JsonObject => {
      const { metadata: _, status, ...rest } = object;
      return resource.hasStatus ? rest : { ...rest, status };
    };
    if (!resource.hasGeneration || isSameJson(counted(stored), counted(next))) return next;
    return { ...next, metadata: { ...next.metadata, generation: (stored.metadata.generation ?? 0) + 1 } };
  }

  #validate(target: Target, object: ApiObject, stored: ApiObject | undefined): void {
    const { validate, validateUpdate } = target.resource.strategy;
    const errors = [...(validate?.(object) ?? [])];
    if (stored !== undefined) errors.push(...(validateUpdate?.(object, stored) ?? []));
    this.#refuse(target, errors);
  }

  #refuse({ resource, name }: Target, errors: readonly FieldError[]): void {
    if (errors.length > 0) throw invalid(kindOf(resource, name), errors);
  }

  #checkPreconditions(
    target: Target,
    { object }: StoredObject,
    { uid, resourceVersion }: Pick<DeleteOptions, "uid" | "resourceVersion">,
  ): void {
    const { metadata } = object;
    if (uid !== undefined && uid !== "" && uid !== metadata.uid) {
      const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid ?? ""}`;
      throw conflict(subjectOf(target), why);
    }
    if (resourceVersion === undefined || resourceVersion === "" || resourceVersion === metadata.resourceVersion) return;
    throw conflict(subjectOf(target), modifiedMeanwhile);
  }

  #context(): StrategyContext {
    return { now: this.now, find: (resource, key) => this.storage.table(resource).get(key)?.object };
  }
}

function timeText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

export function keyOf({ namespace, name }: Pick<Target, "namespace" | "name">): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}

export function subjectOf({ resource, name }: Target): StatusSubject {
  return { group: resource.group, kind: resource.plural, name };
}

/** Validation errors name the kind, all others the resource. */
function kindOf({ group, kind }: Resource, name: string): StatusSubject {
  return { group, kind, name };
}

/** Upstream: strict decoding, or else structural pruning. */
function pruned(resource: Resource, object: ApiObject, isStrict: boolean): ApiObject {
  const { value, unknown: dropped } = resource.strategy.prune?.(object) ?? { value: object, unknown: [] };
  if (!isStrict) return value;
  const unknown = resource.schema === undefined ? unknownFields(resource, object) : dropped;
  if (unknown.length === 0) return value;
  const { kind, version } = resource;
  const fields = unknown.map((path) => `unknown field ${JSON.stringify(path)}`).join(", ");
  throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ${fields}`);
}
