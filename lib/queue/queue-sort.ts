import type { QueuedPodInfo } from "./queued-pod-info.ts";

/** Whether `a` is to be tried before `b`. One function for all profiles. */
export type Less = (a: QueuedPodInfo, b: QueuedPodInfo) => boolean;

/** Higher priority first, then the older record. Upstream: `plugins/queuesort` `PrioritySort`. */
export function byPriorityThenAge(a: QueuedPodInfo, b: QueuedPodInfo): boolean {
  return a.priority > b.priority || (a.priority === b.priority && a.timestamp < b.timestamp);
}
