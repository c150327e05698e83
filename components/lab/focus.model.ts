import type { Experiment } from "#lib/lab/index.ts";

/**
 * The pod that a step is looked at for, when nobody chose one: the one that comes back in it; else one in flight, first
 * one that the old queue shows less, then the one that comes back next; else one that is somewhere else.
 */
export function focusOf(experiment: Experiment, step: number): string | undefined {
  const { operations } = experiment.scenario;
  const operation = operations[step - 1];
  const summary = experiment.summaries[step];
  if (summary === undefined) return undefined;
  if (operation?.op === "fail" && summary.subject !== undefined) return summary.subject;
  const { blind, apart } = summary.difference;
  if (blind.length > 0) return blind[0];
  if (apart.length > 0) return apart[0];
  const flying = inFlightAfter(experiment, step);
  if (operation?.op === "pop" && summary.subject !== undefined && flying.has(summary.subject)) return summary.subject;
  const next = operations.slice(step).find(({ op, uid }) => op === "fail" && uid !== undefined && flying.has(uid));
  return next?.uid ?? [...flying].at(-1) ?? lastOf(experiment, step) ?? firstOf(experiment);
}

/** Nobody flew yet: the pod that this is going to be about. */
function firstOf({ divergences, summaries, scenario }: Experiment): string | undefined {
  const next = summaries.find(({ subject }) => subject !== undefined)?.subject;
  return divergences[0]?.pod ?? next ?? scenario.given[0]?.uid;
}

/** Nobody flies: the one that came back, or was bound, last. */
function lastOf(experiment: Experiment, step: number): string | undefined {
  const { operations } = experiment.scenario;
  const ends = (op: string | undefined): boolean => op === "fail" || op === "done";
  return experiment.summaries.findLast((summary) => summary.step <= step && ends(operations[summary.step - 1]?.op))
    ?.subject;
}

function inFlightAfter(experiment: Experiment, step: number): ReadonlySet<string> {
  return new Set(experiment.at(step).pictures.current.places.inFlight.map(({ uid }) => uid));
}
