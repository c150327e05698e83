import type { Clock, Instant, Timer } from "../clock.ts";

interface Pending {
  readonly at: Instant;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * A clock that stands still until it is told to move. Timers fire in order of their instant, then of their creation;
 * after each one everything that it set going has settled before the next fires.
 */
export class FakeClock implements Clock {
  #now: Instant;
  #created = 0;
  readonly #pending = new Set<Pending>();
  readonly #settle: () => Promise<void>;

  /** @param settle resolves when no promise is ready to run any more; the default is enough for code without I/O. */
  constructor(startMs: Instant = 0, settle: () => Promise<void> = settleMicrotasks) {
    this.#now = startMs;
    this.#settle = settle;
  }

  now(): Instant {
    return this.#now;
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const pending: Pending = { at: this.#now + Math.max(0, delayMs), order: this.#created++, callback };
    this.#pending.add(pending);
    return { cancel: () => void this.#pending.delete(pending) };
  }

  yield(): Promise<void> {
    return Promise.resolve();
  }

  /** Moves the clock without firing anything: for code that only reads the time. Never backwards. */
  set(instant: Instant): void {
    this.#now = Math.max(this.#now, instant);
  }

  advance(ms: number): Promise<void> {
    return this.advanceTo(this.#now + ms);
  }

  async advanceTo(instant: Instant): Promise<void> {
    await this.#settle();
    for (let next = this.#next(instant); next !== undefined; next = this.#next(instant)) {
      this.#pending.delete(next);
      this.set(next.at);
      next.callback();
      await this.#settle();
    }
    this.set(instant);
  }

  /** The instant of the next timer, if there is one. */
  get nextTimerAt(): Instant | undefined {
    return this.#next(Number.POSITIVE_INFINITY)?.at;
  }

  settle(): Promise<void> {
    return this.#settle();
  }

  #next(upTo: Instant): Pending | undefined {
    let first: Pending | undefined;
    for (const pending of this.#pending) {
      if (pending.at > upTo) continue;
      if (first === undefined || pending.at < first.at || (pending.at === first.at && pending.order < first.order)) {
        first = pending;
      }
    }
    return first;
  }
}

/** Promise chains deeper than this would need a real macrotask: hand in `settle` for them. */
const settlingTurns = 200;

async function settleMicrotasks(): Promise<void> {
  for (let turn = 0; turn < settlingTurns; turn++) await Promise.resolve();
}
