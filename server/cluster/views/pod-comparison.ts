import { compareReasons, reasonsIn, reasonsOfEvaluation, wholeMessageOf } from "#lib/scheduler/index.ts";
import type { PodDetail } from "#lib/protocol/index.ts";
import type { JudgedPod } from "../diagnosis/index.ts";
import type { PodSource } from "./pod.ts";

/** Reasons and their nodes, ours beside those that kube-scheduler gave. */
export function comparisonOf({ uid, shape, situation }: JudgedPod, { diagnosis }: PodSource): PodDetail["comparison"] {
  const none = { rows: [], differing: 0, oursOf: "now" } as const;
  if (situation.mode === "actual") {
    return {
      ...none,
      rows: [],
      state: "notCompared",
      why: "Our own scheduler schedules this cluster: there is no other to compare with.",
    };
  }
  const said = diagnosis.saidOf(uid);
  const failure = diagnosis.failures.of(uid);
  if (failure === undefined) return { ...none, rows: [], state: "silent" };
  const { evidence } = failure;
  const theirs = reasonsIn(evidence.message);
  const words = { message: evidence.message, source: evidence.source, at: failure.at };
  if (theirs === undefined) {
    return { ...none, ...words, rows: [], state: "notCompared", why: "It does not say that no node fits." };
  }
  if (shape.evaluation.failure !== undefined) {
    return { ...none, ...words, rows: [], state: "notCompared", why: shape.evaluation.failure };
  }
  const compared = said?.compared ?? compareReasons(reasonsOfEvaluation(shape.evaluation), theirs);
  return {
    ...words,
    ...stateOf(compared.differing.length, said?.isQuiet ?? true),
    rows: compared.rows.map(({ reason, ours, theirs: their }) => ({
      reason,
      ...(ours === undefined ? {} : { ours }),
      ...(their === undefined ? {} : { theirs: their }),
    })),
    differing: compared.differing.length,
    // What PostFilter adds is worked out only while what it begins from stands.
    ourMessage:
      said === undefined || said.version === shape.evaluation.version
        ? wholeMessageOf(shape.evaluation, shape.options)
        : said.ourMessage,
    oursOf: said === undefined ? "now" : "then",
  };
}

/** A difference counts only where both speak of the same moment. */
function stateOf(differing: number, isQuiet: boolean): Pick<NonNullable<PodDetail["comparison"]>, "state" | "why"> {
  if (differing === 0) return { state: "agrees" };
  if (isQuiet) return { state: "disagrees" };
  const why =
    "A node changed, or somebody was on the way to one, while it said so: the two are not of the same moment.";
  return { state: "notCompared", why };
}
