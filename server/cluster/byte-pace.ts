import type { Instant } from "#lib/clock/index.ts";

/** So many on average, however much changes; after a rest, what a second would carry at once. */
const bytesPerSecond = 20 * 1024;

/**
 * When the next message of a stream may follow: a large one is paid for by waiting afterwards. So a view in which
 * everything moves is told less often, instead of filling the line, and one in which little moves is never held up.
 */
export class BytePace {
  #paidUntil: Instant = Number.NEGATIVE_INFINITY;

  isDue(now: Instant): boolean {
    return this.#paidUntil <= now;
  }

  spend(now: Instant, bytes: number): void {
    this.#paidUntil = Math.max(this.#paidUntil, now - 1000) + (bytes / bytesPerSecond) * 1000;
  }
}
