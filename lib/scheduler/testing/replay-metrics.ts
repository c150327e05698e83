import type { MetricFamily } from "#lib/queue/index.ts";
import { firstDifference } from "#lib/queue/testing/first-difference.ts";
import type { RecordedMetric, RecordedPipeline } from "./recorded.ts";
import { replayPipeline } from "./replay-pipeline.ts";

/** The label sets of one metric after all pipeline scenarios. */
export function metricDifference(recorded: RecordedMetric, scenarios: readonly RecordedPipeline[]): string | undefined {
  const series = new Set<string>();
  let type: string | undefined;
  for (const scenario of scenarios) {
    const family = familyAfter(scenario, recorded.name);
    type ??= family?.type;
    for (const { labels } of family?.values ?? []) series.add(textOf(labels));
  }
  return firstDifference({ type: recorded.type, series: recorded.series }, { type, series: [...series].sort() });
}

interface Family {
  readonly type: string;
  readonly values: readonly { readonly labels: Readonly<Record<string, string>> }[];
}

function familyAfter(scenario: RecordedPipeline, name: string): Family | undefined {
  const { queue, pipeline } = replayPipeline(scenario).cluster;
  if (name !== "scheduler_event_handling_duration_seconds") {
    return queue.view.metrics().find((family: MetricFamily) => family.name === name);
  }
  return { type: "histogram", values: [...pipeline.handledEvents.keys()].map((event) => ({ labels: { event } })) };
}

function textOf(labels: Readonly<Record<string, string>>): string {
  const entries = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(",");
}
