import { io, type Socket } from "socket.io-client";
import { failure, protocolVersion } from "#lib/protocol/index.ts";
import { afterLoss, type ConnectionState } from "./connection.model.ts";
import type { Feed } from "./feed.ts";

export interface ConnectionOptions {
  readonly feed: Feed;
  /** On the server's clock. */
  readonly now: () => number;
}

/** A tab that is not seen is subscribed to nothing after this long. */
const hiddenPatienceMs = 60_000;

/**
 * The one socket of the page. It reconnects by itself, on a schedule that can be shown ("Retrying in 3 s, attempt 4")
 * and cut short, which socket.io's own cannot.
 */
export class Connection {
  readonly #feed: Feed;
  readonly #now: () => number;
  #socket: Socket | undefined;
  readonly #listeners = new Set<() => void>();
  #state: ConnectionState = { phase: "connecting" };
  #retry: ReturnType<typeof setTimeout> | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #isResting = false;

  constructor({ feed, now }: ConnectionOptions) {
    this.#feed = feed;
    this.#now = now;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Connects, and keeps connecting until what it returns is called. */
  open(): () => void {
    const socket = io({
      autoConnect: false,
      forceNew: true,
      reconnection: false,
      transports: ["websocket", "polling"],
      auth: { protocol: protocolVersion },
    });
    socket.on("connect", () => this.#connected());
    socket.on("disconnect", (reason) => reason !== "io client disconnect" && this.#lost());
    socket.on("connect_error", (error: Error & { data?: unknown }) => this.#failed(error));
    socket.on("snapshot", (message: unknown) => this.#feed.hearSnapshot(message));
    socket.on("delta", (message: unknown) => this.#feed.hearDelta(message));
    socket.on("closed", (message: unknown) => this.#feed.hearClosed(message));
    this.#socket = socket;

    const onVisibility = (): void => this.#watchVisibility();
    document.addEventListener("visibilitychange", onVisibility);
    socket.connect();
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      clearTimeout(this.#retry);
      clearTimeout(this.#rest);
      this.#feed.disconnect();
      socket.off();
      socket.disconnect();
      this.#become({ phase: "connecting" });
    };
  }

  /** Tries at once instead of waiting for the next attempt. */
  retryNow(): void {
    if (this.#state.phase !== "lost" || this.#state.retryAt === undefined) return;
    clearTimeout(this.#retry);
    const { since, attempt } = this.#state;
    this.#become({ phase: "lost", since, attempt });
    this.#socket?.connect();
  }

  #connected(): void {
    this.#become({ phase: "connected" });
    if (!this.#isResting) this.#subscribeAll();
  }

  #subscribeAll(): void {
    this.#feed.connect((event, message, onReply) => {
      if (onReply === undefined) this.#socket?.emit(event, message);
      else this.#socket?.emit(event, message, onReply);
    });
  }

  #failed(error: Error & { data?: unknown }): void {
    const refusal = failure.safeParse(error.data);
    if (refusal.success) this.#become({ phase: "refused", message: refusal.data.message });
    else this.#lost();
  }

  #lost(): void {
    this.#feed.disconnect();
    const lost = afterLoss(this.#state, this.#now());
    this.#become(lost);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.retryNow(), (lost.retryAt ?? 0) - this.#now());
  }

  #watchVisibility(): void {
    clearTimeout(this.#rest);
    if (document.visibilityState === "hidden") {
      this.#rest = setTimeout(() => {
        this.#isResting = true;
        this.#feed.disconnect();
      }, hiddenPatienceMs);
    } else if (this.#isResting) {
      this.#isResting = false;
      if (this.#state.phase === "connected") this.#subscribeAll();
    }
  }

  #become(state: ConnectionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
