import { z } from "zod";
import { instant, provenance } from "./cluster.ts";
import { place } from "./history.ts";
import { workload } from "./pods.ts";
import { podRef } from "./queue.ts";
import { sentence } from "./sentence.ts";
import { comparison, evidence, fact, nearMiss, seenEvent, verdict, wakingEvent } from "./verdict.ts";

/** A row of the matrix: a filter plugin, or one resource of NodeResourcesFit. */
export const matrixRow = z.object({
  key: z.string(),
  plugin: z.string(),
  /** `cpu`, `memory`, `nvidia.com/gpu`, `pods`. */
  resource: z.string().optional(),
  /** Nodes where it is the rejection that counts. */
  first: z.number(),
  /** Nodes where it would also reject. */
  also: z.number(),
});

/**
 * Nodes with one pattern of rejections, or a single one. `cells` has a letter for each row: `x` rejects and counts, `o`
 * would also reject, `.` passes.
 */
export const matrixColumn = z.object({
  key: z.string(),
  /** Of a single node. */
  name: z.string().optional(),
  count: z.number(),
  cells: z.string(),
  /** Plugins that say no. */
  rejecting: z.number(),
  fits: z.boolean(),
  /** Ranks of the near misses that would open it. */
  near: z.array(z.number()),
  /** Free, for each of `bars`; of several nodes the largest. */
  free: z.array(z.number()),
});
export type MatrixColumn = z.infer<typeof matrixColumn>;

export const matrixGroup = z.object({
  key: z.string(),
  label: z.string(),
  nodes: z.number(),
  /** Near misses first, then fewest rejecting plugins, then most free CPU. */
  order: z.array(z.string()),
});

/** A resource that the pod asks for, beside what the nodes have free: base units (cpu in thousandths, else whole). */
export const matrixBar = z.object({
  resource: z.string(),
  /** `6 cores`, `24 Gi`. */
  request: z.string(),
  needed: z.number(),
  /** The most that any node has free: the scale. */
  max: z.number(),
});

export const matrix = z.object({
  nodes: z.number(),
  fits: z.number(),
  /** The first 20 that fit. */
  fitting: z.array(z.string()),
  rows: z.array(matrixRow),
  /** Plugins that were asked and reject no node. */
  passing: z.number(),
  /** What the pod does not tolerate, `spot=true:NoSchedule`, on most nodes first, at most 5; a node may have several. */
  taints: z.array(z.object({ taint: z.string(), nodes: z.number() })),
  bars: z.array(matrixBar),
  groupBy: z.enum(["pool", "zone", "reason"]),
  /** Whether equal nodes of a group stand in one column. */
  isFolded: z.boolean(),
  groups: z.array(matrixGroup),
  columns: z.record(z.string(), matrixColumn),
  /** Set where PreFilter ended the attempt: no node was looked at. */
  preFilter: z.object({ plugin: z.string().optional(), reasons: z.array(z.string()) }).optional(),
});
export type Matrix = z.infer<typeof matrix>;

/** A stay of the pod in one place. */
const stay = z.object({ queue: place, from: instant, until: instant.optional() });

const timelineAttempt = z.object({
  /** The how-manieth; with `isAtLeast` there were earlier ones that nobody counted. */
  attempt: z.number(),
  isAtLeast: z.boolean(),
  at: instant,
  ms: z.number().optional(),
  wentTo: place.optional(),
  outcome: z.enum(["observed", "simulated", "unknown", "actual"]).optional(),
});

const timelineEvent = z.object({
  seq: z.number(),
  at: instant,
  label: z.string(),
  object: z.string().optional(),
  plugin: z.string().optional(),
});

/** What happened during one attempt: events behind the pod's own element. */
export const loupe = z.object({
  attempt: z.number(),
  popped: instant,
  ended: instant.optional(),
  wentTo: place.optional(),
  events: z.array(seenEvent),
});

/** What kube-scheduler, or another component, said of the pod. */
const record = z.object({
  at: instant,
  source: z.enum(["condition", "event"]),
  reason: z.string(),
  text: z.string(),
});

export const timeline = z.object({
  from: instant,
  /** Oldest first, the newest 100. */
  stays: z.array(stay),
  attempts: z.array(timelineAttempt),
  /** Events that said Queue, oldest first, the newest 50. */
  queued: z.array(timelineEvent),
  /** When events came that its rejectors skipped: the newest 500. */
  skippedAt: z.array(instant),
  queueTotal: z.number(),
  skipTotal: z.number(),
  records: z.array(record),
  loupe: loupe.optional(),
});
export type Timeline = z.infer<typeof timeline>;

/** Where a pod is in two queues: one that noticed an event, and one that did not. */
export const split = z.object({
  event: z.object({ label: z.string(), object: z.string().optional(), at: instant, plugin: z.string().optional() }),
  /** What should have happened: in a correct queue. */
  expected: z.object({ stays: z.array(stay), provenance }),
  /** What did happen. */
  happened: z.object({ stays: z.array(stay), provenance }),
  /** The attempt into which the event fell; absent where it came later. */
  attempt: z.object({ attempt: z.number(), popped: instant, ended: instant }).optional(),
  /** When the pod is tried again whatever happens. */
  flushDue: instant.optional(),
});
export type Split = z.infer<typeof split>;

/** A page of text: what is typed there is read by the server, which says of each field what is wrong with it. */
const typed = z.string().max(20_000);

/** What would happen with another spec, as it is typed. Judged by the same plugins. What is absent is the pod's own. */
export const whatIf = z.object({
  /** Of the whole pod, by resource. */
  requests: z.record(z.string().max(317), z.string().max(64)).optional(),
  /** `key=value:Effect`, `key:Effect` or `key`, one to a line. */
  tolerations: typed.optional(),
  /** `key=value`, one to a line. */
  nodeSelector: typed.optional(),
  /** A term to a line, of which one has to hold: `zone in (a, b), !gpu, cores>4`. */
  nodeAffinity: typed.optional(),
});
export type WhatIf = z.infer<typeof whatIf>;

export const whatIfAnswer = z.object({
  fits: z.number(),
  /** The first 20. */
  fitting: z.array(z.string()),
  /** Ours, where nothing fits. */
  message: z.string().optional(),
  headline: sentence,
  /** By field, `requests.cpu` or `tolerations`: what cannot be read. Nothing was tried then. */
  problems: z.record(z.string(), z.string()),
});

/** Everything about one pod. */
export const pod = podRef.extend({
  asOf: instant,
  /** Of everything that the queue and the plugins say. */
  provenance,
  state: z.enum(["pending", "bound", "gone"]),
  /** When it was bound, or was gone: everything else is as it was seen last. */
  endedAt: instant.optional(),
  /** How its row read before that. */
  lastVerdict: sentence.optional(),
  verdict,
  evidence: z.array(evidence),
  /** By `requests`: resource to quantity, `cpu` to `6`. */
  spec: z.object({
    priority: z.number(),
    priorityClass: z.string().optional(),
    scheduler: z.string(),
    requests: z.record(z.string(), z.string()),
    tolerations: z.array(
      z.object({
        key: z.string().optional(),
        operator: z.string().optional(),
        value: z.string().optional(),
        effect: z.string().optional(),
      }),
    ),
    nodeSelector: z.record(z.string(), z.string()),
    /** What is required, as `whatIf` takes it. */
    nodeAffinity: z.string().optional(),
    workload: workload.optional(),
  }),
  pendingSince: instant,
  queue: place,
  queueSince: instant.optional(),
  attempts: z.number().optional(),
  isAttemptsAtLeast: z.boolean().optional(),
  /** `on a Queue hint, or in 3m 08s`. */
  nextTry: sentence.optional(),
  /** Pods that come before it, in activeQ only. */
  ahead: z.object({ count: z.number(), first: podRef.optional() }).optional(),
  node: z.string().optional(),
  rejectors: z.array(z.string()),
  matrix: matrix.optional(),
  nearMisses: z.array(nearMiss),
  /** Near misses are tried while somebody looks: false until all were. */
  nearMissesTried: z.boolean(),
  comparison,
  facts: z.array(fact),
  waking: z.array(wakingEvent),
  /** Since its last failure, newest first, those that a rejector hears of; at most 100. */
  sinceFailure: z.object({
    at: instant.optional(),
    queue: z.number(),
    skip: z.number(),
    notRegistered: z.number(),
    events: z.array(seenEvent),
  }),
  timeline,
  /** Of a missed event. */
  split: split.optional(),
  /** What one can do, where it is not a near miss. */
  advice: z.object({ text: z.string(), command: z.string().optional() }).optional(),
  whatIf: whatIfAnswer.optional(),
  /** Its place in the default order of the Pods page. */
  position: z
    .object({ index: z.number(), of: z.number(), previous: podRef.optional(), next: podRef.optional() })
    .optional(),
});
export type PodDetail = z.infer<typeof pod>;

/** GET …/pods/{ns}/{name}/diagnosis */
export const diagnosisReport = z.object({
  ok: z.literal(true),
  cluster: z.object({ id: z.string(), name: z.string(), mode: z.string(), version: z.string().optional() }),
  pod,
  /** The verdict as it reads now. */
  headline: z.string(),
  /** The whole report for a ticket. */
  markdown: z.string(),
});
export type DiagnosisReport = z.infer<typeof diagnosisReport>;

/** GET …/pods/{ns}/{name}/yaml: asked of the API server now, redacted. */
export const yamlResponse = z.object({ ok: z.literal(true), yaml: z.string() });
export type YamlResponse = z.infer<typeof yamlResponse>;
