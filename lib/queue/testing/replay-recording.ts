import { comparisonFormat, replayComparisons, type ComparisonRecording } from "./comparison.ts";
import { recordingFormat, type Recording } from "../recordings/recording.ts";
import { replayTraces, type ReplayOutcome, type Sha256 } from "./replay.ts";

/**
 * Replays a file of recordings, whichever of the two formats it has: the queue's own, or the comparison of the current
 * in-flight list with the historical one. One outcome per trace.
 *
 * @throws Error if `content` is neither, or holds nothing
 */
export function replayRecording(content: unknown, sha256: Sha256): readonly ReplayOutcome[] {
  const outcomes = replayAny(content as Recording | ComparisonRecording, sha256);
  if (outcomes.length === 0) throw new Error("the recording has no traces");
  return outcomes;
}

function replayAny(recording: Recording | ComparisonRecording, sha256: Sha256): readonly ReplayOutcome[] {
  const { format } = recording;
  switch (format) {
    case recordingFormat:
      return replayTraces(recording, sha256);
    case comparisonFormat:
      return replayComparisons(recording);
    default:
      throw new Error(`expected ${recordingFormat} or ${comparisonFormat}, got ${JSON.stringify(format)}`);
  }
}
