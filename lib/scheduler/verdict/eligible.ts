import { isRejected } from "../framework.ts";
import type { NodeInfo } from "../node-info.ts";
import type { Evaluation } from "./evaluation.ts";
import type { Pattern } from "./node-patterns.ts";

/** They rule a node out whatever runs on it. */
const ruling: ReadonlySet<string> = new Set([
  "NodeUnschedulable",
  "NodeName",
  "TaintToleration",
  "NodeAffinity",
  "NodeDeclaredFeatures",
]);

export function isRuledOut({ first, all }: Pattern): boolean {
  return (first !== undefined && first.plugin === undefined) || all.some(({ plugin }) => ruling.has(plugin));
}

/** Nodes that are not ruled out whatever runs on them, with what the others say of them. */
export function eligiblePatterns(evaluation: Evaluation): readonly Pattern[] {
  return [...evaluation.patterns()].filter((pattern) => !isRuledOut(pattern));
}

export function eligibleNodes(evaluation: Evaluation): readonly NodeInfo[] {
  return evaluation.nodesWhere((pattern) => !isRuledOut(pattern));
}

export function countOf(patterns: readonly Pattern[]): number {
  return patterns.reduce((sum, { count }) => sum + count, 0);
}

export function reasonsOf({ all }: Pattern, plugin: string): readonly string[] {
  return all.find((each) => each.plugin === plugin && isRejected(each.status))?.status.reasons ?? [];
}

/** There is an eligible node, and each of them gives this plugin's reason. */
export function rejectsAllEligible(
  patterns: readonly Pattern[],
  plugin: string,
  isMeant: (reason: string) => boolean = () => true,
): boolean {
  return patterns.length > 0 && patterns.every((pattern) => reasonsOf(pattern, plugin).some(isMeant));
}
