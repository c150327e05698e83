import { z } from "zod";
import { instant, problem } from "./cluster.ts";
import { podRef } from "./queue.ts";

/** A figure of kube-scheduler's own metrics beside ours, both of one moment. */
export const compared = z.object({ measured: z.number(), ours: z.number() });
export type Compared = z.infer<typeof compared>;

/** One place where the metrics were looked for in vain. */
export const triedSource = z.object({
  /** `https://127.0.0.1:10259/metrics`, or the pod: `kube-system/kube-scheduler-a`. */
  address: z.string(),
  problem,
});
export type TriedSource = z.infer<typeof triedSource>;

/** What kube-scheduler's metrics said last. Everything in it is measured, `at` that moment, from `source`. */
export const measured = z.object({
  at: instant,
  source: z.string(),
  everyMs: z.number(),
  /** `scheduler_pending_pods` by queue: active, backoff, unschedulable, gated. */
  pending: z.record(z.string(), compared),
  /** Pods in flight: `scheduler_inflight_events{event="PodPopped"}`. Upstream writes it at most once a second. */
  inFlight: compared,
  /** Events on record for them, by label. */
  inFlightEvents: z.record(z.string(), compared),
  /** The last 60 measurements of all in-flight events together, oldest first. */
  inFlightEventsTrend: z.array(z.number()),
  /** Bindings that run: `scheduler_goroutines{operation="binding"}`. */
  bindings: z.number(),
  /** What came into the queues since `since`, by `queue/event`. */
  incoming: z.record(z.string(), compared.extend({ queue: z.string(), event: z.string() })),
  /** Answers of queueing hints since `since`, by `plugin/event/hint`; empty where kube-scheduler does not count them. */
  hints: z.record(z.string(), compared),
  /** Attempts that ended since `since`, by result: scheduled, unschedulable, error. */
  attempts: z.record(z.string(), compared),
  /** How long kube-scheduler's loop was busy with one attempt, since the measurement before; absent if there was none. */
  attemptMs: z.number().optional(),
  /** The first measurement of this run of kube-scheduler: what is counted is counted from there. */
  since: instant,
  /** False for a replica that waits: it queues pods and pops none. Absent where nobody elects. */
  isLeader: z.boolean().optional(),
});
export type Measured = z.infer<typeof measured>;

export const metricsState = z.discriminatedUnion("state", [
  /** Our own scheduler: there is nothing to measure. */
  z.object({ state: z.literal("notNeeded") }),
  z.object({ state: z.literal("looking") }),
  z.object({
    state: z.literal("measured"),
    last: measured,
    /** The newest attempt failed: `last` grows old. */
    problem: problem.optional(),
  }),
  z.object({ state: z.literal("notReachable"), tried: z.array(triedSource), nextAt: instant }),
]);
export type MetricsState = z.infer<typeof metricsState>;

/** A scheduler name that is modelled, and the plugins that judge its pods. */
export const profile = z.object({
  schedulerName: z.string(),
  /** Plugins that can reject a pod, in order. */
  filterPlugins: z.array(z.string()),
  /** Those that can keep it from being queued. */
  gatingPlugins: z.array(z.string()),
  /** In the default profile, and switched off here. */
  disabled: z.array(z.string()),
  /** Configured, and nothing that we know: pods of this profile may be judged by rules that are not modelled. */
  unknown: z.array(z.string()),
  /** NodeAffinity adds its own requirement to every pod. */
  hasAddedAffinity: z.boolean(),
});
export type SchedulerProfile = z.infer<typeof profile>;

/** How kube-scheduler is configured, as far as it could be read. */
export const schedulerConfiguration = z.object({
  /** `defaults`: nothing could be read, so kube-scheduler's own defaults are assumed. */
  source: z.enum(["file", "configz", "defaults"]),
  /** Path or address. */
  from: z.string().optional(),
  /** Why it could not be read, or not be used whole. */
  problems: z.array(z.string()),
  profiles: z.array(profile),
  initialBackoffMs: z.number(),
  maxBackoffMs: z.number(),
});
export type SchedulerConfiguration = z.infer<typeof schedulerConfiguration>;

/** An event that the historical queue did not show to a pod whose attempt it fell into. */
export const lostEvent = podRef.extend({
  /** When the pod came back, and was parked. */
  at: instant,
  /** The attempt into which the event fell, and when it began. */
  attempt: z.number().optional(),
  popped: instant.optional(),
  /** The event that the correct queue showed it. */
  event: z.object({ label: z.string(), at: instant, object: z.string().optional() }),
  /** The plugin whose hint said Queue to it. */
  plugin: z.string().optional(),
  /** Where the pod is in the correct queue, and in the historical one. */
  correct: z.string(),
  historical: z.string(),
  /** When something moved it after all: the five minutes, or another event. */
  wokenAt: instant.optional(),
  wokenBy: z.string().optional(),
});
export type LostEvent = z.infer<typeof lostEvent>;

/** Who schedules this cluster, how it is set up, and what it says of itself. */
export const scheduler = z.object({
  asOf: instant,
  name: z.string(),
  /** Of the cluster; kube-scheduler's own is not shown by the API. */
  version: z.string().optional(),
  /** 1.33 to 1.36. */
  isModelled: z.boolean(),
  /** What it means that it is not. */
  notModelled: z.string().optional(),
  configuration: schedulerConfiguration,
  metrics: metricsState,
  /** How fast it goes: by measurement, else assumed. Absent where it is ours. */
  pace: z
    .object({
      /** One attempt takes so long. */
      attemptMs: z.number(),
      /** While so many bindings are late, nobody else is popped. */
      inFlight: z.number(),
      provenance: z.enum(["measured", "simulated"]),
    })
    .optional(),
  /** Pods without a node that name a scheduler that is not modelled: they are in no queue here. By name. */
  otherSchedulers: z.record(z.string(), z.object({ waiting: z.number() })),
  /** `--queue=historical` only: what it lost, by uid; the last 200. */
  lost: z.record(z.string(), lostEvent).optional(),
  lostTotal: z.number().optional(),
});
export type Scheduler = z.infer<typeof scheduler>;
