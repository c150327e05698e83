import { monitorEventLoopDelay } from "node:perf_hooks";
import v8 from "node:v8";
import type { MetricFamily } from "#lib/queue/index.ts";

const resolutionMs = 10;
const quantiles = [0.5, 0.99, 1] as const;
const nanosecondsPerSecond = 1e9;

/** How busy the thread of this cluster is, and how much it holds. */
export class ThreadFamilies {
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs });

  constructor() {
    this.#delay.enable();
  }

  /** Delays since it was asked last. */
  take(): readonly MetricFamily[] {
    const delays = quantiles.map((quantile) => {
      const delayNs = this.#delay.count === 0 ? 0 : this.#delay.percentile(quantile * 100);
      return { labels: { quantile: String(quantile) }, value: delayNs / nanosecondsPerSecond };
    });
    this.#delay.reset();
    return [
      {
        type: "gauge",
        name: "cluster_event_loop_delay_seconds",
        help: "Of the cluster's own thread, since it was asked last. The quantile 1 is the longest.",
        values: delays,
      },
      {
        type: "gauge",
        name: "cluster_heap_used_bytes",
        help: "Of the cluster's own thread.",
        values: [{ labels: {}, value: v8.getHeapStatistics().used_heap_size }],
      },
    ];
  }

  stop(): void {
    this.#delay.disable();
  }
}
