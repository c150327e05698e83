import { customResources } from "../definitions/custom-resources.ts";
import { definitionStorage } from "../definitions/definition.ts";
import { isSameJson } from "../storage/api-object.ts";
import type { StorageEvent } from "../storage/history.ts";
import type { Storage } from "../storage/storage.ts";
import type { Resource } from "./resource.ts";
import { findResource, resources } from "./resources.ts";

/** What is served now: the table of this server, and what the stored definitions add. Follows them within the write. */
export class ServedResources {
  readonly #defined = new Map<string, readonly Resource[]>();
  readonly #listeners = new Map<object, (storage: string) => void>();

  constructor(storage: Storage) {
    const definitions = storage.table(definitionStorage);
    for (const { key, object } of definitions.values()) this.#defined.set(key, customResources(object));
    definitions.subscribe((event) => this.#follow(event));
  }

  /** Those of the table first: no definition takes their place. */
  all(): readonly Resource[] {
    return [...resources, ...[...this.#defined.values()].flat()];
  }

  find(group: string, version: string, plural: string): Resource | undefined {
    const defined = this.#defined.get(`${plural}.${group}`);
    return findResource(group, version, plural) ?? defined?.find((row) => row.version === version);
  }

  /** The versions under which the objects of a definition are served. */
  ofDefinition(name: string): readonly Resource[] {
    return this.#defined.get(name) ?? [];
  }

  /** Called inside the write that changes what is served of a storage: the listener may only take note. Undo twice is harmless. */
  subscribe(listener: (storage: string) => void): () => void {
    const registration = {};
    this.#listeners.set(registration, listener);
    return () => this.#listeners.delete(registration);
  }

  #follow({ type, object, previous }: StorageEvent): void {
    if (type === "DELETED") this.#defined.delete(object.key);
    else this.#defined.set(object.key, customResources(object.object));
    const isServedAlike = type === "MODIFIED" && isSameJson(object.object["spec"], previous?.object["spec"]);
    if (isServedAlike) return;
    for (const listener of this.#listeners.values()) listener(object.key);
  }
}
