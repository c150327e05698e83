import { parseRejectionMessage } from "../rejection-message.ts";
import type { Evaluation } from "./evaluation.ts";

/** Reason to the number of nodes that gave it; a reason of PreFilter holds for all nodes and has no number. */
export type ReasonCounts = ReadonlyMap<string, number | undefined>;

const head = /^0\/\d+ nodes are available: ?/;
/** PostFilter speaks after the first full stop that is followed by one of its sentences. */
const postFilterBegins =
  /\. (?=no new claims to deallocate|still not schedulable|deallocation of |deletion of |preemption: |not found$)/;

/** What a message says, without what PostFilter adds. `undefined` where it does not say that the pod fits nowhere. */
export function reasonsIn(message: string): ReasonCounts | undefined {
  if (message === "no nodes available to schedule pods") return new Map([[message, undefined]]);
  if (!head.test(message)) return undefined;
  const [said = ""] = message.replace(head, "").split(postFilterBegins);
  const counts = new Map<string, number | undefined>();
  for (const entry of said.trim().replace(/\.$/, "").split(", ")) {
    if (entry === "") continue;
    const [, digits, reason = entry] = /^(\d+) (.*)$/.exec(entry) ?? [];
    counts.set(reason, digits === undefined ? undefined : Number(digits));
  }
  return counts;
}

export function reasonsOfEvaluation(evaluation: Evaluation): ReasonCounts {
  const counts = new Map<string, number | undefined>();
  const { preFilter } = evaluation;
  if (evaluation.nodeCount === 0) return new Map([["no nodes available to schedule pods", undefined]]);
  for (const reason of preFilter?.status.reasons ?? []) counts.set(reason, undefined);
  for (const { first, count } of evaluation.patterns()) {
    for (const reason of first?.status.reasons ?? []) counts.set(reason, (counts.get(reason) ?? 0) + count);
  }
  return counts;
}

/** What an attempt would be told now, as kube-scheduler writes it before PostFilter. */
export function messageOf(evaluation: Evaluation): string {
  if (evaluation.nodeCount === 0) return "no nodes available to schedule pods";
  const entries = [...reasonsOfEvaluation(evaluation)].map(([reason, count]) =>
    count === undefined ? reason : `${count} ${reason}`,
  );
  const body = entries.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join(", ");
  return `0/${evaluation.nodeCount} nodes are available${body === "" ? ":" : `: ${body}.`}`;
}

export interface ComparedReason {
  readonly reason: string;
  readonly ours: number | undefined;
  readonly theirs: number | undefined;
}

export interface Compared {
  readonly rows: readonly ComparedReason[];
  readonly differing: readonly ComparedReason[];
}

/** Reason by reason, the most frequent first. A reason without a number counts as one. */
export function compareReasons(ours: ReasonCounts, theirs: ReasonCounts): Compared {
  const reasons = [...new Set([...theirs.keys(), ...ours.keys()])];
  const countIn = (counts: ReasonCounts, reason: string): number | undefined =>
    counts.has(reason) ? (counts.get(reason) ?? 1) : undefined;
  const rows = reasons.map((reason) => ({ reason, ours: countIn(ours, reason), theirs: countIn(theirs, reason) }));
  rows.sort((a, b) => (b.theirs ?? b.ours ?? 0) - (a.theirs ?? a.ours ?? 0) || (a.reason < b.reason ? -1 : 1));
  return { rows, differing: rows.filter((row) => row.ours !== row.theirs) };
}

/** Of versions whose words differ only plugins and their nodes can be compared. */
export function pluginCounts(message: string): ReasonCounts {
  return parseRejectionMessage(message)?.plugins ?? new Map<string, undefined>();
}
