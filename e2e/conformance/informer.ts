import { setImmediate } from "node:timers/promises";
import { replayRecordings } from "#lib/informer/testing/replay-recording.ts";
import { runConformance, type ConformanceResult } from "./runner.ts";

/** Replays recordings of client-go's shared informer. */
export function runInformerConformance(dir: string, print?: (line: string) => void): Promise<ConformanceResult> {
  return runConformance(dir, (content) => replayRecordings(content, () => setImmediate()), print);
}
