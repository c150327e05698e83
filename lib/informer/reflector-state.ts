import type { Instant } from "#lib/clock/index.ts";
import { BoundedHistory } from "#lib/collections/index.ts";
import { describeError } from "./api-errors.ts";

/** What a reflector is doing. Each state has its own fields. */
export type ReflectorState =
  | { readonly phase: "idle" }
  /** `page` counts from 1; `received` objects so far. */
  | { readonly phase: "listing"; readonly page: number; readonly received: number }
  /** A streaming list: initial events until the annotated bookmark. */
  | { readonly phase: "streaming"; readonly received: number }
  /** The request for a watch is under way. */
  | { readonly phase: "connecting"; readonly since: Instant }
  | { readonly phase: "watching"; readonly openedAt: Instant }
  | { readonly phase: "backingOff"; readonly until: Instant; readonly reason: string }
  | { readonly phase: "stopped" };

/** Every list after the first, and why the server was asked again. */
export interface Relist {
  readonly at: Instant;
  readonly reason: string;
}

export interface Problem {
  readonly at: Instant;
  readonly error: unknown;
  readonly message: string;
}

/** Everything received since the start, by what it was. */
export interface Received {
  listed: number;
  added: number;
  modified: number;
  deleted: number;
  bookmarks: number;
  errors: number;
}

/** Events are applied as they come, so this is the work of the chunk that is being applied now. */
export interface QueueDepth {
  depth: number;
  peak: number;
  batches: number;
}

const relistsKept = 50;

/** What can be seen of a reflector. Written by the reflector only. */
export class ReflectorRecord {
  readonly received: Received = { listed: 0, added: 0, modified: 0, deleted: 0, bookmarks: 0, errors: 0 };
  readonly queue: QueueDepth = { depth: 0, peak: 0, batches: 0 };
  readonly #relists = new BoundedHistory<Relist>(relistsKept);
  readonly #changed: () => void;
  #relistsTotal = 0;
  #state: ReflectorState = { phase: "idle" };
  #problem: Problem | undefined;
  /** Freshness: the last sign of life of the watch, an event or a bookmark. */
  lastEventAt: Instant | undefined;
  lastBookmarkAt: Instant | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get state(): ReflectorState {
    return this.#state;
  }
  /** The newest 50, oldest first. */
  get relists(): readonly Relist[] {
    return [...this.#relists];
  }
  get relistsTotal(): number {
    return this.#relistsTotal;
  }
  /** Of the last failure, until a watch is open again. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  enter(state: ReflectorState): void {
    this.#state = state;
    if (state.phase === "watching") this.#problem = undefined;
    this.#changed();
  }

  failed(at: Instant, error: unknown): void {
    this.#problem = { at, error, message: describeError(error) };
    this.#changed();
  }

  relisting(at: Instant, reason: string): void {
    this.#relistsTotal++;
    this.#relists.push({ at, reason });
    this.#changed();
  }

  batch(size: number): void {
    this.queue.batches++;
    this.queue.depth = size;
    this.queue.peak = Math.max(this.queue.peak, size);
  }

  applied(): void {
    this.queue.depth--;
    this.#changed();
  }
}
