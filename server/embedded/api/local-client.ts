import type { JsonObject } from "#lib/protocol/index.ts";
import { textAt, type ApiObject, type OwnerReference } from "../storage/api-object.ts";
import type { StorageEvent } from "../storage/history.ts";
import { keyOf, type Part, type Registry, type Target } from "./registry.ts";
import { apiVersionOf, type Resource } from "./resource.ts";
import { resources } from "./resources.ts";

/** One object, by the plural of its resource; of a resource that is defined, `widgets.example.com`, by the definition's name. */
export interface ObjectRef {
  readonly plural: string;
  readonly namespace: string;
  readonly name: string;
}

/** The registry for controllers and scenarios inside this process: the same rules, without HTTP. */
export class LocalClient {
  readonly #registry: Registry;
  readonly #resources = new Map<string, Resource>();

  constructor(registry: Registry) {
    this.#registry = registry;
    // Where two groups share a storage, the first row is the one that speaks its language.
    for (const resource of resources) {
      if (!this.#resources.has(resource.plural)) this.#resources.set(resource.plural, resource);
    }
  }

  create(plural: string, object: JsonObject & { readonly metadata: JsonObject }): ApiObject {
    const namespace = textAt(object, "metadata", "namespace");
    return this.#registry.create({ resource: this.#resource(plural), namespace }, object).object;
  }

  get(ref: ObjectRef): ApiObject | undefined {
    return this.#table(ref.plural).get(keyOf(ref))?.object;
  }

  count(plural: string): number {
    return this.#table(plural).size;
  }

  *list(plural: string): IterableIterator<ApiObject> {
    for (const { object } of this.#table(plural).values()) yield object;
  }

  /** A merge patch. Leaves an object alone that is gone. */
  patchIfPresent(ref: ObjectRef, body: JsonObject, part: Part = "object"): void {
    if (this.get(ref) === undefined) return;
    this.#registry.patch(this.#target(ref), { mediaType: "application/merge-patch+json", body }, { part });
  }

  deleteIfPresent(ref: ObjectRef): void {
    if (this.get(ref) !== undefined) this.#registry.delete(this.#target(ref));
  }

  /** Whether an owner still stands, itself and not another of its name. */
  isAlive({ apiVersion, kind, name, uid }: OwnerReference, namespace: string): boolean {
    const resource = this.#registry.resources
      .all()
      .find((row) => row.kind === kind && (apiVersion === undefined || apiVersionOf(row) === apiVersion));
    if (resource === undefined) return false;
    const key = keyOf({ namespace: resource.isNamespaced ? namespace : "", name });
    return this.#registry.tableOf(resource).get(key)?.object.metadata.uid === uid;
  }

  finalizeNamespace(name: string): void {
    this.#registry.finalizeNamespace(this.#target({ plural: "namespaces", namespace: "", name }));
  }

  /** As `ResourceTable.subscribe`: the listener may only take note. */
  subscribe(plural: string, listener: (event: StorageEvent) => void): () => void {
    return this.#table(plural).subscribe(listener);
  }

  /** Deletes whatever holds the object: no finalizer is asked. */
  removeForGood(ref: ObjectRef): void {
    this.#table(ref.plural).removeIfPresent(keyOf(ref));
  }

  /** What is defined comes before its definition. */
  plurals(): readonly string[] {
    return [...this.#defined(), ...this.#resources.keys()];
  }

  /** The plurals of everything that lives in a namespace. */
  namespacedPlurals(): readonly string[] {
    return this.plurals().filter((plural) => this.#resource(plural).isNamespaced);
  }

  #defined(): readonly string[] {
    return [...this.#table("customresourcedefinitions").values()]
      .map(({ key }) => key)
      .filter((name) => this.#registry.resources.ofDefinition(name).length > 0);
  }

  #table(plural: string) {
    return this.#registry.tableOf(this.#resource(plural));
  }

  #target({ plural, namespace, name }: ObjectRef): Target {
    return { resource: this.#resource(plural), namespace, name };
  }

  #resource(plural: string): Resource {
    const resource = this.#resources.get(plural) ?? this.#registry.resources.ofDefinition(plural)[0];
    if (resource === undefined) throw new Error(`no such resource: ${plural}`);
    return resource;
  }
}

export function refOf(plural: string, { metadata }: ApiObject): ObjectRef {
  return { plural, namespace: metadata.namespace ?? "", name: metadata.name ?? "" };
}
