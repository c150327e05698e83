import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { replayRecording } from "#lib/scheduler/testing/replay-recording.ts";
import { readRecording, runConformance, type ConformanceResult } from "./runner.ts";

/** Replays recordings of kube-scheduler's filters, hints and event handlers. */
export function runFiltersConformance(dir: string, print?: (line: string) => void): Promise<ConformanceResult> {
  return runConformance(dir, (content, file) => replayRecording(content, () => pipelineBeside(file)), print);
}

/** Recorded metrics are about the pipeline scenarios in the same directory. */
function pipelineBeside(file: string): unknown {
  const path = join(dirname(file), "events-pipeline.json");
  return readRecording(existsSync(path) ? path : `${path}.gz`);
}
