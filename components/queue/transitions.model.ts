import { formatPlural } from "#components/ui/index.ts";
import type { PodTransition, Transitions } from "#lib/protocol/index.ts";

/** Newest first: what just happened is what one looks for. */
export function rowsOf({ rows }: Transitions): readonly PodTransition[] {
  return Object.values(rows).sort((a, b) => b.seq - a.seq);
}

/** The queue's own causes in words; a cluster event keeps its label. */
const causeWords: Readonly<Record<string, string>> = {
  ScheduleAttemptFailure: "the attempt failed",
  BackoffComplete: "its backoff was over",
  UnschedulableTimeout: "five minutes were over",
  ForceActivate: "it was activated by force",
  Pop: "it was its turn",
  PopFromBackoffQ: "activeQ was empty, so its backoff was cut short",
  PopSpecificPod: "it was popped by name",
  Bound: "it was bound",
  Delete: "it was deleted",
  Skipped: "its attempt was skipped",
  Seeded: "it was found like this",
  Undo: "a step was taken back",
  Redo: "a step was done again",
};

/** Why, in one line: "the attempt failed, rejected by NodeResourcesFit; NodeAdd came meanwhile". */
export function causeSentence({ cause, rejectors = [], verdict }: PodTransition): string {
  const { event, plugin, object } = cause;
  const known = causeWords[event];
  const about = object === undefined ? event : `${event} ${object}`;
  const parts = [known ?? about];
  if (rejectors.length > 0) parts.push(`rejected by ${rejectors.join(", ")}`);
  if (plugin !== undefined) parts.push(known === undefined ? `${plugin} said Queue` : plugin);
  if (verdict === "skip" && known !== undefined) parts.push("nothing that happened meanwhile helps");
  if (cause.decidedBy !== undefined) parts.push(`event ${cause.decidedBy} of the list decided`);
  return parts.join(", ");
}

/** What the table shows of how much. */
export function keptSentence({ kept, total }: Transitions, shown: number): string {
  const newest = shown < kept ? `the newest ${shown} of ` : "";
  const dropped = total > kept ? `, ${formatPlural(total - kept, "older one was", "older ones were")} dropped` : "";
  return `${newest}${formatPlural(kept, "transition")}${dropped}`;
}
