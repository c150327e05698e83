import { z } from "zod";
import { instant, provenance } from "./cluster.ts";
import { place } from "./history.ts";
import { podRef } from "./queue.ts";
import { sentence } from "./sentence.ts";
import { severity, verdictCode } from "./verdict.ts";

/** Who made the pod: the workload that one would edit. */
export const workload = z.object({ kind: z.string(), name: z.string() });
export type Workload = z.infer<typeof workload>;

/** A pod, or with `fold` all pods of one workload and one verdict. */
export const podRow = podRef.extend({
  /** Of the row: the pod's uid, or of a fold its own. */
  key: z.string(),
  /** Pods in the row. `uid`, `namespace` and `name` are those of the oldest. */
  count: z.number(),
  workload: workload.optional(),
  code: verdictCode,
  severity,
  sentence,
  provenance,
  queue: place,
  attempts: z.number().optional(),
  isAttemptsAtLeast: z.boolean().optional(),
  priority: z.number(),
  /** Pending since: creation. */
  since: instant,
  plugins: z.array(z.string()),
  scheduler: z.string(),
  /** Nominated to, or bound to. */
  node: z.string().optional(),
});
export type PodRow = z.infer<typeof podRow>;

const facet = z.object({
  /** Values with their pods under all other filters, the most frequent first, at most 50. */
  values: z.array(z.object({ value: z.string(), count: z.number() })),
  /** Values that are not listed. */
  more: z.number(),
});
export type Facet = z.infer<typeof facet>;

export const facetName = z.enum(["verdict", "queue", "plugin", "ns", "pc"]);
export type FacetName = z.infer<typeof facetName>;

export const podSort = z.enum(["severity", "age", "name", "priority", "attempts", "queue"]);
export type PodSort = z.infer<typeof podSort>;

/** Every pod that is not running yet, judged. */
export const pods = z.object({
  asOf: instant,
  /** Of queue names, attempts and what was computed. */
  provenance,
  /** Pending pods. */
  total: z.number(),
  /** Of them, under all filters. */
  matching: z.number(),
  /** Rows under all filters: fewer than `matching` where pods are folded. */
  rowCount: z.number(),
  /** Index of the first row of `order`. */
  offset: z.number(),
  order: z.array(z.string()),
  rows: z.record(z.string(), podRow),
  facets: z.record(facetName, facet),
  /** The largest group of pods that are one and the same to the scheduler, where there is one of 10 or more. */
  largestFold: z.object({ name: z.string(), count: z.number() }).optional(),
  /** Pods that were looked at since they came; the rest has no verdict yet and is not listed. */
  judged: z.number(),
  /** Not all pods were read and looked at since the start: who is not listed may wait all the same. */
  isStarting: z.literal(true).optional(),
  /** Why the query cannot be read. Then nothing matches. */
  queryProblem: z.string().optional(),
  /** Why this may be not all, or not as it is now: `not allowed to list pods`. */
  doubt: z.string().optional(),
});
export type Pods = z.infer<typeof pods>;

/** Pods with one verdict and one workload. */
export const attentionGroup = z.object({
  key: z.string(),
  code: verdictCode,
  severity,
  sentence,
  provenance,
  namespace: z.string(),
  workload: workload.optional(),
  /** Pods in it. */
  count: z.number(),
  /** Of the oldest. */
  since: instant,
  /** The oldest: where one goes from here. */
  pod: podRef,
  plugins: z.array(z.string()),
});
export type AttentionGroup = z.infer<typeof attentionGroup>;

export const attentionSection = z.object({
  pods: z.number(),
  groups: z.number(),
  /** Keys of the first 50 groups, by pods x age. */
  order: z.array(z.string()),
});

/** What is stuck and why, over all pending pods. */
export const attention = z.object({
  asOf: instant,
  provenance,
  /** The four parts of the proportion bar: they sum up to `pending`. */
  pending: z.number(),
  needYou: z.number(),
  blocked: z.number(),
  held: z.number(),
  moving: z.number(),
  /** Act now: critical and warning. Blocked until something changes: blocked and unknown. Held on purpose: held. */
  sections: z.object({ actNow: attentionSection, blocked: attentionSection, held: attentionSection }),
  groups: z.record(z.string(), attentionGroup),
  /** Pods that were looked at since they came. */
  judged: z.number(),
});
export type Attention = z.infer<typeof attention>;
