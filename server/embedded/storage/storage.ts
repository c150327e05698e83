import { ResourceTable } from "./resource-table.ts";
import type { StoredObject } from "./stored-object.ts";

export interface StorageOptions {
  /** How many writes each resource remembers for watches and for lists at an older version. */
  readonly historyWindow?: number;
}

/** The objects of each resource at one moment. */
export type SavedStorage = ReadonlyMap<string, ReadonlyMap<string, StoredObject>>;

/** Every resource under one sequence of versions. What was written is what is read next: nothing here waits. */
export class Storage {
  readonly #tables = new Map<string, ResourceTable>();
  readonly #historyWindow: number;
  #version = 1;

  constructor({ historyWindow = 5_000 }: StorageOptions = {}) {
    this.#historyWindow = historyWindow;
  }

  /** The version of the newest write to any resource. */
  get resourceVersion(): number {
    return this.#version;
  }

  table(resource: string): ResourceTable {
    let table = this.#tables.get(resource);
    if (table === undefined) {
      const versions = { current: () => this.#version, next: () => ++this.#version };
      table = new ResourceTable(versions, this.#historyWindow);
      this.#tables.set(resource, table);
    }
    return table;
  }

  /** What stands in all tables now. */
  save(): SavedStorage {
    return new Map(Array.from(this.#tables, ([resource, table]) => [resource, table.save()]));
  }

  /**
   * What was saved stands again, under new versions where it differs. Versions never go back, and what happened between
   * cannot be told as a sequence of events: older versions are gone.
   */
  restore(saved: SavedStorage): void {
    for (const [resource, table] of this.#tables) table.restore(saved.get(resource) ?? new Map<string, StoredObject>());
    this.forget();
  }

  /** Makes every version that anybody has seen unavailable, the newest too: of one resource, or of all. */
  forget(resource?: string): void {
    this.#version++;
    this.compact(resource);
  }

  /** Makes every version before the current one unavailable: older watches and continue tokens get 410. */
  compact(resource?: string): void {
    if (resource !== undefined) this.#tables.get(resource)?.compact();
    else for (const table of this.#tables.values()) table.compact();
  }
}
