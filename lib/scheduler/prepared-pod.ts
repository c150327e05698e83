import type { Pod, ResourceClaim } from "#lib/kube/index.ts";
import {
  isPodAware,
  isRejected,
  unresolvable,
  type NodeFilter,
  type PodAwareNodeFilter,
  type Status,
} from "./framework.ts";
import { intersection } from "./intersection.ts";
import type { NodeInfo } from "./node-info.ts";
import { isDeviceFilter } from "./plugins/device-filter.ts";
import type { PodInfo } from "./pod-info.ts";
import type { Profile } from "./profile.ts";
import type { Snapshot } from "./snapshot.ts";

/** A status with the plugin that gave it. */
export interface PluginStatus {
  readonly plugin: string;
  readonly status: Status;
}

interface ActiveFilter {
  readonly plugin: string;
  readonly filter: NodeFilter | PodAwareNodeFilter;
}

/** What PreFilter made of a pod. Upstream: `RunPreFilterPlugins`. */
export type Preparation = {
  /** Plugins that have nothing to say about this pod, as far as they were asked. */
  readonly skipped: readonly string[];
} & (
  | { readonly kind: "rejected"; readonly by: PluginStatus }
  /** Plugins that each name nodes, but have none in common. The status carries no plugin. */
  | { readonly kind: "conflicting"; readonly status: Status; readonly narrowingPlugins: readonly string[] }
  | { readonly kind: "failed"; readonly by: PluginStatus; readonly message: string }
  | { readonly kind: "ready"; readonly prepared: PreparedPod }
);

/** What plugins worked out of a pod that is the same to them, and of the same snapshot. */
export interface KeptFilters {
  /** None that narrows the nodes. */
  readonly plugins: ReadonlySet<string>;
  readonly from: PreparedPod;
}

export function preparePod(profile: Profile, pod: Pod, snapshot: Snapshot, kept?: KeptFilters): Preparation {
  const filters: ActiveFilter[] = [];
  const skipped: string[] = [];
  const narrowingPlugins: string[] = [];
  let nodeNames: ReadonlySet<string> | undefined;
  let postponed: PluginStatus | undefined;
  for (const plugin of profile.filterPlugins) {
    const { name } = plugin;
    if (kept?.plugins.has(name) === true) {
      const filter = kept.from.filterOf(name);
      if (filter === undefined) skipped.push(name);
      else filters.push({ plugin: name, filter });
      continue;
    }
    if (!("preFilter" in plugin)) {
      filters.push({ plugin: name, filter: { filter: (node) => plugin.filter(pod, node) } });
      continue;
    }
    const result = plugin.preFilter(pod, snapshot);
    if (result.kind === "skip") {
      skipped.push(name);
    } else if (result.kind === "status") {
      const by = { plugin: name, status: result.status };
      if (!isRejected(by.status)) return { kind: "failed", by, message: failureText(by), skipped };
      if (by.status.code === "UnschedulableAndUnresolvable") return { kind: "rejected", by, skipped };
      postponed = by;
    } else {
      filters.push({ plugin: name, filter: result.filter });
      if (result.nodeNames === undefined) continue;
      nodeNames = nodeNames === undefined ? result.nodeNames : intersection(nodeNames, result.nodeNames);
      narrowingPlugins.push(name);
      if (nodeNames.size === 0)
        return { kind: "conflicting", status: conflict(narrowingPlugins), narrowingPlugins, skipped };
    }
  }
  if (postponed !== undefined) return { kind: "rejected", by: postponed, skipped };
  return { kind: "ready", prepared: new PreparedPod({ filters, skipped, nodeNames, narrowingPlugins }), skipped };
}

function failureText({ plugin, status }: PluginStatus): string {
  return `running PreFilter plugin "${plugin}": ${status.reasons.join(", ")}`;
}

function conflict(plugins: readonly string[]): Status {
  return unresolvable(
    plugins.length === 1
      ? `node(s) didn't satisfy plugin ${plugins[0] ?? ""}`
      : `node(s) didn't satisfy plugin(s) [${plugins.join(" ")}] simultaneously`,
  );
}

interface PreparedParts {
  readonly filters: readonly ActiveFilter[];
  readonly skipped: readonly string[];
  readonly nodeNames: ReadonlySet<string> | undefined;
  readonly narrowingPlugins: readonly string[];
}

/** A pod that passed PreFilter, ready to be held against nodes. */
export class PreparedPod {
  readonly #filters: readonly ActiveFilter[];
  /** Plugins that have nothing to say about this pod. */
  readonly skipped: readonly string[];
  /** Absent: every node is worth a look. */
  readonly nodeNames: ReadonlySet<string> | undefined;
  readonly narrowingPlugins: readonly string[];

  constructor(parts: PreparedParts) {
    this.#filters = parts.filters;
    this.skipped = parts.skipped;
    this.nodeNames = parts.nodeNames;
    this.narrowingPlugins = parts.narrowingPlugins;
  }

  /** Plugins that are asked about nodes, in order. */
  get plugins(): readonly string[] {
    return this.#filters.map(({ plugin }) => plugin);
  }

  filterOf(name: string): NodeFilter | PodAwareNodeFilter | undefined {
    return this.#filters.find(({ plugin }) => plugin === name)?.filter;
  }

  /** Some filter's answer for one node depends on pods of other nodes. */
  get looksAround(): boolean {
    return this.#filters.some(({ filter }) => isPodAware(filter));
  }

  /** The first plugin that does not say yes counts, with all its reasons. Upstream: `RunFilterPlugins`. */
  firstRejection(node: NodeInfo): PluginStatus | undefined {
    for (const { plugin, filter } of this.#filters) {
      const status = filter.filter(node);
      if (status !== undefined) return { plugin, status };
    }
    return undefined;
  }

  /** What the plugin's PostFilter says, if it has one and was asked about nodes. */
  postFilterText(
    plugin: string,
    rejected: readonly { readonly node: NodeInfo; readonly status: Status }[],
  ): string | undefined {
    return this.filterOf(plugin)?.postFilter?.(rejected);
  }

  /** What each plugin says by itself: more than a real attempt finds out. */
  allRejections(node: NodeInfo): readonly PluginStatus[] {
    return this.#filters.flatMap(({ plugin, filter }) => {
      const status = filter.filter(node);
      return status === undefined ? [] : [{ plugin, status }];
    });
  }

  /** A copy that can be told of pods that are not there, or no longer. */
  clone(): PreparedPod {
    return new PreparedPod({
      filters: this.#filters.map(({ plugin, filter }) => ({
        plugin,
        filter: isPodAware(filter) ? filter.clone() : filter,
      })),
      skipped: this.skipped,
      nodeNames: this.nodeNames,
      narrowingPlugins: this.narrowingPlugins,
    });
  }

  /** The same if these claims gave their devices back. */
  releasing(claims: ReadonlySet<ResourceClaim>): PreparedPod {
    return new PreparedPod({
      filters: this.#filters.map(({ plugin, filter }) => ({
        plugin,
        filter: isDeviceFilter(filter) ? filter.releasing(claims) : filter,
      })),
      skipped: this.skipped,
      nodeNames: this.nodeNames,
      narrowingPlugins: this.narrowingPlugins,
    });
  }

  /** Both the node, a copy, and the filters learn of the pod. Upstream: `addPod` of the nominated pods. */
  addPod(pod: PodInfo, node: NodeInfo): void {
    node.addPod(pod);
    for (const { filter } of this.#filters) if (isPodAware(filter)) filter.addPod(pod, node);
  }

  removePod(pod: PodInfo, node: NodeInfo): void {
    node.removePodIfPresent(pod.uid);
    for (const { filter } of this.#filters) if (isPodAware(filter)) filter.removePod(pod, node);
  }
}
