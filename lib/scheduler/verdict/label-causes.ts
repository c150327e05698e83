import { labelValue } from "#lib/kube/index.ts";
import { neededFeatures } from "../plugins/node-declared-features.ts";
import type { Finding } from "./code.ts";
import type { Evaluation } from "./evaluation.ts";
import { say, plural } from "./sentence.ts";
import { meets, requirementsOf } from "./static-proposals.ts";

const plugins = ["NodeAffinity"];

/** NodeAffinity turns every node down, over one requirement that no node meets. */
export function labelMissing(evaluation: Evaluation): Finding | undefined {
  const patterns = [...evaluation.patterns()];
  const isTurnedDown = patterns.every(
    ({ first, all }) =>
      (first !== undefined && first.plugin === undefined) || all.some(({ plugin }) => plugin === "NodeAffinity"),
  );
  if (patterns.length === 0 || !isTurnedDown) return undefined;
  const nodes = [...evaluation.nodes()].map(([node]) => node.node);
  for (const { requirement } of requirementsOf(evaluation.pod) ?? []) {
    if (nodes.some((node) => meets(node, requirement))) continue;
    const { key, operator, values = [] } = requirement;
    const others = new Map<string, number>();
    for (const node of nodes) {
      const value = labelValue(node?.metadata.labels, key);
      if (value !== undefined) others.set(value, (others.get(value) ?? 0) + 1);
    }
    if (others.size === 0) {
      if (operator === "In" || operator === "Exists")
        return { code: "no-label", row: say`No node has the label ${key}.`, plugins };
      continue;
    }
    const [wanted] = values;
    if (operator !== "In" || wanted === undefined) continue;
    const [other = "", count = 0] = closest(wanted, others) ?? [];
    const wantedText = values.length === 1 ? wanted : `(${values.join(", ")})`;
    const have = count === 1 ? "has" : "have";
    const row = say`No node matches ${key}=${wantedText}; ${plural(count, "node")} ${have} ${key}=${other}.`;
    return { code: "no-match", row, plugins };
  }
  return undefined;
}

/** The value that is spelled most alike, of equal ones the most frequent, of these the first. */
function closest(wanted: string, others: ReadonlyMap<string, number>): readonly [string, number] | undefined {
  return [...others].sort(
    ([a, as], [b, bs]) => distance(wanted, a) - distance(wanted, b) || bs - as || (a < b ? -1 : 1),
  )[0];
}

/** Levenshtein's, row by row. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Every node lacks a feature that the pod cannot do without. */
export function featuresMissing(evaluation: Evaluation): Finding | undefined {
  const patterns = [...evaluation.patterns()];
  const isMissing = patterns.every(({ all }) => all.some(({ plugin }) => plugin === "NodeDeclaredFeatures"));
  if (patterns.length === 0 || !isMissing) return undefined;
  const names = neededFeatures(evaluation.pod).join(", ");
  return {
    code: "features",
    row: say`Needs node features that no node declares: ${names}.`,
    plugins: ["NodeDeclaredFeatures"],
  };
}
