import { z } from "zod";
import { instant, provenance } from "./cluster.ts";
import { sentence } from "./sentence.ts";

/** The worst first. "Need you" counts the first two. */
export const severity = z.enum(["critical", "warning", "blocked", "unknown", "held", "waiting", "info"]);
export type Severity = z.infer<typeof severity>;

/** In the order in which they are tried: the first that holds is the verdict. */
export const verdictCode = z.enum([
  "no-scheduler",
  "not-watched",
  "missed-event",
  "stuck-in-flight",
  "lost",
  "never-tried",
  "flush-overdue",
  "plugin-error",
  "disagrees",
  "features",
  "stale-nomination",
  "not-started",
  "preempting",
  "permit-wait",
  "in-flight",
  "gated",
  "pre-enqueue",
  "fits-now",
  "backoff",
  "queued",
  "unknown",
  "no-nodes",
  "claim-missing",
  "volume-wait",
  "volume-zone",
  "volume-limit",
  "device-wait",
  "near-toleration",
  "near-resource",
  "near-cordon",
  "no-match",
  "no-label",
  "spread",
  "affinity",
  "anti-affinity",
  "pod-limit",
  "volume-unbound",
  "ports",
  "no-fit-kind",
  "no-fit",
]);
export type VerdictCode = z.infer<typeof verdictCode>;

/** One observation that a verdict rests on. */
export const evidence = z.object({
  /** `The event came after the failure`. */
  title: z.string(),
  detail: sentence,
  /** Every item of a verdict that is shown holds; the page of another verdict lists those that do not, too. */
  holds: z.boolean(),
  provenance,
});
export type Evidence = z.infer<typeof evidence>;

export const verdict = z.object({
  code: verdictCode,
  severity,
  /** As a row shows it. Bold up to the first colon or comma. */
  row: sentence,
  /** The same with full detail. */
  headline: sentence,
  /** Of the weakest fact that it rests on: with `simulated` the context line says "by our model". */
  provenance,
  /** Plugins that it is about. */
  plugins: z.array(z.string()),
});
export type Verdict = z.infer<typeof verdict>;

/** What a change is made to. */
export const patchTarget = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  /** `resize`: where a pod's requests are changed in place. */
  subresource: z.string().optional(),
  /** JSON pointer; absent for a whole object. */
  path: z.string().optional(),
});

/**
 * One change that opens a node: never made, only shown. `add`, `replace`, `remove` are those of RFC 6902 at the target's
 * path; `delete` deletes the object.
 */
export const patch = z.object({
  op: z.enum(["add", "replace", "remove", "delete"]),
  target: patchTarget,
  value: z.unknown().optional(),
});
export type Patch = z.infer<typeof patch>;

export const nearMissKind = z.enum([
  "toleration",
  "cordon",
  "label",
  "selector",
  "resource",
  "pods",
  "spread",
  "anti-affinity",
  "port",
  "volume",
  "device",
]);
export type NearMissKind = z.infer<typeof nearMissKind>;

/** A fix by one change, tried with the same plugins before it is shown. */
export const nearMiss = z.object({
  /** From 1: its badge. */
  rank: z.number(),
  kind: nearMissKind,
  /** `350m CPU short on gp-eu1b-07`. */
  title: z.string(),
  /** `Deleting batch/etl-hourly-28 frees 500m.` */
  detail: z.string(),
  /** Nodes that take the pod then. */
  nodes: z.number(),
  /** The first 50 of them. */
  nodeNames: z.array(z.string()),
  patch,
  /** To copy. */
  command: z.string(),
});
export type NearMiss = z.infer<typeof nearMiss>;

/** An event that its rejectors would take as a reason to try again. */
export const wakingEvent = z.object({
  /** `NodeAdd`, `AssignedPodDelete`. */
  label: z.string(),
  /** In words: `a node is added that has room for it`. */
  text: z.string(),
  plugins: z.array(z.string()),
});
export type WakingEvent = z.infer<typeof wakingEvent>;

/** What one rejecting plugin says to one event. */
export const hintAnswer = z.enum(["Queue", "Skip", "NotRegistered"]);

/** An event since the last failure, and what the plugins that rejected the pod made of it. */
export const seenEvent = z.object({
  seq: z.number(),
  at: instant,
  label: z.string(),
  object: z.string().optional(),
  answers: z.array(z.object({ plugin: z.string(), answer: hintAnswer })),
  /** The strongest of them. */
  answer: hintAnswer,
  /** A queue with the event list of 1.28.0 would not have shown it to the pod. */
  isLostByHistorical: z.boolean(),
});
export type SeenEvent = z.infer<typeof seenEvent>;

/** Reasons and the nodes that gave them, ours beside kube-scheduler's. */
export const comparison = z.object({
  state: z.enum(["agrees", "disagrees", "silent", "notCompared"]),
  /** Why nothing is compared: `notCompared` only. */
  why: z.string().optional(),
  rows: z.array(
    z.object({
      reason: z.string(),
      /** Absent: this side does not give the reason. */
      ours: z.number().optional(),
      theirs: z.number().optional(),
    }),
  ),
  /** Rows whose counts differ. */
  differing: z.number(),
  /** kube-scheduler's own words, whole. */
  message: z.string().optional(),
  /** Ours of the same moment. */
  ourMessage: z.string().optional(),
  source: z.enum(["condition", "event"]).optional(),
  /** When they were said, or first seen. */
  at: instant.optional(),
  /** `then`: our dry run of the moment when it was said. `now`: it was said before we watched, so ours is of now. */
  oursOf: z.enum(["then", "now"]),
});
export type Comparison = z.infer<typeof comparison>;

/** Something worth knowing that is no verdict. */
export const fact = z.object({
  kind: z.enum(["recreated", "claim", "nomination", "autoscaler", "kueue", "event", "scheduler", "device"]),
  /** `Kueue waits for quota`, `Claim data` */
  title: z.string(),
  detail: sentence,
  /** Whose words they are: `Kueue`, `cluster-autoscaler`. Absent: nobody's, it was read of the cluster. */
  by: z.string().optional(),
  /** Where they stand: `event NotTriggerScaleUp`, `Workload etl, QuotaReserved`. */
  source: z.string().optional(),
  provenance,
  at: instant.optional(),
});
export type Fact = z.infer<typeof fact>;
