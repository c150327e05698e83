import { z } from "zod";
import { faults } from "./faults.ts";
import { history, historyRange, transitions } from "./history.ts";
import { informer, informers, tail } from "./informers.ts";
import { overview } from "./overview.ts";
import { pod, whatIf } from "./pod.ts";
import { attention, podSort, pods } from "./pods.ts";
import { events, lanes } from "./queue.ts";
import { maxQueryLength } from "./query.ts";
import { scheduler } from "./scheduler.ts";

const maxWindow = 200;
const laneWindow = z.object({
  offset: z.number().int().min(0).max(10_000_000),
  limit: z.number().int().min(1).max(maxWindow),
});
export type LaneWindow = z.infer<typeof laneWindow>;

const text = z.string().min(1).max(512);
const choices = z.array(text).max(64);

/**
 * Everything that can be watched: `view` says which part of a topic is on the screen, `value` what the server answers.
 * A value is one normalised object without `null`, so that deltas are merge patches.
 */
export const topics = {
  overview: { view: z.object({}), value: overview },
  informers: { view: z.object({}), value: informers },
  informer: { view: z.object({ informer: text }), value: informer },
  tail: {
    /** `lines`: how many of the newest, 200 if it does not say. */
    view: z.object({ registration: z.number().int().positive(), lines: z.number().int().min(1).max(2000).optional() }),
    value: tail,
  },
  lanes: {
    /** `q` is a query of `query.ts`; the windows are over what matches. `find` asks where one pod is. */
    view: z.object({
      find: z.union([z.object({ uid: text }), z.object({ namespace: text, name: text })]).optional(),
      active: laneWindow,
      backoff: laneWindow,
      unschedulable: laneWindow,
      q: z.string().max(maxQueryLength).optional(),
    }),
    value: lanes,
  },
  events: {
    /** `whatIf`: this pod's hints and destination are told as if these plugins had rejected it. */
    view: z.object({ whatIf: z.object({ pod: text, plugins: z.array(text).max(32) }).optional() }),
    value: events,
  },
  scheduler: { view: z.object({}), value: scheduler },
  /** What goes wrong on purpose; embedded only. */
  faults: { view: z.object({}), value: faults },
  history: { view: z.object({ range: historyRange }), value: history },
  transitions: {
    /** `uid`: of this pod only. `before`: older than this `seq`, else the newest, live. */
    view: z.object({
      uid: z.string().min(1).max(64).optional(),
      before: z.number().int().positive().optional(),
      limit: z.number().int().min(1).max(maxWindow),
    }),
    value: transitions,
  },
  /** What is stuck and why: the Overview's groups. */
  attention: { view: z.object({}), value: attention },
  pods: {
    /** `q` is a query of `query.ts`; lists are alternatives; `fold` makes one row of the pods of a workload and verdict. */
    view: z.object({
      q: z.string().max(maxQueryLength).optional(),
      verdict: choices.optional(),
      queue: choices.optional(),
      plugin: choices.optional(),
      ns: choices.optional(),
      pc: choices.optional(),
      node: choices.optional(),
      sort: podSort.optional(),
      isDescending: z.boolean().optional(),
      fold: z.boolean().optional(),
      offset: z.number().int().min(0).max(10_000_000),
      limit: z.number().int().min(1).max(maxWindow),
    }),
    value: pods,
  },
  pod: {
    /** The newest pod of that name unless `uid` says which. */
    view: z.object({
      namespace: text,
      name: text,
      uid: z.string().min(1).max(64).optional(),
      groupBy: z.enum(["pool", "zone", "reason"]).optional(),
      /** Default: equal nodes of a group stand in one column once there are more than 120 nodes. */
      fold: z.boolean().optional(),
      /** Columns of several nodes to show node by node. */
      expand: z.array(text).max(16).optional(),
      /** The attempt under the loupe; default: the last. */
      attempt: z.number().int().positive().optional(),
      whatIf: whatIf.optional(),
      /** Of the matrix only its sums: for whoever looks at one pod after the other. */
      isBrief: z.boolean().optional(),
    }),
    value: pod,
  },
} as const;

export type TopicName = keyof typeof topics;
export type View<T extends TopicName> = z.infer<(typeof topics)[T]["view"]>;
export type Value<T extends TopicName> = z.infer<(typeof topics)[T]["value"]>;
