import { formatClock, formatPlural } from "#components/ui/index.ts";
import type { InformerRow } from "#lib/protocol/index.ts";

/** What the informers make of it, in one sentence. */
export function reactionSentence(rows: readonly InformerRow[]): string {
  const lost = rows.filter((row) => !isSound(row));
  if (rows.length === 0) return "No informer runs.";
  if (lost.length === 0) return `All ${formatPlural(rows.length, "informer")} watch.`;
  const waiting = lost.filter(({ reflector }) => reflector.phase === "backingOff").length;
  const trying = lost.length - waiting;
  const parts = [
    ...(trying > 0 ? [`${trying} ${trying === 1 ? "tries" : "try"}`] : []),
    ...(waiting > 0 ? [`${waiting} ${waiting === 1 ? "waits" : "wait"} to try again`] : []),
  ];
  return `${lost.length} of ${formatPlural(rows.length, "informer")} ${lost.length === 1 ? "does" : "do"} not watch: ${parts.join(", ")}.`;
}

export function isSound({ reflector, watchLost, problem }: InformerRow): boolean {
  return reflector.phase === "watching" && watchLost === undefined && problem === undefined;
}

/** Why its watch was lost, and how old is what it has. */
export function lossWords({ watchLost, problem }: InformerRow): string | undefined {
  if (watchLost !== undefined) return `${watchLost.reason}, data as of ${formatClock(watchLost.asOf)}`;
  return problem?.title;
}
