import type { Signal } from "#lib/clock/index.ts";
import type { WatchEvent } from "./watch-event.ts";

/** Parameters of one LIST request. An empty string or 0 means: do not send it. Selectors are the transport's own. */
export interface ListOptions {
  readonly resourceVersion: string;
  readonly limit: number;
  readonly continue: string;
}

/** Parameters of one WATCH request, or of a streaming list when `sendInitialEvents` is set. */
export interface WatchOptions {
  readonly resourceVersion: string;
  readonly allowWatchBookmarks: boolean;
  readonly timeoutSeconds: number;
  readonly sendInitialEvents: boolean;
  /** Empty: do not send it. */
  readonly resourceVersionMatch: "" | "NotOlderThan";
}

/** `metadata` of a list. The server leaves out what is empty. */
export interface ListMeta {
  readonly resourceVersion?: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/**
 * A piece of one list answer. The body of a LIST has any size, so a transport cuts the items from the byte stream and
 * hands them over as they come, in order. `metadata` may stand before, between or after them, as in the body.
 */
export type ListPart<T> =
  { readonly kind: "items"; readonly items: readonly T[] } | { readonly kind: "metadata"; readonly metadata: ListMeta };

/**
 * How a reflector reaches the server: one resource, with the selectors that belong to it. Objects arrive decoded.
 *
 * A promise settles when the answer's head is known: it resolves for a success, and rejects with an
 * {@link ApiStatusError} for any other status and with a {@link ConnectionError} when there is no answer. What goes
 * wrong afterwards is thrown by the iteration: a ConnectionError when the body breaks off, a {@link DecodeError} when
 * it cannot be read. Aborting the signal ends request and iteration at once; what they then answer is not looked at. An
 * iteration that is ended early, by `return()`, ends the request too.
 *
 * Retrying is not the transport's business: `retrying` wraps it.
 */
export interface ListerWatcher<T> {
  /** Without metadata the list has no version and no further page. */
  list(options: ListOptions, signal: Signal): Promise<AsyncIterable<ListPart<T>>>;
  /**
   * Events in order, a batch for each piece of the body that arrived; batches are never empty on purpose. The iteration
   * ends when the body ends, also in the middle of an event: half an event is dropped.
   */
  watch(options: WatchOptions, signal: Signal): Promise<AsyncIterable<readonly WatchEvent<T>[]>>;
  /** Set by a source that knows that it cannot stream lists. Upstream: `IsWatchListSemanticsUnSupported`. */
  readonly isWatchListUnsupported?: boolean;
  /** For a source that tries again by itself: who is told of each failure that it does not pass on. One listener. */
  onRetry?: (error: unknown) => void;
}

/** The query of a LIST. Upstream: `metav1.ListOptions`, empty parameters are not sent. */
export function listQuery(options: ListOptions): Readonly<Record<string, string>> {
  return withoutEmpty({
    resourceVersion: options.resourceVersion,
    limit: options.limit === 0 ? "" : String(options.limit),
    continue: options.continue,
  });
}

/** The query of a WATCH. */
export function watchQuery(options: WatchOptions): Readonly<Record<string, string>> {
  return withoutEmpty({
    watch: "true",
    resourceVersion: options.resourceVersion,
    resourceVersionMatch: options.resourceVersionMatch,
    allowWatchBookmarks: options.allowWatchBookmarks ? "true" : "",
    timeoutSeconds: String(options.timeoutSeconds),
    sendInitialEvents: options.sendInitialEvents ? "true" : "",
  });
}

function withoutEmpty(query: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ""));
}
