import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { replayRecording } from "#lib/scheduler/testing/replay-recording.ts";
import { deviceSelectorCompiler } from "#server/cluster/device-selectors/index.ts";
import { readRecording, runConformance, type ConformanceResult } from "./runner.ts";

/** Replays recordings of kube-scheduler's filters, hints and event handlers. */
export function runFiltersConformance(dir: string, print?: (line: string) => void): Promise<ConformanceResult> {
  const compileSelector = deviceSelectorCompiler();
  const replay = (content: unknown, file: string) =>
    replayRecording(content, () => pipelineBeside(file), compileSelector);
  return runConformance(dir, replay, print);
}

/** Recorded metrics are about the pipeline scenarios in the same directory. */
function pipelineBeside(file: string): unknown {
  const path = join(dirname(file), "events-pipeline.json");
  return readRecording(existsSync(path) ? path : `${path}.gz`);
}
