import type { Signal } from "#lib/clock/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type { WatchEvent } from "../watch-event.ts";

/** One open watch of a {@link FakeSource}. Ends for good when its reader leaves or its request is cancelled. */
export class FakeStream implements AsyncIterable<readonly WatchEvent<KubeObject>[]> {
  readonly #closed: () => void;
  #waiting: (readonly WatchEvent<KubeObject>[])[] = [];
  #end: { readonly error: Error | undefined } | undefined;
  #wake: () => void = () => {};

  constructor(signal: Signal, closed: () => void) {
    this.#closed = closed;
    signal.addEventListener("abort", () => this.end(), { once: true });
  }

  push(events: readonly WatchEvent<KubeObject>[]): void {
    if (this.#end !== undefined || events.length === 0) return;
    this.#waiting.push(events);
    this.#wake();
  }

  end(error?: Error): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    this.#closed();
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly WatchEvent<KubeObject>[]> {
    try {
      for (;;) {
        const events = this.#waiting.shift();
        if (events !== undefined) yield events;
        else if (this.#end?.error !== undefined) throw this.#end.error;
        else if (this.#end !== undefined) return;
        else await new Promise<void>((resolve) => void (this.#wake = resolve));
      }
    } finally {
      this.end();
    }
  }
}
