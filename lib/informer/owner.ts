import type { Clock, Instant } from "#lib/clock/index.ts";

const suspectAfterMs = 600_000;
const fewestGrowths = 3;

/**
 * Who asked for registrations: a controller, a view, a test. It says with `release()` that it is done; a registration
 * of a released owner is leaked. Releasing removes nothing, so that a leak is seen instead of hidden.
 */
export class Owner {
  readonly name: string;
  readonly #clock: Clock;
  #releasedAt: Instant | undefined;
  #registrations = 0;
  #growingSince: Instant | undefined;
  #lastGrowthAt: Instant | undefined;
  #growths = 0;

  constructor(name: string, clock: Clock) {
    this.name = name;
    this.#clock = clock;
  }

  /** Idempotent. */
  release(): void {
    this.#releasedAt ??= this.#clock.now();
  }

  get isReleased(): boolean {
    return this.#releasedAt !== undefined;
  }

  get releasedAt(): Instant | undefined {
    return this.#releasedAt;
  }

  /** How many registrations it has now. */
  get registrations(): number {
    return this.#registrations;
  }

  /** Since when it has only added; absent once it has removed one, and before its first. */
  get growingSince(): Instant | undefined {
    return this.#growingSince;
  }

  /** It has added registrations for ten minutes, at three instants or more, and removed none. */
  get isSuspect(): boolean {
    if (this.#growingSince === undefined || this.#lastGrowthAt === undefined) return false;
    return this.#growths >= fewestGrowths && this.#lastGrowthAt - this.#growingSince >= suspectAfterMs;
  }

  /** For the processor: a registration came. */
  added(): void {
    this.#registrations++;
    const now = this.#clock.now();
    if (now === this.#lastGrowthAt) return;
    this.#growingSince ??= now;
    this.#lastGrowthAt = now;
    this.#growths++;
  }

  /** For the processor: a registration went. */
  removed(): void {
    this.#registrations--;
    this.#growingSince = undefined;
    this.#lastGrowthAt = undefined;
    this.#growths = 0;
  }
}
