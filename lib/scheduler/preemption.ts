import type { Pod } from "#lib/kube/index.ts";
import { firstRejection, type NominatedPods } from "./cycle.ts";
import { histogram, type Diagnosis } from "./diagnosis.ts";
import { unresolvable, type Status } from "./framework.ts";
import type { NodeInfo } from "./node-info.ts";
import { nominatedNodeName, priorityOf, type PodInfo } from "./pod-info.ts";
import type { PreparedPod } from "./prepared-pod.ts";
import type { Snapshot } from "./snapshot.ts";

/** A node that would take the pod if these pods were gone, the most important one first. */
export interface PreemptionCandidate {
  readonly node: string;
  readonly victims: readonly PodInfo[];
}

export type PreemptionResult =
  | { readonly kind: "candidate"; readonly candidate: PreemptionCandidate }
  /** It may not preempt, or not yet: its nomination stays as it is. */
  | { readonly kind: "notEligible"; readonly message: string }
  | { readonly kind: "noCandidate"; readonly message: string };

export interface PreemptionOptions {
  readonly pod: Pod;
  readonly diagnosis: Diagnosis;
  /** Absent where PreFilter ended the attempt: then no node is worth a try. */
  readonly prepared: PreparedPod | undefined;
  readonly snapshot: Snapshot;
  readonly nominatedPods: NominatedPods;
}

const notHelpful = unresolvable("Preemption is not helpful for scheduling");
const noVictims = unresolvable("No preemption victims found for incoming pod");

/**
 * Whether less important pods would have to make room, and which. A dry run: nobody is evicted, disruption budgets are
 * not looked at. Upstream: `framework/preemption`, `Evaluator.Preempt`.
 */
export function preempt(options: PreemptionOptions): PreemptionResult {
  const { pod, diagnosis, prepared, snapshot } = options;
  const whyNot = whyNotEligible(options);
  if (whyNot !== undefined) return { kind: "notEligible", message: whyNot };
  const codes = new Map(diagnosis.nodes.map(({ node, status }) => [node, status.code]));
  const statuses: Status[] = [];
  const candidates: PreemptionCandidate[] = [];
  for (const node of snapshot.nodes()) {
    if (prepared === undefined || codes.get(node.name) !== "Unschedulable") {
      statuses.push(notHelpful);
      continue;
    }
    const found = selectVictims(pod, node, prepared, options.nominatedPods);
    if ("victims" in found) candidates.push(found);
    else statuses.push(found);
  }
  const candidate = leastHarm(candidates);
  if (candidate !== undefined) return { kind: "candidate", candidate };
  return { kind: "noCandidate", message: `0/${diagnosis.nodeCount} nodes are available: ${histogram(statuses)}.` };
}

/** Upstream: `PodEligibleToPreemptOthers`. */
function whyNotEligible({ pod, diagnosis, snapshot }: PreemptionOptions): string | undefined {
  if (pod.spec?.preemptionPolicy === "Never") return "not eligible due to preemptionPolicy=Never.";
  const nominated = snapshot.node(nominatedNodeName(pod));
  if (nominated === undefined) return undefined;
  const isHopeless =
    diagnosis.preFilter !== undefined ||
    diagnosis.nodes.find(({ node }) => node === nominated.name)?.status.code === "UnschedulableAndUnresolvable";
  if (isHopeless) return undefined;
  for (const other of nominated.pods()) {
    if (other.priority < priorityOf(pod) && isBeingPreempted(other.pod)) {
      return "not eligible due to a terminating pod on the nominated node.";
    }
  }
  return undefined;
}

function isBeingPreempted({ metadata, status }: Pod): boolean {
  if (metadata.deletionTimestamp === undefined) return false;
  return (status?.conditions ?? []).some(
    ({ type, status: value, reason }) =>
      type === "DisruptionTarget" && value === "True" && reason === "PreemptionByScheduler",
  );
}

/** All less important pods leave, then as many as possible come back. Upstream: `SelectVictimsOnNode`. */
function selectVictims(
  pod: Pod,
  original: NodeInfo,
  preparedPod: PreparedPod,
  nominatedPods: NominatedPods,
): PreemptionCandidate | Status {
  const lesser = [...original.pods()].filter(({ priority }) => priority < priorityOf(pod));
  if (lesser.length === 0) return noVictims;
  const node = original.clone();
  const prepared = preparedPod.clone();
  for (const other of lesser) prepared.removePod(other, node);
  const rejection = firstRejection(pod, prepared, node, nominatedPods);
  if (rejection !== undefined) return rejection.status;
  const victims: PodInfo[] = [];
  for (const other of lesser.sort(byImportance)) {
    prepared.addPod(other, node);
    if (firstRejection(pod, prepared, node, nominatedPods) === undefined) continue;
    prepared.removePod(other, node);
    victims.push(other);
  }
  return { node: original.name, victims };
}

/** Higher priority first, then the longer running one. Upstream: `util.MoreImportantPod`. */
function byImportance(a: PodInfo, b: PodInfo): number {
  return b.priority - a.priority || startOf(a) - startOf(b);
}

/** A pod that has not started yet is the newest of all. */
function startOf({ pod }: PodInfo): number {
  return pod.status?.startTime === undefined ? Infinity : Date.parse(pod.status.startTime);
}

/** What a priority is lifted by before priorities are summed up, so that more victims are never better. */
const lift = 2 ** 31;

/** Criteria in turn, the smaller the better; of equal ones the first, where upstream rolls dice. */
const harms: readonly ((candidate: PreemptionCandidate) => number)[] = [
  ({ victims }) => victims[0]?.priority ?? -Infinity,
  ({ victims }) => victims.reduce((sum, { priority }) => sum + priority + lift, 0),
  ({ victims }) => victims.length,
  ({ victims }) => {
    const highest = victims[0]?.priority;
    return -Math.min(...victims.filter(({ priority }) => priority === highest).map(startOf));
  },
];

/** Upstream: `pickOneNodeForPreemption`. */
function leastHarm(candidates: readonly PreemptionCandidate[]): PreemptionCandidate | undefined {
  let left = candidates;
  for (const harm of harms) {
    if (left.length <= 1) break;
    const least = left.reduce((smallest, candidate) => Math.min(smallest, harm(candidate)), Infinity);
    left = left.filter((candidate) => harm(candidate) === least);
  }
  return left[0];
}
