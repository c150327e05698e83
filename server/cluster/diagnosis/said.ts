import type { Instant } from "#lib/clock/index.ts";
import {
  compareReasons,
  messageOf,
  parseRejectionMessage,
  pluginCounts,
  quietAfterMessageMs,
  reasonsIn,
  reasonsOfEvaluation,
  type Evaluation,
  type Situation,
} from "#lib/scheduler/index.ts";
import type { SeenFailure } from "./failures.ts";

type Compared = ReturnType<typeof compareReasons>;

/** What the scheduler said of a pod, and what we found at that moment. */
export interface Said {
  readonly failure: SeenFailure;
  readonly ourMessage: string;
  readonly compared: Compared;
  /** Of the evaluation that ours was taken from. */
  readonly version: number;
  /** Nothing changed shortly before or after: what we saw is what the scheduler saw. */
  isQuiet: boolean;
}

/** @param isSameVersion whether the words are those of our version; else plugins and their nodes are compared */
export function compareNow(
  failure: SeenFailure,
  evaluation: Evaluation,
  { isSameVersion, isQuiet }: { readonly isSameVersion: boolean; readonly isQuiet: boolean },
): Said | undefined {
  const { message } = failure.evidence;
  const theirs = reasonsIn(message);
  if (theirs === undefined || failure.evidence.isError || evaluation.failure !== undefined) return undefined;
  const ourMessage = messageOf(evaluation);
  const compared = isSameVersion
    ? compareReasons(reasonsOfEvaluation(evaluation), theirs)
    : compareReasons(pluginCounts(ourMessage), pluginCounts(message));
  return { failure, ourMessage, compared, version: evaluation.version, isQuiet };
}

/** A difference that nothing but our model explains: no change just before, none just after, and no unknown plugin. */
export function disagreementIn(said: Said, now: Instant): Situation["disagreement"] {
  const { at, evidence, isOld } = said.failure;
  const [worst] = said.compared.differing;
  if (worst === undefined || isOld || !said.isQuiet || now - at <= quietAfterMessageMs) return undefined;
  if ((parseRejectionMessage(evidence.message)?.unknownReasons.length ?? 0) > 0) return undefined;
  return { reason: worst.reason, theirs: worst.theirs ?? 0, ours: worst.ours ?? 0 };
}
