import { z } from "zod";
import type { Playable } from "#lib/lab/index.ts";
import { Slices } from "./slices.ts";
import { config, maxOperations, operations, plugins } from "./scenario-schema.ts";

const op = operations({ t: z.number().min(0) });
/** Looked into one by one: a recording may have thousands. */
const unread = z.array(z.unknown()).min(1).max(maxOperations);

const trace = z.object({ name: z.string(), about: z.string().exactOptional(), config, ops: unread });

const traceFile = z.object({
  format: z.literal("kube-inflight/queue-trace@1"),
  traces: z.array(trace).min(1).max(500),
});

const comparison = z.object({
  name: z.string(),
  about: z.string(),
  steps: unread,
});
const step = z.object({ op });

const comparisonFile = z.object({
  format: z.literal("kube-inflight/list-compare@1"),
  plugins,
  comparisons: z.array(comparison).min(1).max(500),
});

const recordingFile = z.discriminatedUnion("format", [traceFile, comparisonFile]);

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  /** What is wrong, as the end of a sentence. */
  | { readonly ok: false; readonly problem: string };

/** A recording in the format of the queue's oracle, or what keeps it from being one. */
export async function parseRecording(content: unknown): Promise<Parsed<Playable>> {
  const parsed = recordingFile.safeParse(content);
  if (!parsed.success) return { ok: false, problem: problemOf(parsed.error) };
  const { data } = parsed;
  const slices = new Slices();
  try {
    if ("traces" in data) {
      const traces: Extract<Playable, { traces: unknown }>["traces"][number][] = [];
      for (const [index, each] of data.traces.entries())
        traces.push({ ...each, ops: await readEach(op, each.ops, { slices, at: ["traces", index, "ops"] }) });
      return { ok: true, value: { traces } };
    }
    const comparisons: Extract<Playable, { comparisons: unknown }>["comparisons"][number][] = [];
    for (const [index, each] of data.comparisons.entries())
      comparisons.push({
        ...each,
        steps: await readEach(step, each.steps, { slices, at: ["comparisons", index, "steps"] }),
      });
    return { ok: true, value: { plugins: data.plugins, comparisons } };
  } catch (error) {
    if (error instanceof z.ZodError) return { ok: false, problem: problemOf(error) };
    throw error;
  }
}

/** @throws z.ZodError where one is not as it should be, with its place in the whole file. */
async function readEach<T>(
  schema: z.ZodType<T>,
  values: readonly unknown[],
  { slices, at }: { readonly slices: Slices; readonly at: readonly PropertyKey[] },
): Promise<T[]> {
  const read: T[] = [];
  for (const [index, value] of values.entries()) {
    await slices.breathe();
    const parsed = schema.safeParse(value);
    if (!parsed.success)
      throw new z.ZodError(parsed.error.issues.map((issue) => ({ ...issue, path: [...at, index, ...issue.path] })));
    read.push(parsed.data);
  }
  return read;
}

/** The first thing that is wrong, and where. */
export function problemOf({ issues }: z.ZodError): string {
  const [issue] = issues;
  if (issue === undefined) return "it is not what was expected";
  const path = issue.path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  const where = path === "" ? "" : `${path.replace(/^\./u, "")}: `;
  const message = issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  return `${where}${message}${more}`;
}
