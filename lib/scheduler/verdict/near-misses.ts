import type { Pod } from "#lib/kube/index.ts";
import type { NodeInfo } from "../node-info.ts";
import { preparePod, type PreparedPod } from "../prepared-pod.ts";
import { mostNearMisses } from "./constants.ts";
import { deviceProposals } from "./device-proposals.ts";
import type { Evaluation, EvaluationOptions } from "./evaluation.ts";
import type { Change } from "./patches.ts";
import type { NearMissKind, Proposal } from "./proposal.ts";
import { roomProposals } from "./room-proposals.ts";
import { staticProposals } from "./static-proposals.ts";

/** A fix by one change that was tried with the same plugins, and opens nodes. */
export interface NearMiss {
  readonly kind: NearMissKind;
  readonly subject: string;
  readonly title: string;
  readonly detail: string;
  /** That take the pod then: after a change of a node, each of these changed by itself. */
  readonly opened: readonly NodeInfo[];
  readonly size: number;
  /** For one of the pods that are alike: what stands alone is changed itself. */
  readonly changeFor: (pod: Pod) => Change;
  readonly shortfall?: Proposal["shortfall"];
}

/** Ranked by the nodes they open, then by how small they are; the best of each kind and subject, at most five. */
export function nearMissesOf(
  evaluation: Evaluation,
  options: Pick<EvaluationOptions, "profile" | "snapshot">,
): readonly NearMiss[] {
  const { prepared } = evaluation;
  if (prepared === undefined || evaluation.fits > 0 || evaluation.failure !== undefined) return [];
  const found: NearMiss[] = [];
  const isFound = ({ kind, subject }: Proposal): boolean =>
    found.some((each) => each.kind === kind && each.subject === subject);
  for (const proposal of [
    ...staticProposals(evaluation),
    ...roomProposals(evaluation, options.snapshot),
    ...deviceProposals(evaluation),
  ]) {
    if (isFound(proposal)) continue;
    const opened = nodesOpenedBy(proposal, prepared, options);
    if (opened.length === 0) continue;
    const { kind, subject, title, detail, changeFor, size, shortfall } = proposal;
    found.push({
      kind,
      subject,
      title,
      detail: detail(opened),
      opened,
      size,
      changeFor,
      ...(shortfall && { shortfall }),
    });
  }
  found.sort((a, b) => nodesAtOnce(b) - nodesAtOnce(a) || a.size - b.size || (a.title < b.title ? -1 : 1));
  return found.slice(0, mostNearMisses);
}

/** A change of a node, or of what runs there, opens that one only, however many others could be changed instead. */
function nodesAtOnce({ kind, opened }: NearMiss): number {
  return kind === "cordon" || kind === "label" ? 1 : opened.length;
}

/** What they make of a pod does not depend on what it asks for, and takes long to find out. */
const companyPlugins: ReadonlySet<string> = new Set(["PodTopologySpread", "InterPodAffinity"]);

function nodesOpenedBy(
  { trial, nodes }: Proposal,
  prepared: PreparedPod,
  { profile, snapshot }: Pick<EvaluationOptions, "profile" | "snapshot">,
): readonly NodeInfo[] {
  switch (trial.kind) {
    case "pod": {
      const kept = trial.asksForLess === true ? { plugins: companyPlugins, from: prepared } : undefined;
      const preparation = preparePod(profile, trial.pod, snapshot, kept);
      if (preparation.kind !== "ready") return [];
      return nodes.filter((node) => takes(preparation.prepared, node));
    }
    case "node":
      return nodes.filter((node) => {
        if (node.node === undefined) return false;
        const changed = node.clone();
        changed.setNode(trial.change(node.node));
        return takes(prepared, changed);
      });
    case "without":
      return nodes.filter((node) => {
        const changed = node.clone();
        const without = prepared.clone();
        for (const pod of trial.pods) without.removePod(pod, changed);
        return takes(without, changed);
      });
    case "released": {
      const released = prepared.releasing(trial.claims);
      return nodes.filter((node) => {
        const changed = node.clone();
        const without = released.clone();
        const present = new Set([...node.pods()].map(({ uid }) => uid));
        for (const pod of trial.pods) if (present.has(pod.uid)) without.removePod(pod, changed);
        return takes(without, changed);
      });
    }
    default:
      return trial satisfies never;
  }
}

function takes(prepared: PreparedPod, node: NodeInfo): boolean {
  return prepared.nodeNames?.has(node.name) !== false && prepared.firstRejection(node) === undefined;
}
