import type { TraceConfig } from "./recording.ts";

/** A queue of 1.36 as it comes, with no plugin that rejects. */
export const defaultTraceConfig: TraceConfig = {
  podInitialBackoffSeconds: 1,
  podMaxBackoffSeconds: 10,
  podMaxInUnschedulablePodsDurationSeconds: 300,
  featureGates: {
    GenericWorkload: false,
    OpportunisticBatching: true,
    SchedulerAsyncAPICalls: false,
    SchedulerPopFromBackoffQ: true,
    SchedulerQueueingHints: true,
  },
  startOffsetMs: 0,
  profiles: ["default-scheduler"],
  sort: "priority",
  plugins: [],
};
