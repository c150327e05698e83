import type { ActiveQueue } from "./active-queue.ts";
import type { BackoffQueue } from "./backoff-queue.ts";
import type { HintCalls, HintResult } from "./hint-calls.ts";
import type { Histogram } from "./histogram.ts";
import type { InFlight } from "./in-flight.ts";
import type { PreEnqueue } from "./pre-enqueue.ts";
import type { QueueMetrics } from "./queue-metrics.ts";
import type { RegisteredEvents } from "./registered-events.ts";
import type { UnschedulablePods } from "./unschedulable-pods.ts";

export type MetricLabels = Readonly<Record<string, string>>;

export interface HistogramValue {
  readonly labels: MetricLabels;
  readonly count: number;
  readonly sum: number;
  /** Observations up to each bound in seconds, without the last, endless bucket. */
  readonly buckets: readonly { readonly le: number; readonly count: number }[];
}

/** One metric under upstream's name. */
export type MetricFamily =
  | {
      readonly type: "gauge" | "counter";
      readonly name: string;
      readonly help: string;
      readonly values: readonly { readonly labels: MetricLabels; readonly value: number }[];
    }
  | {
      readonly type: "histogram";
      readonly name: string;
      readonly help: string;
      readonly values: readonly HistogramValue[];
    };

export interface MetricSources {
  readonly activeQ: ActiveQueue;
  readonly backoffQ: BackoffQueue;
  readonly unschedulablePods: UnschedulablePods;
  readonly inFlight: InFlight;
  readonly events: RegisteredEvents;
  readonly preEnqueue: PreEnqueue;
  readonly metrics: QueueMetrics;
}

/** Upstream: `pkg/scheduler/metrics/metrics.go`. Zeros are left out, except for pending pods. */
export function collectMetrics(sources: MetricSources): readonly MetricFamily[] {
  return [
    pendingPods(sources),
    incomingPods(sources),
    inFlightEvents(sources),
    unschedulablePods(sources),
    hintDurations(sources),
    extensionPointDurations(sources),
    pluginDurations(sources),
  ];
}

function pendingPods({ activeQ, backoffQ, unschedulablePods }: MetricSources): MetricFamily {
  const gated = unschedulablePods.gatedSize;
  const sizes = { active: activeQ.size, backoff: backoffQ.size, unschedulable: unschedulablePods.size - gated, gated };
  return {
    type: "gauge",
    name: "scheduler_pending_pods",
    help: "Pods per queue. Both backoff queues are one; pods in flight are in none.",
    values: Object.entries(sizes).map(([queue, value]) => ({ labels: { queue }, value })),
  };
}

function incomingPods({ metrics }: MetricSources): MetricFamily {
  return {
    type: "counter",
    name: "scheduler_queue_incoming_pods_total",
    help: "Pods that came into a queue, by the event that brought them.",
    values: [...metrics.incomingPods()].flatMap(([event, counts]) =>
      Object.entries(counts)
        .filter(([, value]) => value > 0)
        .map(([queue, value]) => ({ labels: { queue, event }, value })),
    ),
  };
}

function inFlightEvents({ events, inFlight }: MetricSources): MetricFamily {
  const byLabel = new Map<string, number>();
  for (const { label, inFlight: count } of events.seen()) byLabel.set(label, (byLabel.get(label) ?? 0) + count);
  byLabel.set("PodPopped", inFlight.podCount);
  return {
    type: "gauge",
    name: "scheduler_inflight_events",
    help: "Elements of the in-flight list by event; PodPopped are the pods themselves.",
    values: [...byLabel].filter(([, value]) => value > 0).map(([event, value]) => ({ labels: { event }, value })),
  };
}

function unschedulablePods({ metrics }: MetricSources): MetricFamily {
  return {
    type: "gauge",
    name: "scheduler_unschedulable_pods",
    help: "Pods that a plugin rejects.",
    values: [...metrics.unschedulablePods()].flatMap(([profile, plugins]) =>
      [...plugins]
        .filter(([, value]) => value !== 0)
        .map(([plugin, value]) => ({ labels: { plugin, profile }, value })),
    ),
  };
}

function hintDurations({ events }: MetricSources): MetricFamily {
  const values: HistogramValue[] = [];
  for (const { label, hints } of events.seen()) {
    for (const matching of hints.values()) {
      for (const { plugin, calls } of matching) {
        for (const hint of ["Queue", "QueueSkip", "Error"] as const) {
          const value = hintValue({ plugin, event: label, hint }, calls, hint);
          if (value !== undefined) addTo(values, value);
        }
      }
    }
  }
  return {
    type: "histogram",
    name: "scheduler_queueing_hint_execution_duration_seconds",
    help: "Calls of queueing hints. The count is exact; durations are scaled up from one call in sixteen.",
    values,
  };
}

function hintValue(labels: MetricLabels, calls: HintCalls, result: HintResult): HistogramValue | undefined {
  const count = calls.count(result);
  if (count === 0) return undefined;
  const timed = calls.timings[result];
  return timed === undefined ? { labels, count, sum: 0, buckets: [] } : histogramValue(labels, timed, count);
}

/** Two registrations of one plugin, or two kinds of events with one label, are one series. */
function addTo(values: HistogramValue[], value: HistogramValue): void {
  const index = values.findIndex((known) => isSameSeries(known.labels, value.labels));
  const known = values[index];
  if (known === undefined) values.push(value);
  else values[index] = merge(known, value);
}

function isSameSeries(a: MetricLabels, b: MetricLabels): boolean {
  return Object.entries(a).every(([name, value]) => b[name] === value);
}

function merge(a: HistogramValue, b: HistogramValue): HistogramValue {
  const longer = a.buckets.length > 0 ? a : b;
  const other = longer === a ? b : a;
  return {
    labels: a.labels,
    count: a.count + b.count,
    sum: a.sum + b.sum,
    buckets: longer.buckets.map(({ le, count }, index) => ({ le, count: count + (other.buckets[index]?.count ?? 0) })),
  };
}

function extensionPointDurations({ preEnqueue }: MetricSources): MetricFamily {
  return {
    type: "histogram",
    name: "scheduler_framework_extension_point_duration_seconds",
    help: "Checks by all PreEnqueue plugins. The status is Success whatever they said, as upstream reports it.",
    values: [...preEnqueue.extensionPointDurations].map(([profile, histogram]) =>
      histogramValue({ extension_point: "PreEnqueue", status: "Success", profile }, histogram),
    ),
  };
}

function pluginDurations({ preEnqueue }: MetricSources): MetricFamily {
  return {
    type: "histogram",
    name: "scheduler_plugin_execution_duration_seconds",
    help: "Checks by one PreEnqueue plugin: one in ten.",
    values: [...preEnqueue.pluginDurations].map(([name, histogram]) => {
      const [plugin = "", status = ""] = name.split("/");
      return histogramValue({ plugin, extension_point: "PreEnqueue", status }, histogram);
    }),
  };
}

/** @param count how many there were really, where only some were observed. */
function histogramValue(labels: MetricLabels, histogram: Histogram, count = histogram.count): HistogramValue {
  const scale = count / histogram.count;
  const cumulative = histogram.cumulative();
  const buckets = histogram.bounds.map((le, index) => ({ le, count: Math.round((cumulative[index] ?? 0) * scale) }));
  return { labels, count, sum: histogram.sum * scale, buckets };
}
