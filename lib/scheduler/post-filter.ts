import type { NominatingInfo } from "#lib/queue/index.ts";
import type { Status } from "./framework.ts";
import type { NodeInfo } from "./node-info.ts";
import { preempt, type PreemptionCandidate, type PreemptionOptions } from "./preemption.ts";

/** What is said and done after a pod fitted nowhere. */
export interface PostFilterResult {
  /** Follows the text of the failure; empty when preemption found a node. */
  readonly message: string;
  readonly nominating: NominatingInfo;
  readonly candidate: PreemptionCandidate | undefined;
}

const dynamicResources = "DynamicResources";
const unchanged: NominatingInfo = { mode: "noop", nominatedNodeName: "" };
const cleared: NominatingInfo = { mode: "override", nominatedNodeName: "" };

/** DynamicResources speaks first, then preemption. Upstream: `RunPostFilterPlugins`. */
export function postFilter(options: PreemptionOptions, filterPlugins: readonly string[]): PostFilterResult {
  const rejectedIn = options.diagnosis.preFilter;
  // Kept oddity: if PreFilter ended before DynamicResources had its turn, that plugin finds none of its notes, and its
  // error ends PostFilter.
  if (rejectedIn !== undefined && hadNoTurn(rejectedIn.plugin, filterPlugins)) {
    return { message: "not found", nominating: unchanged, candidate: undefined };
  }
  const devices =
    options.prepared?.postFilterText(dynamicResources, rejectedBy(options)) ?? "no new claims to deallocate";
  const result = preempt(options);
  switch (result.kind) {
    case "candidate":
      return {
        message: "",
        nominating: { mode: "override", nominatedNodeName: result.candidate.node },
        candidate: result.candidate,
      };
    case "notEligible":
      return { message: `${devices}, preemption: ${result.message}`, nominating: unchanged, candidate: undefined };
    case "noCandidate":
      return { message: `${devices}, preemption: ${result.message}`, nominating: cleared, candidate: undefined };
    default:
      return result satisfies never;
  }
}

/** The nodes on which devices decided. */
function rejectedBy({
  diagnosis,
  snapshot,
}: PreemptionOptions): readonly { readonly node: NodeInfo; readonly status: Status }[] {
  return diagnosis.nodes.flatMap(({ node: name, plugin, status }) => {
    const node = plugin === dynamicResources ? snapshot.node(name) : undefined;
    return node === undefined ? [] : [{ node, status }];
  });
}

/** Without a plugin it was the narrowing of nodes that failed; all that narrow come before. */
function hadNoTurn(rejectedBy: string | undefined, filterPlugins: readonly string[]): boolean {
  if (rejectedBy === undefined) return true;
  return filterPlugins.indexOf(rejectedBy) < filterPlugins.indexOf(dynamicResources);
}
