import {
  actionType,
  bothOf,
  labelValue,
  MalformedSelectorError,
  parseLabelSelector,
  requiredNodeAffinity,
  selectorOf,
  semanticallyEqual,
  untoleratedTaint,
  type Labels,
  type Node,
  type NodeMatcher,
  type Pod,
  type Selector,
  type TopologySpreadConstraint,
} from "#lib/kube/index.ts";
import {
  failure,
  ready,
  refuse,
  skip,
  unresolvable,
  unschedulable,
  type PodAwareNodeFilter,
  type PreFilterPlugin,
  type Status,
} from "../framework.ts";
import { on } from "../hint.ts";
import type { NodeInfo } from "../node-info.ts";
import { isAssignedOrNominated, type PodInfo } from "../pod-info.ts";
import { isSelf } from "../self.ts";
import type { Snapshot } from "../snapshot.ts";

const tooSkewed = unschedulable("node(s) didn't match pod topology spread constraints");
const missingLabel = unresolvable("node(s) didn't match pod topology spread constraints (missing required label)");

/** Keeps matching pods evenly spread over domains. Upstream: `plugins/podtopologyspread`, hard constraints. */
export const podTopologySpread: PreFilterPlugin = {
  name: "PodTopologySpread",
  preFilter: (pod, snapshot) => {
    const constraints = readConstraints(pod);
    if (typeof constraints === "string") return refuse(failure(constraints));
    return constraints.length === 0 ? skip : ready(SpreadFilter.counting(pod, constraints, snapshot));
  },
  eventsToRegister: () => [
    on<Pod>(
      "Pod",
      actionType.Add | actionType.Delete | actionType.UpdatePodLabel | actionType.UpdatePodToleration,
      mayHelpByPod,
    ),
    on<Node>(
      "Node",
      actionType.Add | actionType.Delete | actionType.UpdateNodeLabel | actionType.UpdateNodeTaint,
      mayHelpByNode,
    ),
  ],
};

interface Constraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly selector: Selector;
  readonly honorsAffinity: boolean;
  readonly honorsTaints: boolean;
  /** The pod counts itself where it lands. */
  readonly self: 0 | 1;
}

/** What they are, or why they cannot be read. */
function readConstraints(pod: Pod): readonly Constraint[] | string {
  try {
    return hardConstraints(pod);
  } catch (error) {
    if (!(error instanceof MalformedSelectorError)) throw error;
    return `get constraints from pod: obtaining pod's hard topology spread constraints: ${error.message}`;
  }
}

/** @throws MalformedSelectorError */
function hardConstraints({ spec, metadata }: Pod): readonly Constraint[] {
  return (spec?.topologySpreadConstraints ?? [])
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule")
    .map((constraint) => {
      const selector = bothOf(parseLabelSelector(constraint.labelSelector), keysOf(constraint, metadata.labels));
      return {
        topologyKey: constraint.topologyKey,
        maxSkew: constraint.maxSkew,
        minDomains: constraint.minDomains ?? 1,
        selector,
        honorsAffinity: (constraint.nodeAffinityPolicy ?? "Honor") === "Honor",
        honorsTaints: constraint.nodeTaintsPolicy === "Honor",
        self: selector.matches(metadata.labels) ? 1 : 0,
      };
    });
}

/** `matchLabelKeys`: the others must have the pod's own values. Keys that the pod lacks are ignored. */
function keysOf({ matchLabelKeys = [] }: TopologySpreadConstraint, labels: Labels | undefined): Selector {
  return selectorOf(
    matchLabelKeys.flatMap((key) => {
      const value = labelValue(labels, key);
      return value === undefined ? [] : [{ key, operator: "In", values: [value] }];
    }),
  );
}

function hasAllKeys(node: Node, constraints: readonly Constraint[]): boolean {
  return constraints.every(({ topologyKey }) => labelValue(node.metadata.labels, topologyKey) !== undefined);
}

class SpreadFilter implements PodAwareNodeFilter {
  readonly #pod: Pod;
  readonly #constraints: readonly Constraint[];
  readonly #affinity: NodeMatcher;
  /** Per constraint: domain to matching pods. A domain without pods counts 0 and is there. */
  readonly #counts: readonly Map<string, number>[];
  /** Per constraint; forgotten when a count changes. */
  readonly #minimums: (number | undefined)[];

  private constructor(pod: Pod, constraints: readonly Constraint[], counts: readonly Map<string, number>[]) {
    this.#pod = pod;
    this.#constraints = constraints;
    this.#affinity = requiredNodeAffinity(pod);
    this.#counts = counts;
    this.#minimums = counts.map(() => undefined);
  }

  static counting(pod: Pod, constraints: readonly Constraint[], snapshot: Snapshot): SpreadFilter {
    const filter = new SpreadFilter(
      pod,
      constraints,
      constraints.map(() => new Map<string, number>()),
    );
    for (const node of snapshot.nodes()) filter.#countNode(node);
    return filter;
  }

  filter(node: NodeInfo): Status | undefined {
    for (const [index, { topologyKey, maxSkew, minDomains, self }] of this.#constraints.entries()) {
      const domain = node.label(topologyKey);
      if (domain === undefined) return missingLabel;
      const counts = this.#countsOf(index);
      const minimum = counts.size < minDomains ? 0 : this.#minimum(index);
      if ((counts.get(domain) ?? 0) + self - minimum > maxSkew) return tooSkewed;
    }
    return undefined;
  }

  clone(): SpreadFilter {
    return new SpreadFilter(
      this.#pod,
      this.#constraints,
      this.#counts.map((counts) => new Map(counts)),
    );
  }

  addPod(other: PodInfo, node: NodeInfo): void {
    this.#change(other, node, 1);
  }

  removePod(other: PodInfo, node: NodeInfo): void {
    this.#change(other, node, -1);
  }

  #countNode(info: NodeInfo): void {
    const { node } = info;
    if (node === undefined || !hasAllKeys(node, this.#constraints)) return;
    for (const [index, constraint] of this.#constraints.entries()) {
      if (!this.#isIncluded(constraint, node)) continue;
      const counts = this.#countsOf(index);
      const domain = info.label(constraint.topologyKey) ?? "";
      counts.set(domain, (counts.get(domain) ?? 0) + this.#countPods(constraint, info));
    }
  }

  /** Kept oddity: an empty selector counts no pods, although it matches the pod itself. */
  #countPods({ selector }: Constraint, info: NodeInfo): number {
    if (selector.isEmpty || selector.isNothing) return 0;
    let count = 0;
    for (const { pod } of info.pods()) {
      if (pod.metadata.deletionTimestamp !== undefined || !this.#isInNamespace(pod)) continue;
      if (selector.matches(pod.metadata.labels)) count++;
    }
    return count;
  }

  #isIncluded({ honorsAffinity, honorsTaints }: Constraint, node: Node): boolean {
    if (honorsAffinity && this.#affinity.match(node).kind !== "match") return false;
    return !(honorsTaints && untoleratedTaint(node, this.#pod.spec?.tolerations) !== undefined);
  }

  #change({ pod }: PodInfo, info: NodeInfo, delta: 1 | -1): void {
    const { node } = info;
    if (node === undefined || !this.#isInNamespace(pod) || !hasAllKeys(node, this.#constraints)) return;
    for (const [index, constraint] of this.#constraints.entries()) {
      if (!constraint.selector.matches(pod.metadata.labels) || !this.#isIncluded(constraint, node)) continue;
      const counts = this.#countsOf(index);
      const domain = info.label(constraint.topologyKey) ?? "";
      counts.set(domain, (counts.get(domain) ?? 0) + delta);
      this.#minimums[index] = undefined;
    }
  }

  #isInNamespace(other: Pod): boolean {
    return (other.metadata.namespace ?? "") === (this.#pod.metadata.namespace ?? "");
  }

  #countsOf(index: number): Map<string, number> {
    return this.#counts[index] ?? new Map<string, number>();
  }

  #minimum(index: number): number {
    let minimum = this.#minimums[index];
    if (minimum === undefined) {
      minimum = Infinity;
      for (const count of this.#countsOf(index).values()) minimum = Math.min(minimum, count);
      this.#minimums[index] = minimum;
    }
    return minimum;
  }
}

/** Upstream: `isSchedulableAfterPodChange`. */
function mayHelpByPod(pod: Pod, old: Pod | undefined, updated: Pod | undefined): boolean {
  const constraints = hardConstraints(pod);
  const matchesSome = (other: Pod): boolean =>
    constraints.some(({ selector }) => selector.matches(other.metadata.labels));
  if (old !== undefined && updated !== undefined) {
    if (isSelf(pod, old, updated)) {
      if (constraints.some(({ honorsTaints }) => honorsTaints) && tolerationCount(old) !== tolerationCount(updated))
        return true;
    } else if (!isRival(pod, old) || !isRival(pod, updated)) {
      return false;
    }
    return constraints.some(
      ({ selector }) => selector.matches(old.metadata.labels) !== selector.matches(updated.metadata.labels),
    );
  }
  const other = updated ?? old;
  return other !== undefined && isRival(pod, other) && matchesSome(other);
}

function tolerationCount({ spec }: Pod): number {
  return (spec?.tolerations ?? []).length;
}

function isRival(pod: Pod, other: Pod): boolean {
  return isAssignedOrNominated(other) && (other.metadata.namespace ?? "") === (pod.metadata.namespace ?? "");
}

/** Upstream: `isSchedulableAfterNodeChange`. Without constraints every node has all their keys. */
function mayHelpByNode(pod: Pod, old: Node | undefined, updated: Node | undefined): boolean {
  const constraints = hardConstraints(pod);
  const counts = (node: Node | undefined): boolean => node !== undefined && hasAllKeys(node, constraints);
  if (old === undefined || updated === undefined) return counts(updated ?? old);
  if (counts(old) !== counts(updated)) return true;
  if (!counts(updated)) return false;
  const domainOf = (node: Node, key: string): string | undefined => labelValue(node.metadata.labels, key);
  return (
    constraints.some(({ topologyKey }) => domainOf(old, topologyKey) !== domainOf(updated, topologyKey)) ||
    !semanticallyEqual(old.spec?.taints, updated.spec?.taints)
  );
}
