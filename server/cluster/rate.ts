import type { Clock } from "#lib/clock/index.ts";

const windowSeconds = 5;
const historySeconds = 60;

/**
 * Turns a counter into a rate: per second over the last 5 s, and one value per second for the last minute. Read it
 * once a second or oftener; seconds nobody looked at share what was counted in them.
 */
export class Rate {
  readonly #clock: Clock;
  readonly #perSecond: number[] = [];
  #second: number;
  #total = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#second = secondOf(clock);
  }

  /** @param total of the counter now; a counter that went down has started anew. */
  observe(total: number): void {
    const passed = secondOf(this.#clock) - this.#second;
    if (passed <= 0) return;
    const counted = total >= this.#total ? total - this.#total : total;
    for (let second = 0; second < Math.min(passed, historySeconds); second++) this.#perSecond.push(counted / passed);
    this.#perSecond.splice(0, this.#perSecond.length - historySeconds);
    this.#second += passed;
    this.#total = total;
  }

  get perSecond(): number {
    const recent = this.#perSecond.slice(-windowSeconds);
    return recent.length === 0 ? 0 : round(recent.reduce((sum, counted) => sum + counted, 0) / recent.length);
  }

  /** Oldest first, at most 60 values. */
  get history(): readonly number[] {
    return this.#perSecond.map(round);
  }
}

function secondOf(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}

function round(value: number): number {
  return value >= 10 ? Math.round(value) : Math.round(value * 10) / 10;
}
