import { actionType, labelValue, type Labels, type Node, type Pod } from "#lib/kube/index.ts";
import { allTermsMatch, requiredTermsOf, termMatches, type AffinityTerm } from "../affinity-term.ts";
import {
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

const affinityRejection = unresolvable("node(s) didn't match pod affinity rules");
const antiAffinityRejection = unschedulable("node(s) didn't match pod anti-affinity rules");
const existingAntiAffinityRejection = unschedulable("node(s) didn't satisfy existing pods anti-affinity rules");

/** Keeps pods near to or away from each other. Upstream: `plugins/interpodaffinity`, required terms. */
export const interPodAffinity: PreFilterPlugin = {
  name: "InterPodAffinity",
  preFilter: (pod, snapshot) => {
    const terms = requiredTermsOf(pod);
    const [error, ...others] = terms.errors;
    if (error !== undefined) {
      const text = others.length === 0 ? error : `[${[error, ...others].join(", ")}]`;
      return refuse(unresolvable(`parsing pod: ${text}`));
    }
    const incoming: Incoming = {
      pod,
      affinity: terms.affinity.map((term) => resolveNamespaces(term, snapshot)),
      antiAffinity: terms.antiAffinity.map((term) => resolveNamespaces(term, snapshot)),
      namespaceLabels: snapshot.namespaceLabels(pod.metadata.namespace ?? ""),
    };
    const filter = AffinityFilter.counting(incoming, snapshot);
    return filter.isPointless ? skip : ready(filter);
  },
  eventsToRegister: () => [
    on<Pod>("Pod", actionType.Add | actionType.Delete | actionType.UpdatePodLabel, mayHelpByPod),
    on<Node>("Node", actionType.Add | actionType.UpdateNodeLabel, mayHelpByNode),
  ],
};

interface Incoming {
  readonly pod: Pod;
  readonly affinity: readonly AffinityTerm[];
  readonly antiAffinity: readonly AffinityTerm[];
  readonly namespaceLabels: Labels | undefined;
}

/**
 * With the namespaces that its selector means now. Kept oddity: the selector itself stays, and is asked about other pods as if
 * their namespaces had no labels. So one that wants a label to be absent, or not to have a value, means all namespaces.
 * Upstream: `mergeAffinityTermNamespacesIfNotEmpty`, which forgets the selector in a copy of the term.
 */
function resolveNamespaces(term: AffinityTerm, snapshot: Snapshot): AffinityTerm {
  const { namespaceSelector } = term;
  if (namespaceSelector.isEmpty || namespaceSelector.isNothing) return term;
  const namespaces = new Set(term.namespaces);
  for (const { metadata } of snapshot.namespaces.all()) {
    if (namespaceSelector.matches(metadata.labels)) namespaces.add(metadata.name ?? "");
  }
  return { ...term, namespaces };
}

/** Pods per topology key and value. A pair that nobody is left in is gone. */
class TopologyCounts {
  readonly #counts: Map<string, Map<string, number>>;

  constructor(counts = new Map<string, Map<string, number>>()) {
    this.#counts = counts;
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  get(key: string, value: string): number {
    return this.#counts.get(key)?.get(value) ?? 0;
  }

  /** Pods on nodes without the key are in no domain of it. */
  change(node: NodeInfo, key: string, delta: 1 | -1): void {
    const value = node.label(key);
    if (value === undefined) return;
    const ofKey = this.#counts.get(key) ?? new Map<string, number>();
    const count = (ofKey.get(value) ?? 0) + delta;
    if (count === 0) ofKey.delete(value);
    else ofKey.set(value, count);
    if (ofKey.size === 0) this.#counts.delete(key);
    else this.#counts.set(key, ofKey);
  }

  keys(): Iterable<string> {
    return this.#counts.keys();
  }

  clone(): TopologyCounts {
    return new TopologyCounts(new Map([...this.#counts].map(([key, ofKey]) => [key, new Map(ofKey)])));
  }
}

class AffinityFilter implements PodAwareNodeFilter {
  readonly #incoming: Incoming;
  /** Required anti-affinity terms of running pods that match the incoming pod. */
  readonly #existingAnti: TopologyCounts;
  /** Running pods that match all affinity terms of the incoming pod. */
  readonly #affinity: TopologyCounts;
  /** Running pods that match an anti-affinity term of the incoming pod. */
  readonly #antiAffinity: TopologyCounts;

  private constructor(
    incoming: Incoming,
    existingAnti: TopologyCounts,
    affinity: TopologyCounts,
    anti: TopologyCounts,
  ) {
    this.#incoming = incoming;
    this.#existingAnti = existingAnti;
    this.#affinity = affinity;
    this.#antiAffinity = anti;
  }

  static counting(incoming: Incoming, snapshot: Snapshot): AffinityFilter {
    const filter = new AffinityFilter(incoming, new TopologyCounts(), new TopologyCounts(), new TopologyCounts());
    for (const node of snapshot.nodesWithRequiredAntiAffinity()) {
      for (const other of node.podsWithRequiredAntiAffinity()) filter.#changeExisting(other, node, 1);
    }
    if (incoming.affinity.length > 0 || incoming.antiAffinity.length > 0) {
      for (const node of snapshot.nodes()) for (const other of node.pods()) filter.#changeIncoming(other, node, 1);
    }
    return filter;
  }

  get isPointless(): boolean {
    const { affinity, antiAffinity } = this.#incoming;
    return affinity.length === 0 && antiAffinity.length === 0 && this.#existingAnti.isEmpty;
  }

  filter(node: NodeInfo): Status | undefined {
    if (!this.#satisfiesAffinity(node)) return affinityRejection;
    const { antiAffinity } = this.#incoming;
    if (antiAffinity.some(({ topologyKey }) => this.#countAt(this.#antiAffinity, node, topologyKey) > 0)) {
      return antiAffinityRejection;
    }
    for (const key of this.#existingAnti.keys()) {
      if (this.#countAt(this.#existingAnti, node, key) > 0) return existingAntiAffinityRejection;
    }
    return undefined;
  }

  clone(): AffinityFilter {
    return new AffinityFilter(
      this.#incoming,
      this.#existingAnti.clone(),
      this.#affinity.clone(),
      this.#antiAffinity.clone(),
    );
  }

  addPod(other: PodInfo, node: NodeInfo): void {
    this.#changeExisting(other, node, 1);
    this.#changeIncoming(other, node, 1);
  }

  removePod(other: PodInfo, node: NodeInfo): void {
    this.#changeExisting(other, node, -1);
    this.#changeIncoming(other, node, -1);
  }

  /** The first pod of a group that wants to be together has nobody to go to, and may start anywhere. */
  #satisfiesAffinity(node: NodeInfo): boolean {
    const { affinity, pod } = this.#incoming;
    let isNearAll = true;
    for (const { topologyKey } of affinity) {
      if (node.label(topologyKey) === undefined) return false;
      if (this.#countAt(this.#affinity, node, topologyKey) <= 0) isNearAll = false;
    }
    return isNearAll || (this.#affinity.isEmpty && allTermsMatch(affinity, pod));
  }

  #countAt(counts: TopologyCounts, node: NodeInfo, key: string): number {
    const value = node.label(key);
    return value === undefined ? 0 : counts.get(key, value);
  }

  #changeExisting({ requiredTerms }: PodInfo, node: NodeInfo, delta: 1 | -1): void {
    const { pod, namespaceLabels } = this.#incoming;
    for (const term of requiredTerms.antiAffinity) {
      if (termMatches(term, pod, namespaceLabels)) this.#existingAnti.change(node, term.topologyKey, delta);
    }
  }

  #changeIncoming({ pod }: PodInfo, node: NodeInfo, delta: 1 | -1): void {
    const { affinity, antiAffinity } = this.#incoming;
    if (allTermsMatch(affinity, pod)) {
      for (const { topologyKey } of affinity) this.#affinity.change(node, topologyKey, delta);
    }
    for (const term of antiAffinity) {
      if (termMatches(term, pod, undefined)) this.#antiAffinity.change(node, term.topologyKey, delta);
    }
  }
}

/**
 * Kept oddities: one pod must match all (anti-)affinity terms, and namespaces are not looked up for their labels.
 * Upstream: `isSchedulableAfterPodChange`.
 */
function mayHelpByPod(pod: Pod, old: Pod | undefined, updated: Pod | undefined): boolean {
  if (updated !== undefined && isSelf(pod, old, updated)) return true;
  const other = updated ?? old;
  if (other === undefined || !isAssignedOrNominated(other)) return false;
  const { affinity, antiAffinity } = requiredTermsOf(pod);
  if (old !== undefined && updated !== undefined) {
    if (allTermsMatch(affinity, updated) && !allTermsMatch(affinity, old)) return true;
    return allTermsMatch(antiAffinity, old) && !allTermsMatch(antiAffinity, updated);
  }
  if (updated !== undefined) return allTermsMatch(affinity, updated);
  return allTermsMatch(antiAffinity, other) || allTermsMatch(requiredTermsOf(other).antiAffinity, pod);
}

/** Upstream: `isSchedulableAfterNodeChange`. */
function mayHelpByNode(pod: Pod, old: Node | undefined, updated: Node | undefined): boolean {
  if (updated === undefined) return false;
  const { affinity, antiAffinity } = requiredTermsOf(pod);
  const domainOf = (node: Node | undefined, key: string): string | undefined => labelValue(node?.metadata.labels, key);
  if (old === undefined) {
    return affinity.some(({ topologyKey }) => domainOf(updated, topologyKey) !== undefined) || antiAffinity.length > 0;
  }
  const hasMoved = ({ topologyKey }: AffinityTerm): boolean =>
    domainOf(old, topologyKey) !== domainOf(updated, topologyKey);
  return (
    affinity.some((term) => hasMoved(term) && domainOf(updated, term.topologyKey) !== undefined) ||
    antiAffinity.some((term) => hasMoved(term) && domainOf(old, term.topologyKey) !== undefined)
  );
}
