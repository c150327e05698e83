import type { EventType, StorageEvent } from "../storage/history.ts";
import type { ResourceTable } from "../storage/resource-table.ts";
import type { StoredObject } from "../storage/stored-object.ts";
import type { Selection } from "./selection.ts";

/** What a watcher hears next. `shared` is the write itself when it is told unchanged, so that its frame can be shared. */
export type WatchStep =
  | { readonly kind: "event"; readonly type: EventType; readonly object: StoredObject; readonly shared?: StorageEvent }
  | { readonly kind: "initialEventsEnd"; readonly resourceVersion: number }
  /** The window has moved past what this watcher has not heard yet: it can only be cut off. */
  | { readonly kind: "lost" }
  | { readonly kind: "nothing" };

interface WatchFrom {
  readonly table: ResourceTable;
  readonly selection: Selection;
  /** Told first, as ADDED. */
  readonly initial: readonly StoredObject[] | undefined;
  /** Told after those. */
  readonly after: number;
}

/**
 * One watcher's place: first the initial objects, then the history from their version on. It is pulled, never pushed, so
 * a slow watcher costs nothing but the place it stands at.
 */
export class WatchCursor {
  readonly #table: ResourceTable;
  readonly #selection: Selection;
  #initial: readonly StoredObject[] | undefined;
  #initialIndex = 0;
  #initialVersion: number;
  #position: number;

  constructor({ table, selection, initial, after }: WatchFrom) {
    this.#table = table;
    this.#selection = selection;
    this.#initial = initial;
    this.#initialVersion = after;
    this.#position = table.history.after(after);
  }

  get hasInitialEvents(): boolean {
    return this.#initial !== undefined;
  }

  next(): WatchStep {
    if (this.#initial !== undefined) return this.#nextInitial(this.#initial);
    const { history } = this.#table;
    if (history.isGone(this.#position)) return { kind: "lost" };
    for (;;) {
      const event = history.at(this.#position);
      if (event === undefined) return { kind: "nothing" };
      this.#position++;
      const step = this.#told(event);
      if (step !== undefined) return step;
    }
  }

  #nextInitial(initial: readonly StoredObject[]): WatchStep {
    while (this.#initialIndex < initial.length) {
      const object = initial[this.#initialIndex++];
      if (object !== undefined && this.#selection.matches(object)) return { kind: "event", type: "ADDED", object };
    }
    this.#initial = undefined;
    return { kind: "initialEventsEnd", resourceVersion: this.#initialVersion };
  }

  /** What a write is to somebody who sees only what is selected. Upstream: `cacheWatcher.convertToWatchEvent`. */
  #told(event: StorageEvent): WatchStep | undefined {
    const { type, object, previous } = event;
    if (this.#selection.isEverything) return { kind: "event", type, object, shared: event };
    const isSelected = type !== "DELETED" && this.#selection.matches(object);
    const wasSelected = previous !== undefined && this.#selection.matches(previous);
    if (isSelected && wasSelected) return { kind: "event", type: "MODIFIED", object, shared: event };
    if (isSelected) return { kind: "event", type: "ADDED", object, ...(type === "ADDED" ? { shared: event } : {}) };
    if (!wasSelected) return undefined;
    if (type === "DELETED") return { kind: "event", type, object, shared: event };
    return { kind: "event", type: "DELETED", object: previous.at(event.resourceVersion) };
  }
}
