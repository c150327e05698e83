import { objectKey, parseLabelSelector, type Pod } from "#lib/kube/index.ts";
import { allTermsMatch, requiredTermsOf, termMatches } from "../affinity-term.ts";
import { anyPortsConflict, hostPortsOf } from "../host-ports.ts";
import type { NodeInfo } from "../node-info.ts";
import { disksConflict } from "../plugins/volume-restrictions.ts";
import { priorityOf, type PodInfo } from "../pod-info.ts";
import { claimKeysOf, volumesOf } from "../pod-volumes.ts";
import type { Evaluation } from "./evaluation.ts";
import { deletePod } from "./patches.ts";
import type { Proposal } from "./proposal.ts";

/** One pod in the way, on the node where the least important one is. */
export function leavingProposals(
  kind: "pods" | "port" | "anti-affinity" | "spread" | "volume",
  nodes: readonly NodeInfo[],
  inTheWay: (node: NodeInfo) => readonly PodInfo[],
): readonly Proposal[] {
  let best: { readonly node: NodeInfo; readonly who: PodInfo } | undefined;
  for (const node of nodes) {
    const [who, ...others] = inTheWay(node);
    if (who === undefined || others.length > 0) continue;
    const isBetter =
      best === undefined ||
      who.priority < best.who.priority ||
      (who.priority === best.who.priority && node.name < best.node.name);
    if (isBetter) best = { node, who };
  }
  if (best === undefined) return [];
  const { node, who } = best;
  const why = {
    pods: `No pod more fits on ${node.name}.`,
    port: `It holds the port on ${node.name}.`,
    "anti-affinity": `It keeps the pod from ${node.name}.`,
    spread: `It counts in the domain of ${node.name}.`,
    volume: `It uses volumes on ${node.name}.`,
  }[kind];
  return [{ ...leaving(kind, who, [node]), detail: () => why }];
}

export function leaving(kind: Proposal["kind"], who: PodInfo, nodes: readonly NodeInfo[]): Omit<Proposal, "detail"> {
  const key = objectKey(who.pod);
  return {
    kind,
    subject: key,
    nodes,
    trial: { kind: "without", pods: [who] },
    title: `Delete ${key}`,
    changeFor: () => deletePod(who.pod),
    size: 0.6,
  };
}

/** Of those that are meant: whoever is more important than the pod stays. */
export function leastImportant(
  node: NodeInfo,
  pod: Pod,
  isMeant: (info: PodInfo) => boolean = () => true,
): readonly PodInfo[] {
  let least: PodInfo | undefined;
  for (const info of node.pods())
    if (isMeant(info) && (least === undefined || info.priority < least.priority)) least = info;
  return least === undefined || least.priority > priorityOf(pod) ? [] : [least];
}

export function hasVolume({ pod }: PodInfo): boolean {
  return volumesOf(pod).length > 0;
}

export function holdersOfDisks(node: NodeInfo, pod: Pod): readonly PodInfo[] {
  return [...node.pods()].filter((info) => disksConflict(pod, info.pod));
}

/** One pod that has a claim for itself keeps all others from every node, wherever it runs. */
export function claimProposals(evaluation: Evaluation, nodes: readonly NodeInfo[]): readonly Proposal[] {
  if (nodes.length === 0) return [];
  const wanted = new Set(claimKeysOf(evaluation.pod));
  const users = [...evaluation.nodes()].flatMap(([node]) =>
    [...node.pods()].filter(({ pod }) => claimKeysOf(pod).some((key) => wanted.has(key))),
  );
  const [who, ...others] = users;
  if (who === undefined || others.length > 0) return [];
  return [{ ...leaving("volume", who, nodes), detail: () => "It has the claim for itself." }];
}

/** By one of the pod's own hard constraints. */
export function countsInSpread({ metadata, spec }: Pod): (info: PodInfo) => boolean {
  const selectors = (spec?.topologySpreadConstraints ?? [])
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule")
    .map(({ labelSelector }) => parseLabelSelector(labelSelector));
  return ({ pod }) =>
    pod.metadata.namespace === metadata.namespace &&
    selectors.some((selector) => selector.matches(pod.metadata.labels));
}

export function holdersOfPorts(node: NodeInfo, pod: Pod): readonly PodInfo[] {
  const wanted = hostPortsOf(pod);
  return [...node.pods()].filter(({ hostPorts }) => anyPortsConflict(wanted, hostPorts));
}

/** On the node itself, that either of the two wants nothing to do with. */
export function keptApartFrom(node: NodeInfo, pod: Pod): readonly PodInfo[] {
  const { antiAffinity } = requiredTermsOf(pod);
  return [...node.pods()].filter(
    (info) =>
      antiAffinity.some((term) => termMatches(term, info.pod, undefined)) ||
      info.requiredTerms.antiAffinity.some((term) => allTermsMatch([term], pod)),
  );
}
