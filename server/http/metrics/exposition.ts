import { AggregatorRegistry } from "prom-client";
import type { MetricFamily, MetricLabels } from "#lib/queue/index.ts";

/** What every name of ours begins with, also those that kube-scheduler has: they are our queue's here, not its own. */
export const prefix = "kube_inflight_";

interface PrometheusValue {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly metricName?: string;
}

/** The families of one cluster, which becomes a label; or of none. */
export interface ClusterFamilies {
  readonly cluster?: string;
  readonly families: readonly MetricFamily[];
}

/** As text. Families of one name are one, whatever clusters they are of. */
export async function exposition(clusters: readonly ClusterFamilies[]): Promise<string> {
  const metrics = clusters.map(({ families, ...of }) =>
    families.map((family) => ({
      name: prefix + family.name,
      help: family.help,
      type: family.type,
      aggregator: "sum",
      values: valuesOf(family).map(({ labels, ...value }) => ({ ...value, labels: { ...of, ...labels } })),
    })),
  );
  return AggregatorRegistry.aggregate(metrics).metrics();
}

function valuesOf(family: MetricFamily): readonly PrometheusValue[] {
  if (family.type !== "histogram") return family.values.map(({ labels, value }) => ({ labels, value }));
  const name = prefix + family.name;
  return family.values.flatMap(({ labels, count, sum, buckets }) => [
    ...[...buckets, { le: "+Inf", count }].map(({ le, count: value }) => bucketOf(name, labels, le, value)),
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ]);
}

function bucketOf(name: string, labels: MetricLabels, le: number | string, value: number): PrometheusValue {
  return { metricName: `${name}_bucket`, labels: { ...labels, le }, value };
}
