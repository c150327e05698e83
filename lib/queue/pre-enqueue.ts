import type { Clock } from "#lib/clock/index.ts";
import type { Pod } from "#lib/kube/index.ts";
import { exponentialBuckets } from "./histogram.ts";
import type { PreEnqueuePlugin, PreEnqueuePluginMap, Refusal } from "./pre-enqueue-plugin.ts";
import { NamedHistograms, type QueueMetrics } from "./queue-metrics.ts";
import type { QueuedPodInfo } from "./queued-pod-info.ts";

/** One in so many checks has its plugin calls timed; upstream draws 10 % by chance. */
const timingInterval = 10;
const noPlugins: readonly PreEnqueuePlugin[] = [];

/**
 * Asks the PreEnqueue plugins whether a pod may go on. A pod that is refused is gated: the refusing plugin becomes its
 * gating plugin and one of its rejectors, and stays a rejector after it let the pod pass.
 * Upstream: `runPreEnqueuePlugins`.
 */
export class PreEnqueue {
  readonly #plugins: PreEnqueuePluginMap;
  readonly #metrics: QueueMetrics;
  readonly #clock: Clock;
  #untilTimed = 1;
  /** By profile: `framework_extension_point_duration_seconds`. */
  readonly extensionPointDurations = new NamedHistograms(exponentialBuckets(0.0001, 2, 12));
  /** By plugin and status (`plugin/Success`): `plugin_execution_duration_seconds`. */
  readonly pluginDurations = new NamedHistograms(exponentialBuckets(0.00001, 1.5, 20));

  constructor(plugins: PreEnqueuePluginMap, metrics: QueueMetrics, clock: Clock) {
    this.#plugins = plugins;
    this.#metrics = metrics;
    this.#clock = clock;
  }

  /** Sets or clears the record's gating plugin. */
  run(info: QueuedPodInfo): void {
    const plugins = this.#of(info.schedulerName);
    if (plugins.length === 0) {
      info.gatingPlugin = "";
      this.extensionPointDurations.observe(info.schedulerName, 0);
      return;
    }
    const start = this.#clock.now();
    this.#ask(plugins, info);
    this.extensionPointDurations.observe(info.schedulerName, (this.#clock.now() - start) / 1000);
  }

  /** Who would refuse this pod if it had no gating plugin now. Without side effects. */
  wouldRefuse(pod: Pod, profile: string): string | undefined {
    return this.#of(profile).find((plugin) => refusalOf(plugin, pod) !== undefined)?.name;
  }

  #ask(plugins: readonly PreEnqueuePlugin[], info: QueuedPodInfo): void {
    const isTimed = --this.#untilTimed === 0;
    if (isTimed) this.#untilTimed = timingInterval;
    const gating = info.gatingPlugin === "" ? undefined : plugins.find((plugin) => plugin.name === info.gatingPlugin);
    if (gating !== undefined && this.#refuses(gating, info, isTimed)) return;
    for (const plugin of plugins) if (plugin !== gating && this.#refuses(plugin, info, isTimed)) return;
    info.gatingPlugin = "";
  }

  #refuses(plugin: PreEnqueuePlugin, info: QueuedPodInfo, isTimed: boolean): boolean {
    const start = isTimed ? this.#clock.now() : 0;
    const refusal = refusalOf(plugin, info.pod);
    if (isTimed) {
      const status = refusal === undefined ? "Success" : statusName[refusal.code];
      this.pluginDurations.observe(`${plugin.name}/${status}`, (this.#clock.now() - start) / 1000);
    }
    if (refusal === undefined) return false;
    if (!info.isRejectedBy(plugin.name)) this.#metrics.unschedulable(plugin.name, info.schedulerName, 1);
    if (!info.unschedulablePlugins.has(plugin.name)) info.addUnschedulablePlugin(plugin.name);
    info.gatingPlugin = plugin.name;
    return true;
  }

  #of(profile: string): readonly PreEnqueuePlugin[] {
    return this.#plugins.get(profile) ?? noPlugins;
  }
}

const statusName = {
  unschedulable: "Unschedulable",
  unresolvable: "UnschedulableAndUnresolvable",
  pending: "Pending",
  error: "Error",
} as const satisfies Record<Refusal["code"], string>;

/** A plugin that throws refuses: the pod must not slip through a check that broke. */
function refusalOf(plugin: PreEnqueuePlugin, pod: Pod): Refusal | undefined {
  try {
    return plugin.preEnqueue(pod);
  } catch (error) {
    return { code: "error", reasons: [String(error)] };
  }
}
