import type { Snapshot } from "../snapshot.ts";
import { amountText } from "./amounts.ts";
import type { Finding } from "./code.ts";
import { affinityBroken, podLimit, portsTaken, spreadBroken } from "./company-causes.ts";
import { nearResourceShare } from "./constants.ts";
import type { Evaluation } from "./evaluation.ts";
import { deviceWait } from "./device-causes.ts";
import { featuresMissing, labelMissing } from "./label-causes.ts";
import type { NearMiss } from "./near-misses.ts";
import { noFit, noFitKind } from "./no-fit.ts";
import { say } from "./sentence.ts";
import { claimMissing, volumeLimit, volumeUnbound, volumeWait, volumeZone } from "./volume-causes.ts";

/** Why no node takes pods of one shape: the first that holds. `undefined` while a node does. */
export function causeOf(
  evaluation: Evaluation,
  nearMisses: readonly NearMiss[],
  snapshot: Snapshot,
): Finding | undefined {
  if (evaluation.failure !== undefined) return cannotTell(evaluation.failure);
  if (evaluation.fits > 0) return undefined;
  if (evaluation.nodeCount === 0) return { code: "no-nodes", row: say`There are no nodes.`, plugins: [] };
  return (
    featuresMissing(evaluation) ??
    claimMissing(evaluation) ??
    volumeWait(evaluation, snapshot) ??
    volumeZone(evaluation, snapshot) ??
    volumeLimit(evaluation) ??
    deviceWait(evaluation) ??
    onlyFix(nearMisses) ??
    labelMissing(evaluation) ??
    spreadBroken(evaluation, snapshot) ??
    affinityBroken(evaluation) ??
    podLimit(evaluation) ??
    volumeUnbound(evaluation, snapshot) ??
    portsTaken(evaluation) ??
    preFilterEnded(evaluation) ??
    noFitKind(evaluation) ??
    noFit(evaluation)
  );
}

export function cannotTell(reason: string): Finding {
  return { code: "unknown", row: say`Cannot tell: ${reason.replace(/\.$/, "")}.`, plugins: [] };
}

/** PreFilter turned the pod down as a whole, in words of its own. */
function preFilterEnded({ preFilter }: Evaluation): Finding | undefined {
  if (preFilter === undefined) return undefined;
  const { plugin, status } = preFilter;
  const row = say`No node fits: ${status.reasons.join(", ")}.`;
  return { code: "no-fit", row, plugins: plugin === undefined ? [] : [plugin] };
}

/** There is one change that would help, and no other. */
function onlyFix(nearMisses: readonly NearMiss[]): Finding | undefined {
  const [only] = nearMisses;
  if (only === undefined || nearMisses.length > 1) return undefined;
  const count = only.opened.length;
  const fit = count === 1 ? "1 node fits" : `${count} nodes fit`;
  switch (only.kind) {
    case "toleration": {
      const taint = only.subject.replace(/:[A-Za-z]+$/, "");
      const row = say`One toleration away: ${fit} if it tolerates ${taint}.`;
      const headline = say`One toleration away: ${fit} if it tolerates ${only.subject}.`;
      return { code: "near-toleration", row, headline, plugins: ["TaintToleration"] };
    }
    case "resource": {
      const { shortfall } = only;
      if (shortfall === undefined || only.size > nearResourceShare) return undefined;
      const { node, resource, missing } = shortfall;
      const row = say`Nearly fits: ${node} is short by ${amountText(resource, missing)}.`;
      return { code: "near-resource", row, plugins: ["NodeResourcesFit"] };
    }
    case "cordon": {
      const row = say`One cordon away: ${fit} once uncordoned.`;
      return { code: "near-cordon", row, plugins: ["NodeUnschedulable"] };
    }
    case "label":
    case "selector":
    case "pods":
    case "spread":
    case "anti-affinity":
    case "port":
    case "volume":
    case "device":
      return undefined;
    default:
      return only.kind satisfies never;
  }
}
