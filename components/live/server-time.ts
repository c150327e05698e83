/** A clock that can be subscribed to, so that everything on the page that tells ages ticks together. */
export interface LocalClock {
  now(): number;
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

interface Ticker {
  readonly listeners: Set<() => void>;
  timer: unknown;
}

/** The server's clock, as far as it can be known from here: ours plus an offset that is measured with each answer. */
export class ServerTime {
  readonly #clock: LocalClock;
  readonly #tickers = new Map<number, Ticker>();
  #offset = 0;
  #shortestTrip = Number.POSITIVE_INFINITY;

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now() + this.#offset;
  }

  /** What the server's clock said in an answer that was asked for and received at these times of ours. */
  learn(serverNow: number, askedAt: number, receivedAt: number): void {
    const trip = receivedAt - askedAt;
    // The offset is uncertain by half the round trip. After a pause of our own clock every older measurement is void.
    const isBetter = trip <= this.#shortestTrip * 2 || Math.abs(serverNow - receivedAt - this.#offset) > trip + 1_000;
    if (!isBetter) return;
    this.#shortestTrip = Math.min(trip, this.#shortestTrip);
    this.#offset = serverNow - (askedAt + receivedAt) / 2;
  }

  /** The time, standing still between ticks of the given length: a value that a view may be drawn from. */
  at(everyMs: number): number {
    return Math.floor(this.now() / everyMs) * everyMs;
  }

  /** Calls the listener at every tick, until what it returns is called. */
  subscribe(everyMs: number, listener: () => void): () => void {
    const ticker = this.#tickers.get(everyMs) ?? { listeners: new Set(), timer: undefined };
    this.#tickers.set(everyMs, ticker);
    ticker.listeners.add(listener);
    if (ticker.listeners.size === 1) this.#schedule(everyMs, ticker);
    return () => {
      ticker.listeners.delete(listener);
      if (ticker.listeners.size === 0) this.#clock.clearTimeout(ticker.timer);
    };
  }

  #schedule(everyMs: number, ticker: Ticker): void {
    const toNextTick = everyMs - (this.now() % everyMs);
    // A timer may be early by a millisecond, and would then meet the tick before.
    ticker.timer = this.#clock.setTimeout(() => {
      this.#schedule(everyMs, ticker);
      for (const listener of ticker.listeners) listener();
    }, toNextTick + 1);
  }
}
