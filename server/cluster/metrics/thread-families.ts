import { monitorEventLoopDelay } from "node:perf_hooks";
import v8 from "node:v8";
import type { MetricFamily } from "#lib/queue/index.ts";

const resolutionMs = 10;
const quantiles = [0.5, 0.99, 1] as const;
const nanosecondsPerSecond = 1e9;

/** How busy the thread of this cluster is, and how much it holds. */
export class ThreadFamilies {
  #delay: ReturnType<typeof monitorEventLoopDelay> | undefined;

  /** Delays since it was asked last. Nothing is measured before somebody asks. */
  take(): readonly MetricFamily[] {
    const delay = (this.#delay ??= monitorEventLoopDelay({ resolution: resolutionMs }));
    const delays = quantiles.map((quantile) => ({
      labels: { quantile: String(quantile) },
      value: delay.count === 0 ? 0 : delay.percentile(quantile * 100) / nanosecondsPerSecond,
    }));
    delay.reset();
    delay.enable();
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
    this.#delay?.disable();
  }
}
