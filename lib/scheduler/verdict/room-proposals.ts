import { milliUnits, objectKey, parseQuantity, wholeUnits, type Container, type Pod } from "#lib/kube/index.ts";
import type { NodeInfo } from "../node-info.ts";
import type { PodInfo } from "../pod-info.ts";
import { amountText, freeOn, quantityOf, quantityText, requestedBy, resourceOfReason, takenBy } from "./amounts.ts";
import { farResourceShare, mostExtraSkew } from "./constants.ts";
import type { Evaluation, EvaluationOptions } from "./evaluation.ts";
import type { Pattern } from "./node-patterns.ts";
import {
  claimProposals,
  countsInSpread,
  hasVolume,
  holdersOfDisks,
  holdersOfPorts,
  keptApartFrom,
  leastImportant,
  leaving,
  leavingProposals,
} from "./leaving-proposals.ts";
import { changeSpec, type Change } from "./patches.ts";
import type { Proposal } from "./proposal.ts";
import { nodesFit } from "./sentence.ts";
import { isRejectedOnlyBy } from "./static-proposals.ts";
import { editableWorkloadOf } from "./workload.ts";

/** What other pods take: room, ports, their company. */
export function roomProposals(evaluation: Evaluation, snapshot: EvaluationOptions["snapshot"]): readonly Proposal[] {
  const { pod } = evaluation;
  const only = (plugin: string): readonly NodeInfo[] =>
    evaluation.nodesWhere((pattern) => isRejectedOnlyBy(pattern, plugin));
  const full = evaluation.nodesWhere((pattern) => onlyLacking(pattern) === "pods");
  const [skewed, occupied, apart] = [only("PodTopologySpread"), only("NodePorts"), only("InterPodAffinity")];
  const [attached, restricted] = [only("NodeVolumeLimits"), only("VolumeRestrictions")];
  return [
    ...smallestShortfalls(evaluation, snapshot).flatMap((shortfall) => resourceProposal(pod, shortfall)),
    ...leavingProposals("pods", full, (node) => leastImportant(node, pod)),
    ...leavingProposals("port", occupied, (node) => holdersOfPorts(node, pod)),
    ...leavingProposals("anti-affinity", apart, (node) => keptApartFrom(node, pod)),
    ...(editableWorkloadOf(pod) === undefined
      ? leavingProposals("spread", skewed, (node) => leastImportant(node, pod, countsInSpread(pod)))
      : spreadProposals(pod, skewed)),
    ...leavingProposals("volume", attached, (node) => leastImportant(node, pod, hasVolume)),
    ...leavingProposals("volume", restricted, (node) => holdersOfDisks(node, pod)),
    ...claimProposals(evaluation, restricted),
  ];
}

export interface Shortfall {
  readonly node: NodeInfo;
  readonly resource: string;
  readonly needed: number;
  readonly missing: number;
}

/** For each resource the node that nearly has enough of it, and lacks nothing else. */
function smallestShortfalls(evaluation: Evaluation, snapshot: EvaluationOptions["snapshot"]): readonly Shortfall[] {
  const lacking = new Set([...evaluation.patterns()].map(onlyLacking));
  const { pod } = evaluation;
  const requested = requestedBy(pod);
  return [...lacking].flatMap((resource) => {
    if (resource === undefined || resource === "pods") return [];
    const isMeant = (pattern: Pattern): boolean => onlyLacking(pattern) === resource;
    const needed = requested.get(resource) ?? 0;
    const shortfallOn = (node: NodeInfo): Shortfall => {
      return { node, resource, needed, missing: needed - freeOn(node, resource) };
    };
    if (canBeLowered(pod, resource)) {
      const node = evaluation.mostFree(resource, snapshot, isMeant);
      return node === undefined ? [] : shortfallOn(node);
    }
    let best: Shortfall | undefined;
    for (const node of evaluation.nodesWhere(isMeant)) {
      const found = shortfallOn(node);
      // What is not smaller need not be curable.
      if (isSmaller(found, best) && isCurable(found)) best = found;
    }
    return best ?? [];
  });
}

/** The one resource that such nodes lack and nothing else, `pods` where it is only that. */
function onlyLacking(pattern: Pattern): string | undefined {
  if (!isRejectedOnlyBy(pattern, "NodeResourcesFit")) return undefined;
  const [only, ...others] = (pattern.all[0]?.status.reasons ?? []).map(resourceOfReason);
  return others.length === 0 ? only : undefined;
}

function isSmaller(found: Shortfall, best: Shortfall | undefined): boolean {
  if (best === undefined || found.missing < best.missing) return true;
  return found.missing === best.missing && found.node.name < best.node.name;
}

/** The request is lowered to what there is; who could leave instead is said. */
function resourceProposal(pod: Pod, { node, resource, needed, missing }: Shortfall): readonly Proposal[] {
  const share = missing / needed;
  const lowered = canBeLowered(pod, resource) ? lowerRequest(pod, resource, missing) : undefined;
  const who = smallestThatFrees(node, resource, missing);
  if (lowered === undefined)
    return who === undefined ? [] : leavingForResource({ node, resource, needed, missing }, who);
  if (share > farResourceShare) return [];
  const freed =
    who === undefined
      ? ""
      : ` Deleting ${objectKey(who.pod)} frees ${quantityText(resource, takenBy(who.requests, resource))}.`;
  return [
    {
      kind: "resource",
      subject: resource,
      nodes: [node],
      trial: { kind: "pod", pod: lowered.pod, asksForLess: true },
      title: `${amountText(resource, missing)} short on ${node.name}`,
      detail: () =>
        `It asks for ${quantityText(resource, needed)}, ${quantityText(resource, needed - missing)} are free.${freed}`,
      changeFor: lowered.changeFor,
      shortfall: { node: node.name, resource, missing },
      size: share,
    },
  ];
}

/** A pod that stands alone cannot change what it asks for, but for what can be resized in place. */
function canBeLowered(pod: Pod, resource: string): boolean {
  return editableWorkloadOf(pod) !== undefined || resource === "cpu" || resource === "memory";
}

function isCurable({ node, resource, missing }: Shortfall): boolean {
  return smallestThatFrees(node, resource, missing) !== undefined;
}

function leavingForResource({ node, resource, needed, missing }: Shortfall, who: PodInfo): readonly Proposal[] {
  const free = quantityText(resource, needed - missing);
  const freed = quantityText(resource, takenBy(who.requests, resource));
  return [
    {
      ...leaving("resource", who, [node]),
      subject: resource,
      detail: () =>
        `It frees ${freed} ${resource} on ${node.name}: ${quantityText(resource, needed)} are asked for, ${free} are free.`,
      shortfall: { node: node.name, resource, missing },
      size: missing / needed,
    },
  ];
}

/** The container that asks for most asks for so much less. Limits that equal the request go with it. */
function lowerRequest(pod: Pod, resource: string, by: number) {
  const containers = pod.spec?.containers ?? [];
  const amountOf = ({ resources }: Container): number => {
    const text = resources?.requests?.[resource];
    if (text === undefined) return 0;
    return resource === "cpu" ? milliUnits(parseQuantity(text)) : wholeUnits(parseQuantity(text));
  };
  let index = 0;
  for (const [at, container] of containers.entries()) {
    const best = containers[index];
    if (best !== undefined && amountOf(container) > amountOf(best)) index = at;
  }
  const container = containers[index];
  if (container === undefined || amountOf(container) <= by) return undefined;
  const { requests, limits } = container.resources ?? {};
  const lowered = quantityOf(resource, amountOf(container) - by);
  const isLimited = limits?.[resource] !== undefined && limits[resource] === requests?.[resource];
  const resources = {
    ...container.resources,
    requests: { ...requests, [resource]: lowered },
    ...(isLimited && { limits: { ...limits, [resource]: lowered } }),
  };
  const changed: Pod = {
    ...pod,
    spec: { ...pod.spec, containers: containers.map((each, at) => (at === index ? { ...each, resources } : each)) },
  };
  const changeFor = (each: Pod): Change =>
    changeSpec(each, {
      op: "replace",
      path: `/containers/${index}/resources`,
      value: resources,
      ...(editableWorkloadOf(pod) === undefined && { subresource: "resize" }),
    });
  return { pod: changed, changeFor };
}

function smallestThatFrees(node: NodeInfo, resource: string, missing: number): PodInfo | undefined {
  let best: PodInfo | undefined;
  for (const info of node.pods()) {
    const taken = takenBy(info.requests, resource);
    if (taken >= missing && (best === undefined || taken < takenBy(best.requests, resource))) best = info;
  }
  return best;
}

/** The smallest skew that opens a node is looked for by trying. */
function spreadProposals(pod: Pod, nodes: readonly NodeInfo[]): readonly Proposal[] {
  const constraints = pod.spec?.topologySpreadConstraints ?? [];
  if (nodes.length === 0) return [];
  return constraints.flatMap((constraint, index) => {
    if (constraint.whenUnsatisfiable !== "DoNotSchedule") return [];
    return Array.from({ length: mostExtraSkew }, (_, extra): Proposal => {
      const maxSkew = constraint.maxSkew + extra + 1;
      const changed = constraints.map((each, at) => (at === index ? { ...each, maxSkew } : each));
      const domains = (opened: readonly NodeInfo[]): string =>
        [...new Set(opened.map((node) => node.label(constraint.topologyKey) ?? ""))].sort().slice(0, 3).join(", ");
      return {
        kind: "spread",
        subject: `${constraint.topologyKey} ${index}`,
        nodes,
        trial: { kind: "pod", pod: { ...pod, spec: { ...pod.spec, topologySpreadConstraints: changed } } },
        title: `Allow skew ${maxSkew} over ${constraint.topologyKey}`,
        detail: (opened) => `${nodesFit(opened.length)}, in ${domains(opened)}.`,
        changeFor: (each) =>
          changeSpec(each, { op: "replace", path: `/topologySpreadConstraints/${index}/maxSkew`, value: maxSkew }),
        size: 0.2 + 0.1 * extra,
      };
    });
  });
}
