import type { Status } from "./framework.ts";
import type { PluginStatus } from "./prepared-pod.ts";

/** Why one node does not take the pod. */
export interface NodeRejection {
  readonly node: string;
  /** Absent for a node that was left out before any filter looked at it. */
  readonly plugin: string | undefined;
  readonly status: Status;
}

/** What an attempt that found no node leaves behind. Upstream: `framework.Diagnosis`. */
export interface Diagnosis {
  readonly nodeCount: number;
  /** PreFilter ended the attempt: no node was looked at. */
  readonly preFilter: { readonly plugin: string | undefined; readonly status: Status } | undefined;
  readonly nodes: readonly NodeRejection[];
  /** The plugins whose events may help: what the queue is told. */
  readonly unschedulablePlugins: ReadonlySet<string>;
  readonly pendingPlugins: ReadonlySet<string>;
}

/** The text of a pod that fits nowhere. Upstream: `FitError.Error`. */
export function fitErrorMessage({ nodeCount, preFilter, nodes }: Diagnosis): string {
  const body =
    preFilter === undefined ? histogram(nodes.map(({ status }) => status)) : preFilter.status.reasons.join(", ");
  // No body happens when there are no nodes to give a reason.
  return `0/${nodeCount} nodes are available${body === "" ? ":" : `: ${body}.`}`;
}

/** Each reason with the number of nodes that gave it, sorted as text: "10 …" comes before "2 …". */
export function histogram(statuses: Iterable<Status>): string {
  const counts = new Map<string, number>();
  for (const { reasons } of statuses) for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const entries = [...counts].map(([reason, count]) => `${count} ${reason}`);
  return entries.sort(byCodeUnits).join(", ");
}

/** Nodes per plugin, by the plugin that counted on each. One that ended the attempt in PreFilter counts for all of them. */
export function countByPlugin({
  nodes,
  preFilter,
  nodeCount,
}: Pick<Diagnosis, "nodes" | "preFilter" | "nodeCount">): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  if (preFilter?.plugin !== undefined) counts.set(preFilter.plugin, nodeCount);
  for (const { plugin } of nodes) if (plugin !== undefined) counts.set(plugin, (counts.get(plugin) ?? 0) + 1);
  return counts;
}

export function rejectorsOf(status: PluginStatus): Pick<Diagnosis, "unschedulablePlugins" | "pendingPlugins"> {
  const plugins = new Set([status.plugin]);
  const none = new Set<string>();
  return status.status.code === "Pending"
    ? { unschedulablePlugins: none, pendingPlugins: plugins }
    : { unschedulablePlugins: plugins, pendingPlugins: none };
}

/** As Go sorts strings, whatever the locale. */
function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
