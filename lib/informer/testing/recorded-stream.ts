import type { Signal } from "#lib/clock/index.ts";
import { ConnectionError, DecodeError } from "../api-errors.ts";
import { decodeWatchEvent, type WatchEvent } from "../watch-event.ts";
import { JsonValues } from "./json-values.ts";
import type { RecordedFrame, RecordedObject } from "./recording.ts";

/** An open watch: bytes are written into it frame by frame, and read as events. */
export class RecordedStream implements AsyncIterable<readonly WatchEvent<RecordedObject>[]> {
  readonly #values = new JsonValues();
  #end: "eof" | "abort" | undefined;
  #failure: DecodeError | undefined;
  #isCancelled = false;
  #wake: () => void = () => {};

  constructor(signal: Signal) {
    signal.addEventListener("abort", () => this.#cancel(), { once: true });
  }

  get isOpen(): boolean {
    return this.#end === undefined && !this.#isCancelled;
  }

  write(frames: readonly RecordedFrame[]): void {
    for (const { type, object, raw, end } of frames) {
      if (end === undefined) this.#values.push(`${raw ?? JSON.stringify({ type, object })}\n`);
      else this.#end = end;
    }
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly WatchEvent<RecordedObject>[]> {
    try {
      for (;;) {
        const events = this.#decode();
        if (events.length > 0) yield events;
        if (this.#failure !== undefined) throw this.#failure;
        if (this.#end === "abort") throw new ConnectionError("eof", "the connection broke off");
        if (this.#end === "eof" || this.#isCancelled) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      this.#cancel();
    }
  }

  #decode(): WatchEvent<RecordedObject>[] {
    const events: WatchEvent<RecordedObject>[] = [];
    try {
      for (let value = this.#values.next(); value !== undefined; value = this.#values.next()) {
        events.push(decodeWatchEvent<RecordedObject>(deepFreeze(value)));
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#failure = error;
    }
    return events;
  }

  #cancel(): void {
    this.#isCancelled = true;
    this.#wake();
  }
}

/** Objects are shared with handlers: one that is changed anywhere throws. */
export function deepFreeze<V>(value: V): V {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
