import type { NodeInfo } from "../node-info.ts";
import { causeOf } from "./cause.ts";
import type { Finding } from "./code.ts";
import type { Evaluation, EvaluationOptions } from "./evaluation.ts";
import { nearMissesOf, type NearMiss } from "./near-misses.ts";

/** Where pods of one shape could go, else why they cannot, and what would change that. */
export interface Explanation {
  /** The first node that takes them, by name. */
  readonly fittingNode: string | undefined;
  /** Why no node takes them. */
  readonly cause: Finding | undefined;
  readonly nearMisses: readonly NearMiss[];
}

export function explain(evaluation: Evaluation, options: Pick<EvaluationOptions, "profile" | "snapshot">): Explanation {
  const nearMisses = nearMissesOf(evaluation, options);
  const cause = causeOf(evaluation, nearMisses, options.snapshot);
  return { fittingNode: evaluation.firstFitting, cause, nearMisses };
}

/** Who says no for these reasons, together with another, makes a node of no interest to {@link explain} but as a number. */
const plainlyCounted: ReadonlySet<string> = new Set([
  "NodeResourcesFit",
  "NodeName",
  "NodePorts",
  "NodeUnschedulable",
  "TaintToleration",
]);

/**
 * Whether more of the node is told than its pattern: what it has free, its labels, who runs there. Then an explanation is
 * old once the node has changed, although the pattern stays.
 */
export function isReadClosely(evaluation: Evaluation, node: NodeInfo): boolean {
  if (evaluation.fits > 0) return false;
  const pattern = evaluation.patternOf(node);
  if (pattern?.first?.plugin === undefined) return true;
  const { all } = pattern;
  return (
    all.length < 2 ||
    !all.some(({ plugin }) => plugin === "NodeResourcesFit") ||
    !all.every(({ plugin }) => plainlyCounted.has(plugin)) ||
    evaluation.asksForDevices
  );
}

/** For whoever reads them, not by identity. */
export function isSameExplanation(a: Explanation, b: Explanation): boolean {
  return (
    a.fittingNode === b.fittingNode &&
    isSameFinding(a.cause, b.cause) &&
    a.nearMisses.length === b.nearMisses.length &&
    a.nearMisses.every((each, index) => isSameNearMiss(each, b.nearMisses[index]))
  );
}

function isSameFinding(a: Finding | undefined, b: Finding | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.code === b.code &&
    isSameList(a.row, b.row) &&
    isSameList(a.headline ?? a.row, b.headline ?? b.row) &&
    isSameList(a.plugins, b.plugins)
  );
}

function isSameNearMiss(a: NearMiss, b: NearMiss | undefined): boolean {
  return (
    a.kind === b?.kind &&
    a.subject === b.subject &&
    a.title === b.title &&
    a.detail === b.detail &&
    a.size === b.size &&
    a.shortfall?.missing === b.shortfall?.missing &&
    isSameList(a.opened, b.opened)
  );
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
