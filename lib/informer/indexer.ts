import type { KubeObject, ObjectKey } from "#lib/kube/index.ts";
import { objectKey } from "#lib/kube/index.ts";
import { paced, type Pacer } from "./pacer.ts";

/** The values under which an object is found: none, one or many. */
export type IndexFunction<T> = (object: T) => readonly string[];
export type Indexers<T> = Readonly<Record<string, IndexFunction<T>>>;

export class UnknownIndexError extends Error {
  override readonly name = "UnknownIndexError";
  constructor(index: string) {
    super(`Index with name ${index} does not exist`);
  }
}

export class IndexerConflictError extends Error {
  override readonly name = "IndexerConflictError";
  constructor(names: readonly string[]) {
    super(`indexer conflict: ${names.join(", ")}`);
  }
}

/** What an informer knows, for reading. Goes on answering after it was stopped, with the last content. */
export interface Store<T> {
  readonly size: number;
  /** The newest version it was told, by an object, a list or a bookmark. */
  readonly resourceVersion: string;
  get(key: ObjectKey): T | undefined;
  /** No order is promised. */
  list(): T[];
  keys(): ObjectKey[];
  /** @throws UnknownIndexError */
  byIndex(index: string, value: string): T[];
  /** Sorted. @throws UnknownIndexError */
  indexKeys(index: string, value: string): ObjectKey[];
  /** Objects that share a value with `object`. @throws UnknownIndexError */
  index(index: string, object: T): T[];
  /** Values that have an object; none for an unknown index. */
  indexValues(index: string): string[];
  readonly indexNames: readonly string[];
}

type Index = Map<string, Set<ObjectKey>>;

/** Everything that a Replace swaps in one step. */
export interface Contents<T> {
  readonly items: Map<ObjectKey, T>;
  readonly indices: Map<string, Index>;
}

/** Upstream: `threadSafeMap` and its `storeIndex`. */
export class Indexer<T extends KubeObject> implements Store<T> {
  readonly #indexers = new Map<string, IndexFunction<T>>();
  readonly #indexFailed: (index: string, error: unknown) => void;
  #contents: Contents<T>;
  #resourceVersion = "";

  /** @param indexFailed an index function threw: the object has no values in that index */
  constructor(indexers: Indexers<T>, indexFailed: (index: string, error: unknown) => void) {
    this.#indexFailed = indexFailed;
    this.#contents = { items: new Map(), indices: new Map() };
    this.addIndexers(indexers);
  }

  get size(): number {
    return this.#contents.items.size;
  }
  get resourceVersion(): string {
    return this.#resourceVersion;
  }
  get indexNames(): readonly string[] {
    return [...this.#indexers.keys()];
  }
  get(key: ObjectKey): T | undefined {
    return this.#contents.items.get(key);
  }
  list(): T[] {
    return [...this.#contents.items.values()];
  }
  keys(): ObjectKey[] {
    return [...this.#contents.items.keys()];
  }

  byIndex(index: string, value: string): T[] {
    return this.#objects(this.#index(index).get(value) ?? []);
  }

  indexKeys(index: string, value: string): ObjectKey[] {
    return [...(this.#index(index).get(value) ?? [])].sort();
  }

  index(index: string, object: T): T[] {
    const values = this.#index(index);
    const keys = new Set<ObjectKey>();
    for (const value of this.#valuesOf(index, object)) for (const key of values.get(value) ?? []) keys.add(key);
    return this.#objects(keys);
  }

  indexValues(index: string): string[] {
    return [...(this.#contents.indices.get(index)?.keys() ?? [])];
  }

  /** Index name to number of values that have an object. */
  indexSizes(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#contents.indices].map(([name, index]) => [name, index.size]));
  }

  /** Indexes what is there. @throws IndexerConflictError when a name exists: then nothing is added */
  addIndexers(indexers: Indexers<T>): void {
    const conflicts = Object.keys(indexers).filter((name) => this.#indexers.has(name));
    if (conflicts.length > 0) throw new IndexerConflictError(conflicts);
    for (const [name, values] of Object.entries(indexers)) {
      this.#indexers.set(name, values);
      this.#indexAll(this.#contents, name);
    }
  }

  /** Stores the object under its key; answers what was there. */
  set(key: ObjectKey, object: T): T | undefined {
    const { items } = this.#contents;
    const old = items.get(key);
    items.set(key, object);
    for (const [name, index] of this.#contents.indices) this.#reindex(index, name, { key, old, object });
    this.#resourceVersion = versionOf(object);
    return old;
  }

  /** The version is that of the deletion, also for an object that is unknown. */
  delete(key: ObjectKey, resourceVersion: string): void {
    const old = this.#contents.items.get(key);
    if (old !== undefined) {
      this.#contents.items.delete(key);
      for (const [name, index] of this.#contents.indices) this.#reindex(index, name, { key, old, object: undefined });
    }
    this.#resourceVersion = resourceVersion;
  }

  bookmark(resourceVersion: string): void {
    this.#resourceVersion = resourceVersion;
  }

  /** Content for a later `replace`: takes its time, and nobody sees it before. Of equal keys the last one wins. */
  async prepare(objects: readonly T[], pacer: Pacer): Promise<Contents<T>> {
    const contents: Contents<T> = { items: new Map(), indices: new Map() };
    for (const name of this.#indexers.keys()) contents.indices.set(name, new Map());
    await paced(objects, pacer, (object) => {
      const key = objectKey(object);
      const old = contents.items.get(key);
      contents.items.set(key, object);
      for (const [name, index] of contents.indices) this.#reindex(index, name, { key, old, object });
    });
    return contents;
  }

  /** Swaps everything in one step. */
  replace(contents: Contents<T>, resourceVersion: string): void {
    // An index that was added while the contents were prepared.
    for (const name of this.#indexers.keys()) if (!contents.indices.has(name)) this.#indexAll(contents, name);
    this.#contents = contents;
    this.#resourceVersion = resourceVersion;
  }

  #index(name: string): Index {
    const index = this.#contents.indices.get(name);
    if (index === undefined) throw new UnknownIndexError(name);
    return index;
  }

  #objects(keys: Iterable<ObjectKey>): T[] {
    const objects: T[] = [];
    for (const key of keys) {
      const object = this.#contents.items.get(key);
      if (object !== undefined) objects.push(object);
    }
    return objects;
  }

  #indexAll(contents: Contents<T>, name: string): void {
    const index: Index = new Map();
    contents.indices.set(name, index);
    for (const [key, object] of contents.items) this.#reindex(index, name, { key, old: undefined, object });
  }

  #reindex(index: Index, name: string, change: { key: ObjectKey; old: T | undefined; object: T | undefined }): void {
    const { key, old, object } = change;
    const before = old === undefined ? [] : this.#valuesOf(name, old);
    const after = object === undefined ? [] : this.#valuesOf(name, object);
    if (before.length === 1 && after.length === 1 && before[0] === after[0]) return;
    for (const value of before) {
      const keys = index.get(value);
      keys?.delete(key);
      if (keys?.size === 0) index.delete(value);
    }
    for (const value of after) {
      const keys = index.get(value);
      if (keys === undefined) index.set(value, new Set([key]));
      else keys.add(key);
    }
  }

  #valuesOf(name: string, object: T): readonly string[] {
    try {
      return this.#indexers.get(name)?.(object) ?? [];
    } catch (error) {
      this.#indexFailed(name, error);
      return [];
    }
  }
}

export function versionOf(object: KubeObject): string {
  return object.metadata.resourceVersion ?? "";
}
