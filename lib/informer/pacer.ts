import type { Clock, Instant } from "#lib/clock/index.ts";

const turnMs = 8;

/**
 * Keeps long work from holding up everything else in the process. All loops that share a pacer share one budget per
 * turn of the event loop, so a hundred busy handlers pause as early as one.
 */
export class Pacer {
  readonly #clock: Clock;
  #turnStartedAt: Instant;
  #pause: Promise<void> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#turnStartedAt = clock.now();
  }

  /** `undefined` while there is time left in this turn, else what to wait for before going on. */
  pauseIfDue(): Promise<void> | undefined {
    if (this.#pause !== undefined) return this.#pause;
    if (this.#clock.now() - this.#turnStartedAt < turnMs) return undefined;
    this.#pause = this.#clock.yield().then(() => {
      this.#turnStartedAt = this.#clock.now();
      this.#pause = undefined;
    });
    // Whoever used up the turn goes on after everybody else, so that the turns go round.
    return this.#pause.then(() => {});
  }
}

/** How many cheap steps a loop takes between two looks at the clock. */
const stepsPerLook = 64;

/** Calls `step` with each item, pausing as the pacer says. */
export async function paced<T>(items: readonly T[], pacer: Pacer, step: (item: T) => void): Promise<void> {
  let steps = 0;
  for (const item of items) {
    if (++steps % stepsPerLook === 0) await pacer.pauseIfDue();
    step(item);
  }
}
