import { actionType, matchClusterEvents, type NodeSelector } from "#lib/kube/index.ts";
import type { PreEnqueuePluginMap, QueueingHintMap, QueueingHintRegistration } from "#lib/queue/index.ts";
import { defaultProfileConfiguration, type ProfileConfiguration } from "./configuration.ts";
import type { SelectorCompiler } from "./devices/index.ts";
import type { FilterPlugin, GatingPlugin, PermitPlugin, Plugin } from "./framework.ts";
import { defaultPreemption } from "./plugins/default-preemption.ts";
import { dynamicResources } from "./plugins/dynamic-resources.ts";
import { interPodAffinity } from "./plugins/inter-pod-affinity.ts";
import { nodeAffinity } from "./plugins/node-affinity.ts";
import { nodeDeclaredFeatures } from "./plugins/node-declared-features.ts";
import { nodeName } from "./plugins/node-name.ts";
import { nodePorts } from "./plugins/node-ports.ts";
import { nodeResourcesFit } from "./plugins/node-resources-fit.ts";
import { nodeUnschedulable } from "./plugins/node-unschedulable.ts";
import { nodeVolumeLimits } from "./plugins/node-volume-limits.ts";
import { podTopologySpread } from "./plugins/pod-topology-spread.ts";
import { schedulingGates } from "./plugins/scheduling-gates.ts";
import { taintToleration } from "./plugins/taint-toleration.ts";
import { volumeBinding } from "./plugins/volume-binding.ts";
import { volumeRestrictions } from "./plugins/volume-restrictions.ts";
import { volumeZone } from "./plugins/volume-zone.ts";
import type { Listers } from "./snapshot.ts";

/** A scheduler name and the plugins that judge its pods. */
export interface Profile {
  readonly schedulerName: string;
  readonly gatingPlugins: readonly GatingPlugin[];
  /** In the order of upstream's Filter; its PreFilter has the same order. */
  readonly filterPlugins: readonly FilterPlugin[];
  /** None in the default profile. */
  readonly permitPlugins?: readonly PermitPlugin[];
}

/** The profile that kube-scheduler 1.36 has without configuration. */
export function defaultProfile(listers: Listers, compileSelector?: SelectorCompiler): Profile {
  return profileOf(listers, defaultProfileConfiguration, compileSelector);
}

/** The plugins that are asked, in the order that is configured. What is unknown is left out. */
export function profileOf(
  listers: Listers,
  configuration: ProfileConfiguration,
  compileSelector?: SelectorCompiler,
): Profile {
  const { schedulerName, addedAffinity } = configuration;
  const { gatingPlugins, filterPlugins } = allPlugins(listers, { addedAffinity, compileSelector });
  const named = <T extends Plugin>(plugins: readonly T[], names: readonly string[]): T[] =>
    names.flatMap((name) => plugins.filter((plugin) => plugin.name === name));
  return {
    schedulerName,
    gatingPlugins: named(gatingPlugins, configuration.gatingPlugins),
    filterPlugins: named(filterPlugins, configuration.filterPlugins),
  };
}

interface PluginArguments {
  readonly addedAffinity: NodeSelector | undefined;
  readonly compileSelector: SelectorCompiler | undefined;
}

function allPlugins(
  listers: Listers,
  { addedAffinity, compileSelector }: PluginArguments,
): Omit<Profile, "schedulerName"> {
  const resources = dynamicResources(listers, compileSelector);
  return {
    gatingPlugins: [schedulingGates, resources, defaultPreemption],
    filterPlugins: [
      nodeUnschedulable,
      nodeName,
      taintToleration,
      nodeAffinity(addedAffinity),
      nodePorts,
      nodeResourcesFit(listers),
      volumeRestrictions(listers),
      nodeVolumeLimits(listers),
      volumeBinding(listers),
      volumeZone(listers),
      podTopologySpread,
      interPodAffinity,
      resources,
      nodeDeclaredFeatures,
    ],
  };
}

/** Every plugin of the profile once. */
export function pluginsOf({ gatingPlugins, filterPlugins, permitPlugins = [] }: Profile): readonly Plugin[] {
  return [...new Set<Plugin>([...gatingPlugins, ...filterPlugins, ...permitPlugins])];
}

/** What the queue needs to know of the profiles: who hears which event. Upstream: `buildQueueingHintMap`. */
export function queueingHintMap(profiles: readonly Profile[]): QueueingHintMap {
  return new Map(profiles.map((profile) => [profile.schedulerName, pluginsOf(profile).flatMap(registrationsOf)]));
}

export function preEnqueuePlugins(profiles: readonly Profile[]): PreEnqueuePluginMap {
  return new Map(profiles.map((profile) => [profile.schedulerName, profile.gatingPlugins]));
}

const nodeAdd = { resource: "Node", actionType: actionType.Add } as const;
const nodeTaint = { resource: "Node", actionType: actionType.UpdateNodeTaint } as const;

/**
 * Kept oddity: whoever asks for new nodes also hears of every change of taints, and always says Queue to it. A node
 * may be new to such a plugin only once its initial taint is gone, because other filters came before.
 */
export function registrationsOf(plugin: Plugin): readonly QueueingHintRegistration[] {
  const registered = plugin.eventsToRegister().map((each) => ({ plugin: plugin.name, ...each }));
  const hears = (event: typeof nodeAdd | typeof nodeTaint): boolean =>
    registered.some((each) => each.event.resource === "Node" && matchClusterEvents(each.event, event));
  return hears(nodeAdd) && !hears(nodeTaint) ? [...registered, { plugin: plugin.name, event: nodeTaint }] : registered;
}
