import { objectKey, type ResourceClaim } from "#lib/kube/index.ts";
import type { DeviceState } from "../devices/index.ts";
import type { NodeInfo } from "../node-info.ts";
import { isDeviceFilter } from "../plugins/device-filter.ts";
import { priorityOf, type PodInfo } from "../pod-info.ts";
import type { Evaluation } from "./evaluation.ts";
import { deleteObject, deletePod } from "./patches.ts";
import type { Proposal } from "./proposal.ts";
import { isRejectedOnlyBy } from "./static-proposals.ts";

const plugin = "DynamicResources";
/** Each try is a search of its own. */
const mostTries = 32;
/** With devices: among thousands these stand for all. */
const mostNodes = 256;

interface Holder {
  readonly claim: ResourceClaim;
  /** Absent where nobody uses the claim. */
  readonly user: PodInfo | undefined;
}

/**
 * Somebody who has a device gives it back: the pod that alone uses a claim leaves, or a claim goes that nobody uses. What
 * a claim asks for cannot be changed once it is made, nor in a template, so that nothing else is offered.
 */
export function deviceProposals(evaluation: Evaluation): readonly Proposal[] {
  const filter = evaluation.prepared?.filterOf(plugin);
  if (!isDeviceFilter(filter)) return [];
  const nodes = evaluation.nodesWhere((pattern) => isRejectedOnlyBy(pattern, plugin));
  if (nodes.length === 0) return [];
  const tries: { readonly node: NodeInfo; readonly holder: Holder }[] = [];
  let nodesLeft = mostNodes;
  for (const node of nodes) {
    const states = filter.report(node).flatMap(({ devices }) => [...devices.values()]);
    if (states.length === 0) continue;
    for (const holder of holdersOf(states, node, evaluation)) tries.push({ node, holder });
    if (--nodesLeft === 0) break;
  }
  const allowed = tries
    .filter(({ holder: { user } }) => user === undefined || user.priority <= priorityOf(evaluation.pod))
    .sort((a, b) => rank(a.holder) - rank(b.holder) || (nameOf(a.holder) < nameOf(b.holder) ? -1 : 1));
  const best = allowed
    .slice(0, mostTries)
    .find(({ node, holder }) => filter.releasing(new Set([holder.claim])).filter(node) === undefined);
  if (best === undefined) return [];
  return [proposalFor(best.holder, isOfOneNode(best.holder.claim) ? [best.node] : nodes, best.node)];
}

function isOfOneNode({ status }: ResourceClaim): boolean {
  return status?.allocation?.nodeSelector?.nodeSelectorTerms?.[0]?.matchFields !== undefined;
}

/** What nobody uses goes first, then whoever is least important. */
function rank({ user }: Holder): number {
  return user === undefined ? Number.NEGATIVE_INFINITY : user.priority;
}

function nameOf({ claim }: Holder): string {
  return objectKey(claim);
}

/** Claims that have a device which a wish could use, with the one pod that uses them. */
function holdersOf(states: readonly DeviceState[], node: NodeInfo, evaluation: Evaluation): readonly Holder[] {
  const claims = new Set(states.flatMap((state) => (state.kind === "taken" ? state.holders : [])));
  return [...claims].flatMap((claim): Holder[] => {
    const [only, ...others] = claim.status?.reservedFor ?? [];
    if (others.length > 0) return [];
    if (only === undefined) return [{ claim, user: undefined }];
    const user = podOn(node, only.uid) ?? podAnywhere(claim, only.uid, evaluation);
    return user === undefined ? [] : [{ claim, user }];
  });
}

function podOn(node: NodeInfo, uid: string): PodInfo | undefined {
  for (const info of node.pods()) if (info.uid === uid) return info;
  return undefined;
}

/** A device that is not of one node may be used on another. */
function podAnywhere(claim: ResourceClaim, uid: string, evaluation: Evaluation): PodInfo | undefined {
  if (isOfOneNode(claim)) return undefined;
  for (const [node] of evaluation.nodes()) {
    const found = podOn(node, uid);
    if (found !== undefined) return found;
  }
  return undefined;
}

function proposalFor({ claim, user }: Holder, nodes: readonly NodeInfo[], { name: node }: NodeInfo): Proposal {
  const { namespace = "", name = "" } = claim.metadata;
  const key = user === undefined ? objectKey(claim) : objectKey(user.pod);
  return {
    kind: "device",
    subject: key,
    nodes,
    trial: { kind: "released", claims: new Set([claim]), pods: user === undefined ? [] : [user] },
    title: user === undefined ? `Delete claim ${key}` : `Delete ${key}`,
    detail: () =>
      user === undefined
        ? `It has a device on ${node} that nobody uses.`
        : `Its claim ${name} has a device on ${node}, and gives it back once nobody uses it.`,
    changeFor: () =>
      user === undefined
        ? deleteObject({ apiVersion: "resource.k8s.io/v1", kind: "ResourceClaim", namespace, name })
        : deletePod(user.pod),
    size: 0.6,
  };
}
