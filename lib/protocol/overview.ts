import { z } from "zod";
import { cluster, instant, provenance } from "./cluster.ts";
import { schedulerFault } from "./scheduler-faults.ts";

export const queueCounts = z.object({
  active: z.number(),
  backoff: z.number(),
  unschedulable: z.number(),
  gated: z.number(),
  inFlight: z.number(),
});
export type QueueCounts = z.infer<typeof queueCounts>;

const stepsLeft = z.object({
  count: z.number(),
  /** What the next one takes back or does again: `pop shop/web-1`, `finish shop/web-1 as error`, `inject NodeAdd`. */
  next: z.string().optional(),
});

/** How the scheduling loop of an embedded cluster is set. */
export const schedulerState = z.object({
  isPaused: z.boolean(),
  /** How long a pod stays in flight after a node was chosen for it, in milliseconds: the binding time. */
  bindingMs: z.number(),
  /** How long a pod may wait for something to happen before it is tried again anyway. */
  parkedMs: z.number(),
  /** Those that are on. */
  faults: z.array(schedulerFault),
  /** Attempts begun since the start. */
  step: z.number(),
  /** The pod that the next pop would take. */
  next: z.object({ uid: z.string(), namespace: z.string(), name: z.string(), priority: z.number() }).optional(),
  /** Steps that can be taken back, and those that were and can be done again. While it is paused; resuming forgets them. */
  undo: stepsLeft,
  redo: stepsLeft,
});
export type SchedulerState = z.infer<typeof schedulerState>;

/** What the shell shows of a cluster: rail counts, status bar, connection. */
export const overview = z.object({
  asOf: instant,
  cluster,
  provenance,
  queue: queueCounts,
  /** Elements of the in-flight list: pods and events. */
  eventListLength: z.number(),
  informers: z.object({ total: z.number(), watching: z.number(), problems: z.number() }),
  eventsPerSecond: z.number(),
  /** 99th percentile over the last minute of (handler returned) - (event decoded), milliseconds. */
  watchLagP99Ms: z.number().optional(),
  resourceVersion: z.string().optional(),
  /** Absent where nobody schedules, or nothing is known about who does. */
  scheduler: z
    .object({
      name: z.string(),
      version: z.string().optional(),
      isModelled: z.boolean(),
      /** What it means that it is not. */
      notModelled: z.string().optional(),
    })
    .optional(),
  /** Pods that wait in backoffQ or unschedulable, by the plugin that rejected them; one with several counts for each. */
  rejectors: z.record(z.string(), z.number()),
  /** The same counts as kube-scheduler's metrics say, where they can be read. */
  measured: z.object({ at: instant, source: z.string(), queue: queueCounts }).optional(),
  /** Embedded only. */
  loop: schedulerState.optional(),
});
export type Overview = z.infer<typeof overview>;
