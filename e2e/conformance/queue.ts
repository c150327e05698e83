import { createHash } from "node:crypto";
import { replayRecording } from "#lib/queue/testing/replay-recording.ts";
import { runConformance, type ConformanceResult } from "./runner.ts";

/** Replays recordings of kube-scheduler's queue. */
export function runQueueConformance(dir: string, print?: (line: string) => void): Promise<ConformanceResult> {
  return runConformance(dir, (content) => replayRecording(content, sha256), print);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
