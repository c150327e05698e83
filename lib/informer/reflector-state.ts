import type { Instant } from "#lib/clock/index.ts";
import { BoundedHistory } from "#lib/collections/index.ts";
import { describeError } from "./api-errors.ts";
import type { ListCause, ListCauseKind, ListRecord } from "./list-cause.ts";

/** What a reflector is doing. Each state has its own fields. */
export type ReflectorState =
  | { readonly phase: "idle" }
  /** `page` counts from 1; `received` objects so far. `pagesAbout`: all pages, by what the server says remains. */
  | { readonly phase: "listing"; readonly page: number; readonly received: number; readonly pagesAbout?: number }
  /** A streaming list: initial events until the annotated bookmark. */
  | { readonly phase: "streaming"; readonly received: number }
  /** The request for a watch is under way. */
  | { readonly phase: "connecting"; readonly since: Instant }
  /** The server was asked to end it after `limitMs`. */
  | { readonly phase: "watching"; readonly openedAt: Instant; readonly limitMs: number }
  | { readonly phase: "backingOff"; readonly until: Instant; readonly reason: string }
  | { readonly phase: "stopped" };

/** A watch that was lost, until the next one is open. */
export interface WatchLoss {
  readonly at: Instant;
  /** The last sign of life before it. */
  readonly asOf: Instant;
  readonly cause: ListCause;
  /** Absent where the watch only ended too soon. */
  readonly error?: unknown;
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
  /** When its chunk arrived. */
  since: Instant;
}

const listsKept = 20;

/** What can be seen of a reflector. Written by the reflector only. */
export class ReflectorRecord {
  readonly received: Received = { listed: 0, added: 0, modified: 0, deleted: 0, bookmarks: 0, errors: 0 };
  readonly queue: QueueDepth = { depth: 0, peak: 0, batches: 0, since: 0 };
  readonly #lists = new BoundedHistory<ListRecord>(listsKept);
  readonly #changed: () => void;
  #relistsTotal = 0;
  readonly #relistsByCause = new Map<ListCauseKind, number>();
  #cause: ListCause = { kind: "initial", reason: "the first list" };
  /** When the list began that is running. */
  #listingSince: Instant | undefined;
  /** How far it is: by list, or by streaming list. */
  #lastAsked: Extract<ReflectorState, { readonly phase: "listing" | "streaming" }> = {
    phase: "streaming",
    received: 0,
  };
  #watchLoss: WatchLoss | undefined;
  #watchOpenedAt: Instant | undefined;
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
  /** The newest 20 times that the collection was asked for, oldest first. */
  get lists(): readonly ListRecord[] {
    const running = this.#runningList();
    return [...this.#lists, ...(running === undefined ? [] : [running])].slice(-listsKept);
  }
  /** Rounds after the first. */
  get relistsTotal(): number {
    return this.#relistsTotal;
  }
  /** The same, by what they were for. */
  get relistsByCause(): ReadonlyMap<ListCauseKind, number> {
    return this.#relistsByCause;
  }
  /** Of the last failure, until a watch is open again. */
  get problem(): Problem | undefined {
    return this.#problem;
  }
  get watchLoss(): WatchLoss | undefined {
    return this.#watchLoss;
  }
  /** The last sign of life of a watch: an event or a bookmark, else its opening. Absent before the first. */
  get freshAt(): Instant | undefined {
    if (this.#watchOpenedAt === undefined) return undefined;
    return Math.max(this.#watchOpenedAt, this.lastEventAt ?? 0, this.lastBookmarkAt ?? 0);
  }

  enter(state: ReflectorState): void {
    this.#state = state;
    if (state.phase === "watching") {
      this.#problem = undefined;
      this.#watchLoss = undefined;
      this.#watchOpenedAt = state.openedAt;
    }
    if (state.phase === "listing" || state.phase === "streaming") this.#lastAsked = state;
    this.#changed();
  }

  failed(at: Instant, error: unknown): void {
    this.#problem = { at, error, message: describeError(error) };
    this.#changed();
  }

  /** Another round begins, for this cause. */
  relisting(cause: ListCause): void {
    this.#relistsTotal++;
    this.#relistsByCause.set(cause.kind, (this.#relistsByCause.get(cause.kind) ?? 0) + 1);
    this.#cause = cause;
    this.#changed();
  }

  listBegins(at: Instant): void {
    this.#listingSince = at;
    this.#lastAsked = { phase: "streaming", received: 0 };
    this.#changed();
  }

  /** How the list ended that began last. Without effect where none is running. */
  listEnded(
    at: Instant,
    end: Pick<ListRecord, "outcome" | "objects" | "resourceVersion" | "error"> | "interrupted",
  ): void {
    const running = this.#runningList();
    if (running === undefined) return;
    const how = end === "interrupted" ? { outcome: end } : end;
    this.#lists.push({ ...running, ...how, tookMs: at - running.at });
    this.#listingSince = undefined;
    this.#changed();
  }

  /** Without effect before the first watch; a second loss in a row changes the cause only. */
  watchLost(at: Instant, cause: ListCause, error?: unknown): void {
    if (this.freshAt === undefined) return;
    this.#watchLoss = { at, asOf: this.freshAt, ...this.#watchLoss, cause, ...(error === undefined ? {} : { error }) };
    this.#changed();
  }

  batch(size: number, at: Instant): void {
    this.queue.batches++;
    this.queue.since = at;
    this.queue.depth = size;
    this.queue.peak = Math.max(this.queue.peak, size);
  }

  applied(): void {
    this.queue.depth--;
    this.#changed();
  }

  #runningList(): ListRecord | undefined {
    if (this.#listingSince === undefined) return undefined;
    const { phase, received } = this.#lastAsked;
    return {
      at: this.#listingSince,
      cause: this.#cause,
      outcome: "running",
      isStreamed: phase === "streaming",
      objects: received,
      pages: this.#lastAsked.phase === "streaming" ? 0 : this.#lastAsked.page,
    };
  }
}
