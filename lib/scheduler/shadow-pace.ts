import { sleep, type Clock, type Instant, type Signal } from "#lib/clock/index.ts";

/** How fast the scheduler is by its own metrics. */
export interface MeasuredPace {
  /** Pods in flight, those that are being bound included. */
  readonly inFlight: number;
  /** How long its loop is busy with one attempt; absent while it has not tried anybody. */
  readonly attemptMs?: number | undefined;
}

/** Where nothing is measured: pods that the scheduler may be late with, and what an attempt takes in a cluster of some size. */
const assumed = { inFlight: 8, attemptMs: 2 } as const;
/** A mean is pulled up by attempts that stood still; nobody waits longer than that for it. */
const longestAttemptMs = 1_000;

/** The loop of the scheduler that is shadowed is busy with one pod at a time: so is ours, for as long. */
export class ShadowPace {
  readonly #clock: Clock;
  readonly #stopped: Signal;
  #measured: MeasuredPace | undefined;
  #attemptMs: number = assumed.attemptMs;
  /** When the loop would be free again; may lie a fraction of a millisecond ahead. */
  #freeAt: Instant = 0;

  constructor(clock: Clock, stopped: Signal) {
    this.#clock = clock;
    this.#stopped = stopped;
  }

  get isMeasured(): boolean {
    return this.#measured !== undefined;
  }

  get inFlight(): number {
    return this.#measured?.inFlight ?? assumed.inFlight;
  }

  get attemptMs(): number {
    return this.#attemptMs;
  }

  set(measured: MeasuredPace | undefined): void {
    this.#measured = measured;
    // Nobody was tried lately: it is still as fast as it was.
    if (measured === undefined) this.#attemptMs = assumed.attemptMs;
    else this.#attemptMs = Math.min(measured.attemptMs ?? this.#attemptMs, longestAttemptMs);
  }

  /** There was nobody to try: the next attempt begins when it begins. */
  rest(): void {
    this.#freeAt = 0;
  }

  /**
   * Resolves when the attempt that began at `since` is over. What we took ourselves is in it, and the same time is left
   * to others at least.
   */
  async attempt(since: Instant): Promise<void> {
    const now = this.#clock.now();
    this.#freeAt = Math.max(
      this.#freeAt === 0 ? since + this.#attemptMs : this.#freeAt + this.#attemptMs,
      now + now - since,
    );
    const aheadMs = this.#freeAt - now;
    if (aheadMs >= 1) await sleep(this.#clock, aheadMs, this.#stopped);
    else await this.#clock.yield();
  }
}
