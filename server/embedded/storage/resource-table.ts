import type { ApiObject } from "./api-object.ts";
import { History, type EventType, type StorageEvent } from "./history.ts";
import { StoredObject } from "./stored-object.ts";

/** Hands out the next version of the whole storage. */
interface Versions {
  current(): number;
  next(): number;
}

const keptSnapshots = 4;

/** The objects of one resource, their history, and who wants to hear of a write. Synchronous throughout. */
export class ResourceTable {
  readonly history: History;
  readonly #versions: Versions;
  readonly #objects = new Map<string, StoredObject>();
  readonly #listeners = new Map<object, (event: StorageEvent) => void>();
  readonly #snapshots = new Map<number, readonly StoredObject[]>();
  #sortedKeys: readonly string[] | undefined;

  constructor(versions: Versions, window: number) {
    this.#versions = versions;
    this.history = new History(window);
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  /** Adds or replaces what stands under `key`; the stored object carries the version of this write. */
  put(key: string, object: ApiObject): StoredObject {
    const previous = this.#objects.get(key);
    const version = this.#versions.next();
    const metadata = { ...object.metadata, resourceVersion: String(version) };
    const stored = new StoredObject(key, { ...object, metadata }, version);
    this.#objects.set(key, stored);
    if (previous === undefined) this.#sortedKeys = undefined;
    this.#record(previous === undefined ? "ADDED" : "MODIFIED", stored, previous);
    return stored;
  }

  /** The last state under the version of the deletion; `undefined` if there was nothing to remove. */
  removeIfPresent(key: string): StoredObject | undefined {
    const previous = this.#objects.get(key);
    if (previous === undefined) return undefined;
    const stored = previous.at(this.#versions.next());
    this.#objects.delete(key);
    this.#sortedKeys = undefined;
    this.#record("DELETED", stored, previous);
    return stored;
  }

  /** In any order, for those who look at all of them. */
  values(): IterableIterator<StoredObject> {
    return this.#objects.values();
  }

  /** Sorted by key, as the API lists them. */
  list(): readonly StoredObject[] {
    this.#sortedKeys ??= [...this.#objects.keys()].sort();
    const objects: StoredObject[] = [];
    for (const key of this.#sortedKeys) {
      const stored = this.#objects.get(key);
      if (stored !== undefined) objects.push(stored);
    }
    return objects;
  }

  /** What `list` answered at `version`, found by undoing what was written since; `undefined` if that is compacted. */
  listAt(version: number): readonly StoredObject[] | undefined {
    if (version < this.history.compactedVersion) return undefined;
    const kept = this.#snapshots.get(version);
    const snapshot = kept ?? this.#undoneTo(version);
    this.#snapshots.delete(version);
    this.#snapshots.set(version, snapshot);
    for (const oldest of this.#snapshots.keys()) {
      if (this.#snapshots.size <= keptSnapshots) break;
      this.#snapshots.delete(oldest);
    }
    return snapshot;
  }

  /** What stands here now. Objects are never changed in place, so this is all it takes to come back to it. */
  save(): ReadonlyMap<string, StoredObject> {
    return new Map(this.#objects);
  }

  /** Writes what it takes for the saved objects, and no others, to stand here again. What did not change is not written. */
  restore(saved: ReadonlyMap<string, StoredObject>): void {
    for (const key of this.#objects.keys()) if (!saved.has(key)) this.removeIfPresent(key);
    for (const [key, stored] of saved) if (this.#objects.get(key) !== stored) this.put(key, stored.object);
  }

  /** Forgets history, and with it every older version. */
  compact(): void {
    this.#snapshots.clear();
    this.history.compact(this.#versions.current());
  }

  /** The listener runs inside the write: it may only take note, and neither write nor subscribe. Undo twice is harmless. */
  subscribe(listener: (event: StorageEvent) => void): () => void {
    const registration = {};
    this.#listeners.set(registration, listener);
    return () => this.#listeners.delete(registration);
  }

  #undoneTo(version: number): readonly StoredObject[] {
    const objects = new Map(this.#objects);
    const oldest = this.history.after(version);
    for (let position = this.history.end - 1; position >= oldest; position--) {
      const event = this.history.at(position);
      if (event === undefined) continue;
      if (event.previous === undefined) objects.delete(event.object.key);
      else objects.set(event.object.key, event.previous);
    }
    return [...objects.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  #record(type: EventType, object: StoredObject, previous: StoredObject | undefined): void {
    const event: StorageEvent = { type, resourceVersion: object.resourceVersion, object, previous };
    previous?.releaseText();
    this.history.push(event);
    for (const listener of this.#listeners.values()) listener(event);
  }
}
