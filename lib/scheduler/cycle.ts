import { podUid, type Pod } from "#lib/kube/index.ts";
import { fitErrorMessage, rejectorsOf, type Diagnosis, type NodeRejection } from "./diagnosis.ts";
import { isRejected, unresolvable, type Status } from "./framework.ts";
import type { NodeInfo } from "./node-info.ts";
import { nominatedNodeName, PodInfo, priorityOf } from "./pod-info.ts";
import { preparePod, type PluginStatus, type PreparedPod } from "./prepared-pod.ts";
import type { Profile } from "./profile.ts";
import type { Snapshot } from "./snapshot.ts";

/** What one scheduling attempt came to. */
export type Attempt =
  | {
      readonly kind: "fits";
      readonly feasible: readonly NodeInfo[];
      /** The nodes that do not take it. */
      readonly rejections: readonly NodeRejection[];
    }
  /** Nothing to be rejected by: the queue retries it after backoff. */
  | { readonly kind: "noNodes"; readonly message: string }
  | Unschedulable
  | { readonly kind: "failed"; readonly message: string };

/** Pods that were promised a node and are not there yet. */
export type NominatedPods = (node: string) => readonly Pod[];

/** It fits nowhere, and somebody said so. */
export interface Unschedulable {
  readonly kind: "unschedulable";
  readonly diagnosis: Diagnosis;
  /** Without what PostFilter adds. */
  readonly message: string;
  /** Present where filters were asked: PostFilter goes on with them. */
  readonly prepared: PreparedPod | undefined;
}

export interface CycleOptions {
  readonly profile: Profile;
  readonly snapshot: Snapshot;
  readonly nominatedPods: NominatedPods;
}

/** PreFilter and Filter over all nodes: synchronous, so that nothing changes meanwhile. Upstream: `findNodesThatFitPod`. */
export function attempt(pod: Pod, { profile, snapshot, nominatedPods }: CycleOptions): Attempt {
  const { nodeCount } = snapshot;
  if (nodeCount === 0) return { kind: "noNodes", message: "no nodes available to schedule pods" };
  const preparation = preparePod(profile, pod, snapshot);
  switch (preparation.kind) {
    case "failed":
      return { kind: "failed", message: preparation.message };
    case "rejected":
      return unschedulable({ nodeCount, preFilter: preparation.by, nodes: [], ...rejectorsOf(preparation.by) });
    case "conflicting":
      return unschedulable({
        nodeCount,
        preFilter: { plugin: undefined, status: preparation.status },
        nodes: [],
        unschedulablePlugins: new Set(preparation.narrowingPlugins),
        pendingPlugins: new Set(),
      });
    case "ready":
      return findNodes(pod, preparation.prepared, snapshot, nominatedPods);
    default:
      return preparation satisfies never;
  }
}

function findNodes(pod: Pod, prepared: PreparedPod, snapshot: Snapshot, nominatedPods: NominatedPods): Attempt {
  const leftOutBy = new Set(prepared.narrowingPlugins);
  const found = new Map<string, NodeRejection>();
  const judge = (node: NodeInfo): Failed | "fits" | "rejected" => {
    const first = firstRejection(pod, prepared, node, nominatedPods);
    if (first === undefined) return "fits";
    if (!isRejected(first.status))
      return { message: `running "${first.plugin}" filter plugin: ${first.status.reasons.join(", ")}` };
    found.set(node.name, { node: node.name, ...first });
    return "rejected";
  };

  const nominated = snapshot.node(nominatedNodeName(pod));
  if (nominated !== undefined) {
    // Tried even if PreFilter left it out; who rejects it then joins the narrowing plugins in the text.
    const verdict = judge(nominated);
    if (typeof verdict === "object") return { kind: "failed", ...verdict };
    if (verdict === "fits") return { kind: "fits", feasible: [nominated], rejections: [] };
    const plugin = found.get(nominated.name)?.plugin;
    if (plugin !== undefined) leftOutBy.add(plugin);
  }

  const feasible: NodeInfo[] = [];
  const nodes: NodeRejection[] = [];
  let leftOut: Status | undefined;
  for (const node of snapshot.nodes()) {
    if (prepared.nodeNames?.has(node.name) === false) {
      leftOut ??= unresolvable(`node(s) didn't satisfy plugin(s) [${[...leftOutBy].sort().join(" ")}]`);
      nodes.push(found.get(node.name) ?? { node: node.name, plugin: undefined, status: leftOut });
      continue;
    }
    const verdict = judge(node);
    if (typeof verdict === "object") return { kind: "failed", ...verdict };
    if (verdict === "fits") feasible.push(node);
    const rejection = found.get(node.name);
    if (rejection !== undefined) nodes.push(rejection);
  }
  if (feasible.length > 0) return { kind: "fits", feasible, rejections: nodes };
  return unschedulable(
    { nodeCount: snapshot.nodeCount, preFilter: undefined, nodes, ...pluginsOf(found, leftOutBy) },
    prepared,
  );
}

interface Failed {
  readonly message: string;
}

/**
 * Pods nominated to the node with at least this pod's priority are counted as if they ran there; if there are any, the
 * node must also do without them, since they may never come. Upstream: `RunFilterPluginsWithNominatedPods`.
 */
export function firstRejection(
  pod: Pod,
  prepared: PreparedPod,
  node: NodeInfo,
  nominatedPods: NominatedPods,
): PluginStatus | undefined {
  const rivals = nominatedPods(node.name).filter(
    (other) => podUid(other) !== podUid(pod) && priorityOf(other) >= priorityOf(pod),
  );
  if (rivals.length > 0) {
    const copy = node.clone();
    const withRivals = prepared.clone();
    for (const rival of rivals) withRivals.addPod(new PodInfo(rival), copy);
    const rejection = withRivals.firstRejection(copy);
    if (rejection !== undefined) return rejection;
  }
  return prepared.firstRejection(node);
}

/** Kept oddity: a plugin that narrowed the nodes counts, even if it rejected none itself. */
function pluginsOf(
  found: ReadonlyMap<string, NodeRejection>,
  narrowing: ReadonlySet<string>,
): Pick<Diagnosis, "unschedulablePlugins" | "pendingPlugins"> {
  const unschedulablePlugins = new Set(narrowing);
  const pendingPlugins = new Set<string>();
  for (const { plugin, status } of found.values()) {
    if (plugin !== undefined) (status.code === "Pending" ? pendingPlugins : unschedulablePlugins).add(plugin);
  }
  return { unschedulablePlugins, pendingPlugins };
}

function unschedulable(diagnosis: Diagnosis, prepared?: PreparedPod): Attempt {
  return { kind: "unschedulable", diagnosis, message: fitErrorMessage(diagnosis), prepared };
}
