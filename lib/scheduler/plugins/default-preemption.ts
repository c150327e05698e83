import { actionType } from "#lib/kube/index.ts";
import type { GatingPlugin } from "../framework.ts";
import { on } from "../hint.ts";

/**
 * Upstream gates a pod while its own preemption still has calls to make; here nobody preempts in the background, so it
 * lets everybody pass. Its registration only lets deleted pods reach pods that it gates: it never wakes anybody itself.
 * Upstream: `plugins/defaultpreemption`.
 */
export const defaultPreemption: GatingPlugin = {
  name: "DefaultPreemption",
  preEnqueue: () => undefined,
  eventsToRegister: () => [on("Pod", actionType.Delete, () => false)],
};
