import { actionType, type Pod } from "#lib/kube/index.ts";
import type { GatingPlugin } from "../framework.ts";
import { on } from "../hint.ts";
import { isSelf } from "../self.ts";

/** Keeps a pod out of activeQ while it has scheduling gates. Upstream: `plugins/schedulinggates`. */
export const schedulingGates: GatingPlugin = {
  name: "SchedulingGates",
  preEnqueue: ({ spec }) => {
    const gates = (spec?.schedulingGates ?? []).map(({ name }) => name);
    if (gates.length === 0) return undefined;
    return { code: "unresolvable", reasons: [`waiting for scheduling gates: [${gates.join(" ")}]`] };
  },
  eventsToRegister: () => [on<Pod>("Pod", actionType.UpdatePodSchedulingGatesEliminated, isSelf)],
};
