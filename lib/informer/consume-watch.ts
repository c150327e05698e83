import type { Clock, Instant, Signal } from "#lib/clock/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import { versionOf } from "./indexer.ts";
import { InterruptedError } from "./interruption.ts";
import type { OpenWatch } from "./open-watch.ts";
import type { Pacer } from "./pacer.ts";
import type { ReflectorRecord } from "./reflector-state.ts";
import type { Report } from "./report.ts";
import { isInitialEventsEnd, type ObjectEvent, type WatchEvent } from "./watch-event.ts";

/** The kind of object that a watch is about. An event about another is reported and skipped. */
export interface ExpectedType {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Where events go: the store, or the temporary store of a streaming list. */
export interface WatchSink<T> {
  object(event: ObjectEvent<T>, at: Instant): void;
  bookmark(resourceVersion: string): void;
  /** The version of an event. `isPastAdded`: it, or one before it in this stream, was not ADDED. */
  version(resourceVersion: string, isPastAdded: boolean): void;
  /** Whether the bookmark after the initial events ends the consumption; the stream stays open then. */
  readonly endsWithInitialEvents: boolean;
}

export interface WatchContext {
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly signal: Signal;
  readonly record: ReflectorRecord;
  readonly report: Report;
  readonly expects: ExpectedType | undefined;
}

export type WatchEnd =
  | { readonly kind: "initialEventsEnd" }
  /** Closed or broken off, after an event or a second at least. */
  | { readonly kind: "ended" }
  /** Closed within a second and without an event: something is wrong with it. */
  | { readonly kind: "veryShort" }
  | { readonly kind: "failed"; readonly error: unknown };

const veryShortMs = 1_000;
/** Events applied between two looks at the clock. */
const eventsPerLook = 16;

/**
 * Applies the events of a stream until it ends, or until its initial events are complete. Closes it, except then.
 *
 * @param startedAt when the request was sent, or when the stream was taken over
 * @throws InterruptedError when the signal is aborted
 *
 * Upstream: `handleAnyWatch`.
 */
export async function consumeWatch<T extends KubeObject>(
  watch: OpenWatch<T>,
  sink: WatchSink<T>,
  { startedAt, ...context }: WatchContext & { readonly startedAt: Instant },
): Promise<WatchEnd> {
  const consumption = new Consumption(sink, context);
  let isHandedOn = false;
  try {
    for (let events = await watch.next(); events !== undefined; events = await watch.next()) {
      const end = await consumption.apply(events);
      if (end === undefined) continue;
      isHandedOn = end.kind === "initialEventsEnd";
      if (isHandedOn) watch.putBack(events.slice(consumption.applied));
      return end;
    }
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    return { kind: "failed", error };
  } finally {
    if (!isHandedOn) watch.close();
  }
  const isVeryShort = context.clock.now() - startedAt < veryShortMs && consumption.events === 0;
  return { kind: isVeryShort ? "veryShort" : "ended" };
}

class Consumption<T extends KubeObject> {
  readonly #sink: WatchSink<T>;
  readonly #context: WatchContext;
  #isPastAdded = false;
  /** Events that counted, in this stream. */
  events = 0;
  /** Events of the current batch that were looked at. */
  applied = 0;

  constructor(sink: WatchSink<T>, context: WatchContext) {
    this.#sink = sink;
    this.#context = context;
  }

  async apply(events: readonly WatchEvent<T>[]): Promise<WatchEnd | undefined> {
    const { record, pacer, clock, signal } = this.#context;
    record.batch(events.length, clock.now());
    this.applied = 0;
    for (const event of events) {
      if (this.applied % eventsPerLook === 0) {
        const pause = pacer.pauseIfDue();
        if (pause !== undefined) await pause;
        if (signal.aborted) throw new InterruptedError();
      }
      this.applied++;
      const end = this.#applyOne(event, clock.now());
      record.applied();
      if (end !== undefined) return end;
    }
    return undefined;
  }

  #applyOne(event: WatchEvent<T>, at: Instant): WatchEnd | undefined {
    const { record } = this.#context;
    switch (event.type) {
      case "ERROR":
        record.received.errors++;
        return { kind: "failed", error: event.error };
      case "BOOKMARK": {
        record.lastBookmarkAt = at;
        record.received.bookmarks++;
        const resourceVersion = event.metadata.resourceVersion ?? "";
        this.#isPastAdded = true;
        this.#sink.bookmark(resourceVersion);
        this.#counted(resourceVersion);
        const isEnd = this.#sink.endsWithInitialEvents && isInitialEventsEnd(event.metadata);
        return isEnd ? { kind: "initialEventsEnd" } : undefined;
      }
      case "ADDED":
      case "MODIFIED":
      case "DELETED":
        if (!this.#isExpected(event.object)) return undefined;
        record.lastEventAt = at;
        record.received[receivedAs[event.type]]++;
        if (event.type !== "ADDED") this.#isPastAdded = true;
        this.#sink.object(event, at);
        this.#counted(versionOf(event.object));
        return undefined;
      default:
        return assertNever(event);
    }
  }

  #counted(resourceVersion: string): void {
    this.#sink.version(resourceVersion, this.#isPastAdded);
    this.events++;
  }

  #isExpected(object: T): boolean {
    const { expects, report } = this.#context;
    if (expects === undefined) return true;
    if (object.apiVersion === expects.apiVersion && object.kind === expects.kind) return true;
    const message = `expected ${expects.apiVersion} ${expects.kind}, the watch sent ${object.apiVersion ?? "?"} ${object.kind ?? "?"}`;
    report({ kind: "unexpectedType", message });
    return false;
  }
}

const receivedAs = { ADDED: "added", MODIFIED: "modified", DELETED: "deleted" } as const satisfies Record<
  ObjectEvent<unknown>["type"],
  string
>;

function assertNever(event: never): never {
  throw new Error(`unexpected watch event ${JSON.stringify(event)}`);
}
