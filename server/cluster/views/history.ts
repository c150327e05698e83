import type { History, PodTransition, Transitions, View } from "#lib/protocol/index.ts";
import type { Scheduling } from "../scheduling/scheduling.ts";

export function buildHistory(
  { history, provenance }: Pick<Scheduling, "history" | "provenance">,
  { range }: View<"history">,
): Omit<History, "asOf"> {
  return { provenance, ...history.series(range) };
}

/** The newest transitions of one pod or of all, or the newest before a place that is named. */
export function buildTransitions(
  { transitions, provenance }: Pick<Scheduling, "transitions" | "provenance">,
  { uid, before, limit }: View<"transitions">,
): Omit<Transitions, "asOf"> {
  const { rows, total } = uid === undefined ? transitions.all : transitions.of(uid);
  const shown: Record<string, PodTransition> = {};
  let count = 0;
  for (const row of rows.newestFirst()) {
    if (before !== undefined && row.seq >= before) continue;
    if (count++ === limit) break;
    shown[row.seq] = row;
  }
  return { provenance, rows: shown, kept: rows.size, total };
}
