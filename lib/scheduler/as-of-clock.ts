import type { Clock, Instant, Timer } from "#lib/clock/index.ts";

/** A clock that can be turned back for the length of one call, to make good what happened before we watched. */
export class AsOfClock implements Clock {
  readonly #clock: Clock;
  #asOf: Instant | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): Instant {
    return this.#asOf ?? this.#clock.now();
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    return this.#clock.setTimer(delayMs, callback);
  }

  yield(): Promise<void> {
    return this.#clock.yield();
  }

  /** Runs `act`, which must not await, as if it were `instant`. */
  asOf(instant: Instant, act: () => void): void {
    this.#asOf = instant;
    try {
      act();
    } finally {
      this.#asOf = undefined;
    }
  }
}
