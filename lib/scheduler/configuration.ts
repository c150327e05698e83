import type { NodeSelector } from "#lib/kube/index.ts";
import { array, duration, field, isRecord, text, type Fields } from "./configuration-fields.ts";

export const defaultSchedulerName = "default-scheduler";

/** One profile, as far as it decides whether a pod is scheduled at all. */
export interface ProfileConfiguration {
  readonly schedulerName: string;
  /** PreEnqueue and Filter, in order. */
  readonly gatingPlugins: readonly string[];
  readonly filterPlugins: readonly string[];
  /** Those of the default profile that are switched off where they would judge. */
  readonly disabled: readonly string[];
  /** Those that are switched on where they would judge, and that we do not know. */
  readonly unknown: readonly string[];
  readonly addedAffinity?: NodeSelector;
}

export interface SchedulerConfiguration {
  readonly profiles: readonly ProfileConfiguration[];
  readonly podInitialBackoffMs: number;
  readonly podMaxBackoffMs: number;
  /** What is configured and not modelled, in words. */
  readonly problems: readonly string[];
}

/** In upstream's order of Filter, which is that of PreFilter as well. Upstream: `getDefaultPlugins`. */
const filterPlugins: readonly string[] = [
  "NodeUnschedulable",
  "NodeName",
  "TaintToleration",
  "NodeAffinity",
  "NodePorts",
  "NodeResourcesFit",
  "VolumeRestrictions",
  "NodeVolumeLimits",
  "VolumeBinding",
  "VolumeZone",
  "PodTopologySpread",
  "InterPodAffinity",
  "DynamicResources",
  "NodeDeclaredFeatures",
];
const gatingPlugins: readonly string[] = ["SchedulingGates", "DynamicResources", "DefaultPreemption"];
/** Known, and never in the way of a pod: they order, score, or bind. */
const harmless: ReadonlySet<string> = new Set([
  "PrioritySort",
  "NodeResourcesBalancedAllocation",
  "ImageLocality",
  "DefaultBinder",
  "DefaultPreemption",
  "SchedulingGates",
]);

export const defaultProfileConfiguration: ProfileConfiguration = {
  schedulerName: defaultSchedulerName,
  gatingPlugins,
  filterPlugins,
  disabled: [],
  unknown: [],
};

export const defaultConfiguration: SchedulerConfiguration = {
  profiles: [defaultProfileConfiguration],
  podInitialBackoffMs: 1_000,
  podMaxBackoffMs: 10_000,
  problems: [],
};

/** It is no KubeSchedulerConfiguration. */
export class NotAConfigurationError extends Error {
  override readonly name = "NotAConfigurationError";
  constructor(what: string) {
    super(`${what}: expected a KubeSchedulerConfiguration`);
  }
}

/**
 * A KubeSchedulerConfiguration, from a file or as `/configz` shows it, which writes members with a capital letter.
 * Defaults are filled in as kube-scheduler does. Upstream: `apis/config/v1/defaults.go`, `default_plugins.go`.
 *
 * @throws NotAConfigurationError
 */
export function readConfiguration(value: unknown): SchedulerConfiguration {
  if (!isRecord(value)) throw new NotAConfigurationError("no object");
  const kind = text(field(value, "kind"));
  if (kind !== undefined && kind !== "KubeSchedulerConfiguration") throw new NotAConfigurationError(`kind ${kind}`);
  if (kind === undefined && field(value, "profiles") === undefined && field(value, "parallelism") === undefined) {
    throw new NotAConfigurationError("no kind and no profiles");
  }
  const problems = array(field(value, "extenders")).map((extender) => {
    const url = text(isRecord(extender) ? field(extender, "urlPrefix") : undefined) ?? "an extender";
    return `${url} can reject pods as well: extenders are not modelled`;
  });
  const written = array(field(value, "profiles")).filter(isRecord);
  const profiles = written.length === 0 ? [{}] : written;
  return {
    profiles: profiles.map((profile) => readProfile(profile, problems)),
    podInitialBackoffMs: duration(field(value, "podInitialBackoffSeconds"), 1),
    podMaxBackoffMs: duration(field(value, "podMaxBackoffSeconds"), 10),
    problems,
  };
}

function readProfile(profile: Fields, problems: string[]): ProfileConfiguration {
  const schedulerName = text(field(profile, "schedulerName")) ?? defaultSchedulerName;
  const plugins = field(profile, "plugins");
  const points = isRecord(plugins) ? plugins : {};
  const multiPoint = pointOf(points, "multiPoint");
  const filters = enabledAt(pointOf(points, "filter"), multiPoint, filterPlugins);
  const gates = enabledAt(pointOf(points, "preEnqueue"), multiPoint, gatingPlugins);
  const preFilters = enabledAt(pointOf(points, "preFilter"), multiPoint, filterPlugins);
  const known = (name: string): boolean => filterPlugins.includes(name) || gatingPlugins.includes(name);
  for (const name of filters) {
    if (known(name) && !preFilters.includes(name)) {
      problems.push(`${name} is switched off in PreFilter only, in profile ${schedulerName}: it is modelled whole`);
    }
  }
  const judging = [...new Set([...filters, ...gates, ...preFilters])];
  const addedAffinity = readArguments(profile, schedulerName, problems);
  return {
    schedulerName,
    gatingPlugins: gates.filter((name) => gatingPlugins.includes(name)),
    filterPlugins: filters.filter((name) => filterPlugins.includes(name)),
    disabled: [
      ...filterPlugins.filter((name) => !filters.includes(name)),
      ...gatingPlugins.filter((name) => !gates.includes(name) && !filterPlugins.includes(name)),
    ],
    unknown: judging.filter((name) => !known(name) && !harmless.has(name)),
    ...(addedAffinity === undefined ? {} : { addedAffinity }),
  };
}

/** What one extension point, or all of them at once, switches on and off. */
interface Point {
  readonly enabled: readonly string[];
  readonly disabled: ReadonlySet<string>;
}

function pointOf(points: Fields, name: string): Point {
  const point = field(points, name);
  const namesIn = (list: unknown): string[] =>
    array(list).flatMap((plugin) => (isRecord(plugin) ? (text(field(plugin, "name")) ?? []) : []));
  if (!isRecord(point)) return { enabled: [], disabled: new Set() };
  return { enabled: namesIn(field(point, "enabled")), disabled: new Set(namesIn(field(point, "disabled"))) };
}

/**
 * First those that the point itself puts in order and that are on everywhere, then the others that are on everywhere,
 * then what is on at this point only. Upstream: `mergePlugins`, `expandMultiPointPlugins`.
 */
function enabledAt(point: Point, multiPoint: Point, defaults: readonly string[]): readonly string[] {
  const isOff = ({ disabled }: Point, name: string): boolean => disabled.has("*") || disabled.has(name);
  const everywhere = [
    ...defaults.filter((name) => !isOff(multiPoint, name)),
    ...multiPoint.enabled.filter((name) => isOff(multiPoint, name) || !defaults.includes(name)),
  ].filter((name) => defaults.includes(name) || !isOnlyElsewhere(name));
  const here = everywhere.filter((name) => !isOff(point, name));
  const ordered = point.enabled.filter((name) => everywhere.includes(name));
  return [...new Set([...ordered, ...here, ...point.enabled])];
}

/** A plugin that we know, at a point where it does nothing. */
function isOnlyElsewhere(name: string): boolean {
  return harmless.has(name) || filterPlugins.includes(name) || gatingPlugins.includes(name);
}

/** What the arguments of plugins change about who is rejected: one is modelled, of others it is said. */
function readArguments(profile: Fields, schedulerName: string, problems: string[]): NodeSelector | undefined {
  let added: NodeSelector | undefined;
  for (const entry of array(field(profile, "pluginConfig")).filter(isRecord)) {
    const name = text(field(entry, "name")) ?? "";
    const args = field(entry, "args");
    if (!isRecord(args)) continue;
    const tell = (what: string): void =>
      void problems.push(`${name} is given ${what} in profile ${schedulerName}: not modelled`);
    if (name === "NodeAffinity") {
      const affinity = field(args, "addedAffinity");
      const required = isRecord(affinity)
        ? field(affinity, "requiredDuringSchedulingIgnoredDuringExecution")
        : undefined;
      if (isRecord(required)) added = required;
    }
    if (name === "PodTopologySpread" && array(field(args, "defaultConstraints")).length > 0) {
      tell("default constraints");
    }
    if (name === "NodeResourcesFit" && array(field(args, "ignoredResources")).length > 0) tell("ignored resources");
    if (name === "NodeResourcesFit" && array(field(args, "ignoredResourceGroups")).length > 0) {
      tell("ignored resource groups");
    }
  }
  return added;
}
