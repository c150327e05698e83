import { deviceId } from "./device.ts";
import type { ResourceClaim } from "#lib/kube/index.ts";

/** Whether what was allocated has become usable: some devices have to be attached first. Upstream: `isClaimReadyForBinding`. */
export function bindingState({ status }: ResourceClaim): "ready" | "waiting" | "failed" {
  for (const result of status?.allocation?.devices?.results ?? []) {
    const { bindingConditions = [], bindingFailureConditions = [] } = result;
    if (bindingConditions.length === 0) continue;
    const conditions = status?.devices?.find((each) => deviceId(each) === deviceId(result))?.conditions;
    if (conditions === undefined) return "waiting";
    const isTrue = (wanted: string): boolean => conditions.find(({ type }) => type === wanted)?.status === "True";
    if (bindingFailureConditions.some(isTrue)) return "failed";
    if (!bindingConditions.every(isTrue)) return "waiting";
  }
  return "ready";
}
