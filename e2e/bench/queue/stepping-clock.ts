import type { Clock, Instant, Timer } from "#lib/clock/index.ts";

/** A clock that costs nothing to read and moves when it is told to. The queue is driven without its timers. */
export class SteppingClock implements Clock {
  #now: Instant;

  constructor(start: Instant) {
    this.#now = start;
  }

  step(ms: number): void {
    this.#now += ms;
  }

  now(): Instant {
    return this.#now;
  }

  setTimer(): Timer {
    throw new Error("nothing here waits: step the clock instead");
  }

  yield(): Promise<void> {
    return Promise.resolve();
  }
}
