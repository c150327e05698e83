import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { Abort, sleep, type Clock } from "#lib/clock/index.ts";
import type { MetricFamily } from "#lib/queue/index.ts";
import type { ClusterHandle, ClusterRegistry, HubCounts } from "#server/hub/index.ts";
import { exposition, prefix, type ClusterFamilies } from "./exposition.ts";
import { hubFamilies } from "./hub-families.ts";

export interface MetricsOptions {
  readonly registry: ClusterRegistry;
  readonly hub: () => HubCounts;
  readonly clock: Clock;
  readonly version: string;
}

/** A cluster that is too busy to answer must not cost the figures of the others. */
const patienceMs = 5_000;

/**
 * What Prometheus is told. Every label is a name of this program, of a cluster, of a resource, or what somebody called
 * a handler and its owner: nothing of an object gets here.
 */
export class Metrics {
  readonly #options: MetricsOptions;
  #process: Registry | undefined;

  constructor(options: MetricsOptions) {
    this.#options = options;
  }

  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;

  async scrape(): Promise<string> {
    // Nobody pays for what nobody reads: the process is measured from the first time on.
    this.#process ??= processRegistry(this.#options.version);
    const clusters = await Promise.all(this.#options.registry.list().map(({ id }) => this.#familiesOf(id)));
    const hub = { families: hubFamilies(this.#options.hub()) };
    const texts = await Promise.all([this.#process.metrics(), exposition([hub, ...clusters])]);
    return texts.join("\n");
  }

  async #familiesOf(id: string): Promise<ClusterFamilies> {
    const handle = this.#options.registry.get(id);
    const answered = handle === undefined ? undefined : await this.#answer(handle);
    return { cluster: id, families: [...clusterFamilies(handle, answered !== undefined), ...(answered ?? [])] };
  }

  /** `undefined`: it is gone, or too busy. */
  async #answer(handle: ClusterHandle): Promise<readonly MetricFamily[] | undefined> {
    const answered = new Abort();
    const patience = sleep(this.#options.clock, patienceMs, answered.signal).then(() => undefined);
    const families = await Promise.race([handle.metrics().catch(() => undefined), patience]);
    answered.abort();
    return families;
  }
}

function clusterFamilies(handle: ClusterHandle | undefined, hasAnswered: boolean): readonly MetricFamily[] {
  const mode = handle?.summary().mode ?? "";
  const isConnected = handle?.summary().phase === "connected";
  return [
    {
      type: "gauge",
      name: "cluster_connected",
      help: "1 while the pods of the cluster can be read.",
      values: [{ labels: { mode }, value: Number(isConnected) }],
    },
    {
      type: "gauge",
      name: "cluster_answered",
      help: "1 if the thread of the cluster told its figures in time, so that they are in this answer.",
      values: [{ labels: {}, value: Number(hasAnswered) }],
    },
  ];
}

function processRegistry(version: string): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: `${prefix}build_info`,
    help: "Always 1.",
    labelNames: ["version"],
    registers: [registry],
  }).set({ version }, 1);
  return registry;
}
