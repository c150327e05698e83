import { Abort, type Signal } from "#lib/clock/index.ts";
import { ConnectionError, type ConnectionErrorKind } from "./api-errors.ts";
import { orInterrupted } from "./interruption.ts";
import type { ListerWatcher, WatchOptions } from "./lister-watcher.ts";
import type { WatchEvent } from "./watch-event.ts";

/** A stream that breaks off for one of these has ended, like one that the server closed. */
const endings: ReadonlySet<ConnectionErrorKind> = new Set(["reset", "eof", "closed", "goAway", "lost", "timeout"]);

/** One open stream of events. Whoever holds it closes it. Upstream: `watch.StreamWatcher`. */
export class OpenWatch<T> {
  readonly #iterator: AsyncIterator<readonly WatchEvent<T>[]>;
  readonly #request: Abort;
  readonly #signal: Signal;
  /** After which the server was asked to end it. */
  readonly limitMs: number;
  #putBack: readonly WatchEvent<T>[] = [];
  #isClosed = false;

  private constructor(
    stream: AsyncIterable<readonly WatchEvent<T>[]>,
    { request, signal, limitMs }: { readonly request: Abort; readonly signal: Signal; readonly limitMs: number },
  ) {
    this.#iterator = stream[Symbol.asyncIterator]();
    this.#request = request;
    this.#signal = signal;
    this.limitMs = limitMs;
  }

  /** Rejects as the source does, and with an InterruptedError when the signal is aborted. */
  static async open<T>(source: ListerWatcher<T>, options: WatchOptions, signal: Signal): Promise<OpenWatch<T>> {
    const request = new Abort();
    const abort = (): void => request.abort();
    signal.addEventListener("abort", abort, { once: true });
    // The one listener ends with the request: a stream that is closed leaves nothing behind on a signal that lives on.
    request.signal.addEventListener("abort", () => signal.removeEventListener("abort", abort), { once: true });
    try {
      const stream = await orInterrupted(source.watch(options, request.signal), signal);
      return new OpenWatch(stream, { request, signal, limitMs: options.timeoutSeconds * 1000 });
    } catch (error) {
      request.abort();
      throw error;
    }
  }

  /**
   * The next events; `undefined` when the stream has ended, however it did.
   *
   * @throws what the source throws when it cannot be read, InterruptedError when the signal is aborted
   */
  async next(): Promise<readonly WatchEvent<T>[] | undefined> {
    if (this.#putBack.length > 0) {
      const events = this.#putBack;
      this.#putBack = [];
      return events;
    }
    try {
      const { done, value } = await orInterrupted(this.#iterator.next(), this.#signal);
      return done === true ? undefined : value;
    } catch (error) {
      if (error instanceof ConnectionError && endings.has(error.kind)) return undefined;
      throw error;
    }
  }

  /** The events are what `next` answers first: they came with others that ended a phase. */
  putBack(events: readonly WatchEvent<T>[]): void {
    this.#putBack = events;
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#request.abort();
    const returned = this.#iterator.return?.();
    // Nobody waits for it: an iterator that hangs must not hold up the reflector.
    if (returned !== undefined) void returned.catch(() => {});
  }
}
