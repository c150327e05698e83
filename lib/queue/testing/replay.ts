import type { PriorityQueue } from "../priority-queue.ts";
import { RecordedQueue } from "../recordings/recorded-queue.ts";
import { metricsOf } from "../recordings/recorded-state.ts";
import type { RecordedOp, Recording, Trace, TraceConfig } from "../recordings/recording.ts";
import { firstDifference } from "./first-difference.ts";

/** SHA-256 of a text in hexadecimal digits: an argument, because this room has no cryptography. */
export type Sha256 = (text: string) => string;

export interface ReplayOutcome {
  readonly name: string;
  /** The first difference, in words; `undefined` where the queue did exactly what was recorded. */
  readonly difference: string | undefined;
}

/** Hex digits of the hash that recordings keep. */
const hashLength = 16;

/** Plays every trace of a recording on a queue of its own. */
export function replayTraces(recording: Recording, sha256: Sha256): readonly ReplayOutcome[] {
  return recording.traces.map((trace) => ({ name: trace.name, difference: replayTrace(trace, sha256) }));
}

/** Compares result, state, hash and metrics after each operation. The first difference, if there is one. */
export function replayTrace(trace: Trace, sha256: Sha256): string | undefined {
  const replay = new Replay(trace.config);
  for (const [index, op] of trace.ops.entries()) {
    const difference = replay.step(op, sha256);
    if (difference !== undefined) return `op ${index} (${op.op}) at ${op.t} ms: ${difference}`;
  }
  return trace.ops.length === 0 ? "the trace has no operations" : undefined;
}

/** A queue driven by recorded operations, held against what was recorded. */
export class Replay {
  readonly #driven: RecordedQueue;

  constructor(config: TraceConfig, inFlightScheme: "current" | "historical" = "current") {
    this.#driven = new RecordedQueue(config, inFlightScheme);
  }

  get queue(): PriorityQueue {
    return this.#driven.queue;
  }

  get state(): Readonly<Record<string, unknown>> {
    return this.#driven.state;
  }

  /** Executes one operation and compares what came of it with what was recorded. */
  step(op: RecordedOp, sha256: Sha256): string | undefined {
    const resultDifference = this.stepResult(op);
    if (resultDifference !== undefined) return resultDifference;
    const { state } = this;
    const text = JSON.stringify(state);
    if (op.state !== undefined) {
      const difference = firstDifference(op.state, JSON.parse(text), "state");
      if (difference !== undefined) return difference;
    }
    if (op.h !== undefined) {
      const difference = firstDifference(op.h, sha256(text).slice(0, hashLength), "h");
      if (difference !== undefined) return `${difference} of ${text}`;
    }
    return op.metrics === undefined ? undefined : firstDifference(op.metrics, metricsOf(this.queue), "metrics");
  }

  /** Executes one operation at its time and compares its result only. */
  stepResult(op: RecordedOp): string | undefined {
    const result = this.#driven.execute(op);
    return op.result === undefined ? undefined : firstDifference(op.result, result, "result");
  }
}
