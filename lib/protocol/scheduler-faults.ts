import { z } from "zod";

/** What goes wrong on purpose in the scheduler of an embedded cluster. */
export const schedulerFaultKind = z.enum([
  /** An attempt is begun and does not come back, as where somebody who is asked for his opinion never answers. */
  "attempts-hang",
  /** The node is chosen, and the call that binds the pod to it does not return. */
  "bindings-hang",
  /** An attempt that failed hands its pod to nobody. */
  "pods-lost",
  /** Nobody looks for pods that have waited too long. */
  "no-flush",
]);
export type SchedulerFaultKind = z.infer<typeof schedulerFaultKind>;

export const schedulerFault = z.strictObject({
  kind: schedulerFaultKind,
  /** Only its pods; absent: all. */
  namespace: z.string().min(1).max(63).optional(),
});
export type SchedulerFault = z.infer<typeof schedulerFault>;
