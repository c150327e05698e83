/** Upper bounds in milliseconds; what is longer falls into one more bucket. */
const bounds = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000] as const;

export interface HandlingTimeBucket {
  /** Infinite for the last one. */
  readonly upToMs: number;
  readonly count: number;
}

/** How long a handler took, as a histogram of sampled calls. */
export class HandlingTimes {
  readonly #counts = Array.from({ length: bounds.length + 1 }, () => 0);
  #samples = 0;
  #longestMs = 0;
  #sumMs = 0;

  get sumMs(): number {
    return this.#sumMs;
  }

  get samples(): number {
    return this.#samples;
  }

  get longestMs(): number {
    return this.#longestMs;
  }

  record(durationMs: number): void {
    const found = bounds.findIndex((bound) => durationMs <= bound);
    const bucket = found === -1 ? bounds.length : found;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#samples++;
    this.#sumMs += durationMs;
    this.#longestMs = Math.max(this.#longestMs, durationMs);
  }

  /** At most this long took the given share of the calls; `undefined` without samples. */
  quantileMs(share: number): number | undefined {
    if (this.#samples === 0) return undefined;
    let seen = 0;
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= share * this.#samples) return Math.min(bounds[bucket] ?? Number.POSITIVE_INFINITY, this.#longestMs);
    }
    return this.#longestMs;
  }

  buckets(): readonly HandlingTimeBucket[] {
    return this.#counts.map((count, bucket) => ({ upToMs: bounds[bucket] ?? Number.POSITIVE_INFINITY, count }));
  }
}
