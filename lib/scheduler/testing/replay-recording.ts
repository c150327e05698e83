import { actionLabel, eventLabel, nodeChanges, podChanges, type Pod } from "#lib/kube/index.ts";
import { firstDifference } from "#lib/queue/testing/first-difference.ts";
import type { SelectorCompiler } from "../devices/index.ts";
import type {
  RecordedDiff,
  RecordedFilterScenario,
  RecordedHintScenario,
  RecordedMetric,
  RecordedPipeline,
  RecordedRandomHints,
} from "./recorded.ts";
import { filterCaseDifference } from "./replay-filters.ts";
import { hintDifference, randomHintDifference } from "./replay-hints.ts";
import { metricDifference } from "./replay-metrics.ts";
import { replayPipeline } from "./replay-pipeline.ts";

/** What became of one recorded case. */
export interface CaseOutcome {
  readonly name: string;
  /** The first difference; absent where there is none. */
  readonly difference: string | undefined;
}

export class UnknownRecordingError extends Error {
  override readonly name = "UnknownRecordingError";
  constructor() {
    super("expected an array of scenarios of filters, hints, changes, the pipeline, or of its metrics");
  }
}

/**
 * Replays one file, whose kind shows in its shape.
 *
 * @param pipeline the pipeline scenarios that recorded metrics are about
 * @param compileSelector for recordings with selectors of devices
 * @throws UnknownRecordingError
 */
export function replayRecording(
  content: unknown,
  pipeline: () => unknown,
  compileSelector?: SelectorCompiler,
): readonly CaseOutcome[] {
  if (!Array.isArray(content)) throw new UnknownRecordingError();
  const scenarios = content as readonly Readonly<Record<string, unknown>>[];
  const all = (...fields: readonly string[]): boolean =>
    scenarios.every((scenario) => fields.every((field) => Object.hasOwn(scenario, field)));
  if (all("name", "group", "cluster", "cases"))
    return (scenarios as unknown as RecordedFilterScenario[]).flatMap((scenario) =>
      replayFilters(scenario, compileSelector),
    );
  if (all("name", "cluster", "cases"))
    return (scenarios as unknown as RecordedRandomHints[]).flatMap(replayRandomHints);
  if (all("name", "plugin", "event", "expect")) return (scenarios as unknown as RecordedHintScenario[]).map(replayHint);
  if (all("name", "kind", "oldObj", "newObj", "expect"))
    return (scenarios as unknown as RecordedDiff[]).map(replayDiff);
  if (all("name", "ops", "expect")) {
    return (scenarios as unknown as RecordedPipeline[]).map((scenario) =>
      outcome(scenario.name, () => replayPipeline(scenario).difference),
    );
  }
  if (all("name", "type", "labels", "series")) {
    const metrics = scenarios as unknown as RecordedMetric[];
    return metrics.map((metric) =>
      outcome(metric.name, () => metricDifference(metric, pipeline() as readonly RecordedPipeline[])),
    );
  }
  throw new UnknownRecordingError();
}

/** A case that throws differs. */
function outcome(name: string, differenceOf: () => string | undefined): CaseOutcome {
  try {
    return { name, difference: differenceOf() };
  } catch (error) {
    return { name, difference: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function replayFilters(
  { name, cluster, cases }: RecordedFilterScenario,
  compileSelector: SelectorCompiler | undefined,
): readonly CaseOutcome[] {
  return cases.map((recorded) =>
    outcome(`${name} ${recorded.name}`, () => filterCaseDifference(cluster, recorded, compileSelector)),
  );
}

function replayRandomHints(scenario: RecordedRandomHints): readonly CaseOutcome[] {
  return scenario.cases.map((recorded) =>
    outcome(`${scenario.name} ${recorded.name}`, () => randomHintDifference(scenario, recorded)),
  );
}

function replayHint(recorded: RecordedHintScenario): CaseOutcome {
  return outcome(recorded.name, () => hintDifference(recorded));
}

function replayDiff({ name, kind, oldObj, newObj, expect }: RecordedDiff): CaseOutcome {
  return outcome(name, () => {
    const changes = kind === "Pod" ? podChanges(oldObj, newObj) : nodeChanges(oldObj, newObj);
    const isAssigned = ((newObj as Pod).spec?.nodeName ?? "") !== "";
    const resource = kind === "Node" ? "Node" : isAssigned ? "AssignedPod" : "UnschedulablePod";
    const events = changes.map((change) => ({
      action: actionLabel(change),
      label: eventLabel({ resource, actionType: change }),
      resource,
    }));
    return firstDifference(expect, events);
  });
}
