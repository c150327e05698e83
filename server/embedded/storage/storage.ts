import { ResourceTable } from "./resource-table.ts";

export interface StorageOptions {
  /** How many writes each resource remembers for watches and for lists at an older version. */
  readonly historyWindow?: number;
}

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

  /** Makes every version before the current one unavailable: older watches and continue tokens get 410. */
  compact(): void {
    for (const table of this.#tables.values()) table.compact();
  }
}
