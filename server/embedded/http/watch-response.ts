import type { ServerResponse } from "node:http";
import type { Clock, Timer } from "#lib/clock/index.ts";
import { frame, type Encoder } from "../api/encoding.ts";
import type { StatusError } from "../api/status.ts";
import type { WatchCursor } from "../api/watch-cursor.ts";
import type { OpenWatch, Strike } from "../faults/index.ts";
import type { ResourceTable } from "../storage/resource-table.ts";
import type { Storage } from "../storage/storage.ts";
import { failedByFault, garbageLine, halfALine, tooOldByFault } from "./struck-answer.ts";

/** Frames are written in chunks of about this size, each only when the socket has taken the one before. */
const chunkBytes = 64 * 1024;

interface WatchOptions {
  /** `v1/pods` */
  readonly resource: string;
  readonly response: ServerResponse;
  readonly storage: Storage;
  readonly table: ResourceTable;
  readonly cursor: WatchCursor;
  readonly encoder: Encoder;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** `undefined` for a client that did not ask for bookmarks. */
  readonly bookmarkIntervalMs: number | undefined;
  /** Whether the end of the initial events is told, by the annotated bookmark. */
  readonly marksInitialEventsEnd: boolean;
  /** It will send nothing more, and nothing can be done to it. */
  readonly onOver: (watch: WatchResponse) => void;
  /** How long what is due has to wait now: 0 but for a fault. */
  readonly delayMs: () => number;
}

/**
 * Drives one watch. A write only wakes it; what it sends is pulled from the cursor as fast as the socket drains, so the
 * history window bounds what a slow client can hold, and one that falls out of it is cut off.
 */
export class WatchResponse implements OpenWatch {
  readonly #options: WatchOptions;
  readonly #timers: Timer[] = [];
  #late: Timer | undefined;
  #unsubscribe: () => void = () => {};
  #isScheduled = false;
  #isBlocked = false;
  #isOver = false;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  get resource(): string {
    return this.#options.resource;
  }

  start(): void {
    const { response, table, clock, timeoutMs } = this.#options;
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    response.once("close", () => this.#dispose());
    response.on("drain", () => {
      this.#isBlocked = false;
      this.#flush();
    });
    this.#unsubscribe = table.subscribe(() => this.#wake());
    this.#timers.push(clock.setTimer(timeoutMs, () => this.end()));
    this.#bookmarkLater();
    this.#wake();
  }

  /** Ends the stream as its timeout does: with all that is due, and a last bookmark. */
  end(): void {
    if (this.#isOver) return;
    this.#flush();
    this.#bookmark();
    this.#dispose();
    this.#options.response.end();
  }

  isOf(table: ResourceTable): boolean {
    return this.#options.table === table;
  }

  /** Ends the stream with an error, as a server does that cannot tell what comes next. */
  refuse(error: StatusError): void {
    this.#endWith(frame("ERROR", JSON.stringify(error.status)));
  }

  strike(strike: Strike): void {
    switch (strike.kind) {
      case "drop":
        this.cut();
        break;
      case "gone":
        this.refuse(tooOldByFault());
        break;
      case "error":
        this.refuse(failedByFault());
        break;
      case "garbage":
        if (!this.#isOver) this.#options.response.write(garbageLine);
        break;
      case "half":
        this.#endWith(halfALine);
        break;
      case "throttle":
      case "unauthorized":
        this.end();
        break;
      default:
        strike satisfies never;
    }
  }

  /** Breaks the connection, as a network does. */
  cut(): void {
    this.#dispose();
    this.#options.response.destroy();
  }

  #endWith(bytes: Uint8Array): void {
    if (this.#isOver) return;
    this.#dispose();
    this.#options.response.end(bytes);
  }

  #wake(): void {
    if (this.#isScheduled || this.#isBlocked || this.#isOver) return;
    this.#isScheduled = true;
    const flush = (): void => {
      this.#isScheduled = false;
      this.#flush();
    };
    const delayMs = this.#options.delayMs();
    // One flush for all that is written in this turn of the event loop.
    if (delayMs === 0) setImmediate(flush);
    else this.#late = this.#options.clock.setTimer(delayMs, flush);
  }

  #flush(): void {
    while (!this.#isBlocked && !this.#isOver) {
      const chunk = this.#nextChunk();
      if (chunk === "lost") {
        this.cut();
        return;
      }
      if (chunk.length === 0) return;
      if (!this.#options.response.write(chunk)) this.#isBlocked = true;
    }
  }

  #nextChunk(): Uint8Array | "lost" {
    const { cursor, encoder, marksInitialEventsEnd } = this.#options;
    const frames: Uint8Array[] = [];
    let size = 0;
    while (size < chunkBytes) {
      const step = cursor.next();
      if (step.kind === "lost") return "lost";
      if (step.kind === "nothing") break;
      if (step.kind === "initialEventsEnd" && !marksInitialEventsEnd) continue;
      const bytes =
        step.kind === "event"
          ? encoder.event(step.type, step.object, step.shared)
          : encoder.bookmark(step.resourceVersion, true);
      frames.push(bytes);
      size += bytes.length;
    }
    return frames.length === 1 ? (frames[0] ?? Buffer.alloc(0)) : Buffer.concat(frames);
  }

  #bookmarkLater(): void {
    const { clock, bookmarkIntervalMs } = this.#options;
    if (bookmarkIntervalMs === undefined || this.#isOver) return;
    const timer = clock.setTimer(bookmarkIntervalMs, () => {
      this.#flush();
      this.#bookmark();
      this.#bookmarkLater();
    });
    this.#timers[1] = timer;
  }

  /** Only when everything older was sent, and never before the initial events are. */
  #bookmark(): void {
    const { bookmarkIntervalMs, response, encoder, storage, cursor } = this.#options;
    if (bookmarkIntervalMs === undefined || this.#isBlocked || this.#isOver || cursor.hasInitialEvents) return;
    response.write(encoder.bookmark(storage.resourceVersion, false));
  }

  #dispose(): void {
    this.#isOver = true;
    this.#unsubscribe();
    for (const timer of this.#timers) timer.cancel();
    this.#late?.cancel();
    this.#options.onOver(this);
  }
}
