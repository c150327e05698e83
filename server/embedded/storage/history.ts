import type { StoredObject } from "./stored-object.ts";

export type EventType = "ADDED" | "MODIFIED" | "DELETED";

/** One write. `object` of a DELETED is the last state under the version of the deletion. */
export interface StorageEvent {
  readonly type: EventType;
  readonly resourceVersion: number;
  readonly object: StoredObject;
  readonly previous: StoredObject | undefined;
  /** The watch frame of this event, shared by every watcher that sees it as it is. Belongs to whoever encodes. */
  frame?: Uint8Array;
}

/** Frames of events that are this far back are made again if somebody still asks: only stragglers do. */
const keptFrames = 1_000;

/** The last writes of one resource. Positions are counted from the first write ever and never reused. */
export class History {
  readonly #window: number;
  #events: StorageEvent[] = [];
  #dropped = 0;
  #compactedVersion = 0;

  constructor(window: number) {
    this.#window = window;
  }

  /** The position after the newest event. */
  get end(): number {
    return this.#dropped + this.#events.length;
  }

  /** Events up to this version are gone: a watch has to start at it or later. */
  get compactedVersion(): number {
    return this.#compactedVersion;
  }

  push(event: StorageEvent): void {
    this.#events.push(event);
    const straggler = this.#events[this.#events.length - 1 - keptFrames];
    if (straggler !== undefined) delete straggler.frame;
    // Dropping half a window at once keeps the cost of a write constant.
    if (this.#events.length >= this.#window * 1.5) this.#drop(this.#events.length - this.#window);
  }

  /** Forgets every event, as a compaction at `version` (the newest one written anywhere) does. */
  compact(version: number): void {
    this.#drop(this.#events.length);
    this.#compactedVersion = version;
  }

  /** The event at a position, `undefined` before the window and after the end. */
  at(position: number): StorageEvent | undefined {
    return this.#events[position - this.#dropped];
  }

  isGone(position: number): boolean {
    return position < this.#dropped;
  }

  /** The position of the first event newer than `version`. */
  after(version: number): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#events[middle]?.resourceVersion ?? 0) > version) high = middle;
      else low = middle + 1;
    }
    return this.#dropped + low;
  }

  #drop(count: number): void {
    const last = this.#events[count - 1];
    if (last === undefined) return;
    this.#compactedVersion = last.resourceVersion;
    this.#events = this.#events.slice(count);
    this.#dropped += count;
  }
}
