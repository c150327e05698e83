import type { Clock, Instant } from "#lib/clock/index.ts";

const firstMs = 800;
const capMs = 30_000;
const startOverAfterMs = 120_000;

/**
 * The delays of one reflector, shared by its rounds, its watches and its streaming lists. Starts over two minutes
 * after it last started over, not after the last failure: a client that fails without pause drops back to the first
 * delay now and then. Upstream: `wait.Backoff.DelayWithReset` as the reflector sets it up.
 */
export class Backoff {
  readonly #clock: Clock;
  readonly #random: () => number;
  #startedOverAt: Instant;
  #baseMs = firstMs;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
    this.#startedOverAt = clock.now();
  }

  /** Draws the next delay. */
  nextMs(): number {
    const now = this.#clock.now();
    if (now - this.#startedOverAt > startOverAfterMs) {
      this.#startedOverAt = now;
      this.#baseMs = firstMs;
    }
    const base = this.#baseMs;
    this.#baseMs = Math.min(base * 2, capMs);
    return base * (1 + this.#random());
  }
}
