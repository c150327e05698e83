import { z } from "zod";
import { instant, provenance } from "./cluster.ts";

export const podRef = z.object({ uid: z.string(), namespace: z.string(), name: z.string() });
export type PodRef = z.infer<typeof podRef>;

export const laneName = z.enum(["active", "backoff", "unschedulable"]);
export type LaneName = z.infer<typeof laneName>;

export const laneRow = podRef.extend({
  priority: z.number(),
  attempts: z.number(),
  /** The count is a lower bound: attempts made before we watched are unknown. */
  isAttemptsAtLeast: z.boolean(),
  /** When it entered this queue's order: the record's timestamp. */
  since: instant,
  /** backoffQ only: when the backoff ends. */
  backoffUntil: instant.optional(),
  /** Plugins that rejected it last. */
  plugins: z.array(z.string()),
  /** How the end of its last attempt, and with it `plugins`, is known. Absent where everything is actual, or nothing known. */
  outcome: z.enum(["observed", "simulated", "unknown"]).optional(),
  /** Its scheduler, where it is not `default-scheduler`. */
  scheduler: z.string().optional(),
});
export type LaneRow = z.infer<typeof laneRow>;

export const lane = z.object({
  /** Pods that match the filter: all, without one. */
  count: z.number(),
  /** All pods of the queue, while a filter is set. */
  of: z.number().optional(),
  inPerSecond: z.number(),
  outPerSecond: z.number(),
  /** Index of the first row of `order` in the whole lane. */
  offset: z.number(),
  order: z.array(z.string()),
  rows: z.record(z.string(), laneRow),
  /** Pods per age bucket, 24 buckets from 0 to `histogramMaxMs`; in backoffQ by time left. */
  histogram: z.array(z.number()),
  histogramMaxMs: z.number(),
});
export type Lane = z.infer<typeof lane>;

export const gateGroup = z.object({ gate: z.string(), count: z.number(), oldestSince: instant });

export const lanes = z.object({
  asOf: instant,
  provenance,
  active: lane,
  backoff: lane,
  unschedulable: lane,
  gated: z.object({ count: z.number(), of: z.number().optional(), groups: z.record(z.string(), gateGroup) }),
  /** The pod that was asked for, if the queue has it; `index` in its lane, where that is one and the filter lets it pass. */
  found: z
    .object({
      uid: z.string(),
      queue: z.enum([...laneName.options, "gated", "inFlight"]),
      index: z.number().optional(),
    })
    .optional(),
  /** Why the filter cannot be read. Then nothing matches. */
  queryProblem: z.string().optional(),
});
export type Lanes = z.infer<typeof lanes>;
export type FoundPod = NonNullable<Lanes["found"]>;

/** What one rejecting plugin's hint said about one event. Absent: no rejecting plugin registered for it. */
export const hintVerdict = z.object({ hint: z.enum(["queue", "skip"]), plugin: z.string() });
export type HintVerdict = z.infer<typeof hintVerdict>;

export const destination = z.object({
  queue: z.enum(["active", "backoff", "unschedulable"]),
  /** `seq` of the event that decides; absent when none does. */
  decidedBy: z.number().optional(),
  plugin: z.string().optional(),
  /** backoffQ only: when the backoff would end. */
  backoffUntil: instant.optional(),
});
export type Destination = z.infer<typeof destination>;

export const inFlightPod = podRef.extend({
  /** `seq` of its own element: everything behind it in the list happened during its attempt. */
  seq: z.number(),
  /** Counts pops from 1: what a stable letter is made of. */
  popIndex: z.number(),
  phase: z.string(),
  /** It stays where it is until somebody releases or finishes it. Embedded only. */
  isHeld: z.boolean().optional(),
  /** Its scheduler, where it is not `default-scheduler`. */
  scheduler: z.string().optional(),
  since: instant,
  attempts: z.number(),
  isAttemptsAtLeast: z.boolean(),
  priority: z.number(),
  /** Plugins that reject it, with the number of nodes where known, of this attempt or else of the last one. */
  rejectors: z.array(z.object({ plugin: z.string(), nodes: z.number().optional() })),
  rejectorsOf: z.enum(["thisAttempt", "lastAttempt", "none", "whatIf"]),
  /** By `seq` of the event, for the events behind its own element. */
  hints: z.record(z.string(), hintVerdict),
  /** Where it would go if it came back now, rejected by `rejectors`. */
  wouldGoTo: destination,
});
export type InFlightPod = z.infer<typeof inFlightPod>;

export const eventElement = z.object({
  kind: z.literal("event"),
  seq: z.number(),
  at: instant,
  /** `NodeUpdateNodeTaint`. */
  label: z.string(),
  resource: z.string(),
  /** Name of the action bit: `Add`, `Delete`, `UpdateNodeTaint` … */
  action: z.string(),
  /** The object concerned, `namespace/name`; absent for wildcard events without one. */
  object: z.string().optional(),
});
export type EventElement = z.infer<typeof eventElement>;

export const podElement = podRef.extend({
  kind: z.literal("pod"),
  seq: z.number(),
  at: instant,
  popIndex: z.number(),
});
export type PodElement = z.infer<typeof podElement>;

export const listElement = z.discriminatedUnion("kind", [eventElement, podElement]);
export type ListElement = z.infer<typeof listElement>;

/** The list of concurrent events with the in-flight pods in it, head first when sorted by `seq`. */
export const events = z.object({
  asOf: instant,
  provenance,
  /** Whether this queue is the historical one (1.28.0), whose markers belong to other pods. */
  isHistorical: z.boolean(),
  /** Elements in the whole list; `elements` holds the newest of them when there are too many for one picture. */
  length: z.number(),
  eventCount: z.number(),
  elements: z.record(z.string(), listElement),
  /** Names of the plugins that may reject a pod and hear of events: what a question "what if" can choose from. */
  plugins: z.array(z.string()),
  pods: z.record(z.string(), inFlightPod),
  /** The last elements that left the list, oldest first, at most three. */
  ghosts: z.array(listElement),
  prunedTotal: z.number(),
});
export type Events = z.infer<typeof events>;
