import { z } from "zod";
import { instant, provenance } from "./cluster.ts";
import { podRef } from "./queue.ts";

/** Where a pod is. `gated` is held back by a PreEnqueue plugin, `outside` is not in the queue at all. */
export const place = z.enum(["active", "backoff", "errorBackoff", "unschedulable", "gated", "inFlight", "outside"]);
export type Place = z.infer<typeof place>;

export const cause = z.object({
  /**
   * A cluster event's label (`NodeUpdateNodeTaint`), or the queue's own word: `ScheduleAttemptFailure`,
   * `BackoffComplete`, `UnschedulableTimeout`, `ForceActivate`, `Pop`, `PopFromBackoffQ`, `PopSpecificPod`, `Bound`,
   * `Delete`, `Skipped`, `Seeded`, `Undo`, `Redo` …
   */
  event: z.string(),
  /** The plugin whose hint said Queue, or which gates the pod. */
  plugin: z.string().optional(),
  /** The object the event was about, `namespace/name`. */
  object: z.string().optional(),
  /** Hand-back only: `seq` of the element of the event list that decided. */
  decidedBy: z.number().optional(),
});
export type TransitionCause = z.infer<typeof cause>;

/** One pod went from one place to another. */
export const transition = podRef.extend({
  /** Grows with every change of the queue; not every number is a transition of a pod. */
  seq: z.number(),
  at: instant,
  from: place,
  to: place,
  cause,
  /** A pop: the how-manieth attempt it begins. */
  attempts: z.number().optional(),
  isAttemptsAtLeast: z.boolean().optional(),
  /** A hand-back: what the events behind the pod's own element said. */
  verdict: z.enum(["skip", "afterBackoff", "immediately"]).optional(),
  /** A hand-back: the plugins that rejected the pod; none after an error. */
  rejectors: z.array(z.string()).optional(),
  /** The end of an attempt: how it is known. Absent where everything is actual. */
  outcome: z.enum(["observed", "simulated", "unknown"]).optional(),
});
export type PodTransition = z.infer<typeof transition>;

/** What pods did, of one pod or of all: the last 200 per pod and 20,000 per cluster are kept. */
export const transitions = z.object({
  asOf: instant,
  /** Of the places and causes. */
  provenance,
  /** By `seq`: at most as many as were asked for, the newest. */
  rows: z.record(z.string(), transition),
  /** Kept of this pod, or of all. */
  kept: z.number(),
  /** Ever seen of this pod, or of all; more than `kept` once older ones were dropped. */
  total: z.number(),
});
export type Transitions = z.infer<typeof transitions>;

export const historyRange = z.enum(["15m", "1h", "6h"]);
export type HistoryRange = z.infer<typeof historyRange>;

/** The queue over one interval that ended `at`. */
export const historyPoint = z.object({
  at: instant,
  // As it stood at the end of the interval.
  active: z.number(),
  backoff: z.number(),
  unschedulable: z.number(),
  gated: z.number(),
  inFlight: z.number(),
  /** Elements of the event list, pods and events. */
  listLength: z.number(),
  // Over the interval.
  /** The longest the event list was, and the pod that stood at its head then and pins it. */
  listLengthMax: z.number(),
  pinnedBy: podRef.optional(),
  /** Attempts that began. */
  popped: z.number(),
  /** Attempts that failed. */
  handedBack: z.number(),
  /** Attempts that ended otherwise: bound, or the pod went. */
  finished: z.number(),
  /** Parked pods that an event, or the five minutes, moved. */
  woken: z.number(),
  /** Cluster events that went on record for pods in flight. */
  events: z.number(),
});
export type HistoryPoint = z.infer<typeof historyPoint>;

/** Counters of the queue over time: taken every 15 s, kept for 6 h. */
export const history = z.object({
  asOf: instant,
  provenance,
  /** Length of an interval: 15 s, in the 6 h range 60 s. */
  stepMs: z.number(),
  /** By `at`, oldest first when sorted. The interval that goes on is not among them. */
  points: z.record(z.string(), historyPoint),
  /** Of `listLengthMax` over the points. */
  listLengthMedian: z.number(),
});
export type History = z.infer<typeof history>;
