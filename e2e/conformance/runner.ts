/** Replays a directory of recordings, whatever they record. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** One trace of a recording, replayed. */
export interface TraceOutcome {
  readonly name: string;
  /** The first difference from what was recorded; `undefined` where there is none. */
  readonly difference: string | undefined;
  /** A trace that does not bind is reported and not counted. Default: it binds. */
  readonly isBinding?: boolean;
}

export interface ConformanceResult {
  readonly passed: number;
  readonly failed: number;
}

/** Throws if `content` is not one of its recordings. */
export type ReplayFile = (content: unknown, file: string) => readonly TraceOutcome[] | Promise<readonly TraceOutcome[]>;

/** What lies beside recordings and is none. */
const notRecordings: ReadonlySet<string> = new Set(["index.json", "meta.json"]);

/**
 * Replays every `.json` and `.json.gz` in `dir` and prints the first difference of each failing trace. A file that is
 * no recording counts as a failure, and so does a directory without any: nothing is passed over in silence.
 */
export async function runConformance(
  dir: string,
  replay: ReplayFile,
  print: (line: string) => void = console.log,
): Promise<ConformanceResult> {
  let passed = 0;
  let failed = 0;
  const fail = (what: string, why: string): void => {
    failed++;
    print(`FAILED ${what}: ${why}`);
  };
  const files = readdirSync(dir)
    .filter((file) => !notRecordings.has(file))
    .sort();
  if (files.length === 0) fail(dir, "there are no recordings here");
  for (const file of files) {
    const outcomes = await replayFile(join(dir, file), replay);
    if (typeof outcomes === "string") fail(file, outcomes);
    else {
      for (const { name, difference, isBinding = true } of outcomes) {
        if (!isBinding) print(`not binding: ${file} ${name}: ${difference ?? "no difference"}`);
        else if (difference === undefined) passed++;
        else fail(`${file} ${name}`, difference);
      }
    }
  }
  return { passed, failed };
}

/** The outcomes, or why there are none. */
async function replayFile(path: string, replay: ReplayFile): Promise<readonly TraceOutcome[] | string> {
  let content: unknown;
  try {
    content = readRecording(path);
  } catch (error) {
    return `cannot be read: ${messageOf(error)}`;
  }
  try {
    const outcomes = await replay(content, path);
    return outcomes.length === 0 ? "holds no traces" : outcomes;
  } catch (error) {
    return messageOf(error);
  }
}

/** The JSON in a `.json` or `.json.gz` file. */
export function readRecording(path: string): unknown {
  if (!/\.json(\.gz)?$/.test(path)) throw new Error("neither .json nor .json.gz");
  const bytes = readFileSync(path);
  return JSON.parse((path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8"));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
