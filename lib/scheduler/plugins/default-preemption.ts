import { actionType } from "#lib/kube/index.ts";
import type { Plugin } from "../framework.ts";
import { on } from "../hint.ts";

/**
 * Registered only so that a deleted pod reaches pods that this plugin gates; it never wakes anybody itself.
 * Upstream: `plugins/defaultpreemption`.
 */
export const defaultPreemption: Plugin = {
  name: "DefaultPreemption",
  eventsToRegister: () => [on("Pod", actionType.Delete, () => false)],
};
