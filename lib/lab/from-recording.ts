import type { RecordedOp, RecordedPlugin, Recording } from "#lib/queue/index.ts";
import { defaultTraceConfig } from "#lib/queue/index.ts";
import type { Operation, Scenario } from "./scenario.ts";

export interface NamedScenario {
  readonly name: string;
  readonly about: string;
  readonly scenario: Scenario;
}

/** What of a recording is played. */
export type Playable = Pick<Recording, "traces"> | Comparisons;

/** Scripts on which the two in-flight lists were compared. */
export interface Comparisons {
  readonly plugins: readonly RecordedPlugin[];
  readonly comparisons: readonly {
    readonly name: string;
    readonly about: string;
    readonly steps: readonly { readonly op: RecordedOp }[];
  }[];
}

/** Every trace of a recording as something to experiment with. What was recorded of the results is left behind. */
export function scenariosOf(recording: Playable): readonly NamedScenario[] {
  if ("traces" in recording) {
    return recording.traces.map(({ name, about = "", config, ops }) => ({
      name,
      about,
      scenario: { config, given: [], operations: operationsOf(ops, config.startOffsetMs) },
    }));
  }
  const config = { ...defaultTraceConfig, plugins: recording.plugins };
  return recording.comparisons.map(({ name, about, steps }) => {
    const operations = operationsOf(
      steps.map(({ op }) => op),
      0,
    );
    return { name, about, scenario: { config, given: [], operations } };
  });
}

/** Recordings say when, operations how long after the one before. */
function operationsOf(ops: readonly RecordedOp[], startMs: number): readonly Operation[] {
  let last = startMs;
  return ops.map(({ t, result: _result, h: _h, state: _state, metrics: _metrics, ...operation }) => {
    const afterMs = t - last;
    last = t;
    return afterMs === 1 ? operation : { ...operation, afterMs };
  });
}
