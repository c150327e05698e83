import { z } from "zod";
import type { Playable } from "#lib/lab/index.ts";
import { config, maxOperations, operations, plugins } from "./scenario-schema.ts";

const op = operations({ t: z.number().min(0) });
const ops = z.array(op).min(1).max(maxOperations);

const trace = z.object({ name: z.string(), about: z.string().exactOptional(), config, ops });

const traceFile = z.object({
  format: z.literal("kube-inflight/queue-trace@1"),
  traces: z.array(trace).min(1).max(500),
});

const comparison = z.object({
  name: z.string(),
  about: z.string(),
  steps: z.array(z.object({ op })).min(1).max(maxOperations),
});

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
export function parseRecording(content: unknown): Parsed<Playable> {
  const parsed = recordingFile.safeParse(content);
  if (!parsed.success) return { ok: false, problem: problemOf(parsed.error) };
  const { data } = parsed;
  if ("traces" in data) return { ok: true, value: { traces: data.traces } };
  return { ok: true, value: { plugins: data.plugins, comparisons: data.comparisons } };
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
