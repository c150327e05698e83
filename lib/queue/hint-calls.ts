import { exponentialBuckets, Histogram } from "./histogram.ts";

export type HintResult = "Queue" | "QueueSkip" | "Error";

const bounds = exponentialBuckets(0.00001, 2, 12);

/**
 * The calls of one hint for one kind of event. Every call is counted; only some are timed, because reading the clock
 * costs more than most hints.
 */
export class HintCalls {
  queue = 0;
  skip = 0;
  error = 0;
  readonly timings: Record<HintResult, Histogram | undefined> = {
    Queue: undefined,
    QueueSkip: undefined,
    Error: undefined,
  };

  count(result: HintResult): number {
    if (result === "Queue") return this.queue;
    return result === "QueueSkip" ? this.skip : this.error;
  }

  time(result: HintResult, seconds: number): void {
    (this.timings[result] ??= new Histogram(bounds)).observe(seconds);
  }
}
