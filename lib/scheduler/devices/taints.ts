import type { DeviceTaint, DeviceToleration } from "#lib/kube/index.ts";
import type { Device } from "./device.ts";

/** Effects that keep a device from being allocated; all others are information. */
const keepingEffects: ReadonlySet<string> = new Set(["NoSchedule", "NoExecute"]);

/** The first taint that nothing tolerates. Upstream: `taintPreventsAllocation`. */
export function untoleratedDeviceTaint(
  { spec }: Device,
  tolerations: readonly DeviceToleration[] = [],
): DeviceTaint | undefined {
  return spec.taints?.find(
    (taint) => keepingEffects.has(taint.effect) && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}

/** Upstream: `resourceclaim.ToleratesTaint`. */
function tolerates(
  { key = "", operator = "", value = "", effect = "" }: DeviceToleration,
  taint: DeviceTaint,
): boolean {
  if (effect !== "" && effect !== taint.effect) return false;
  if (key !== "" && key !== taint.key) return false;
  if (operator === "Exists") return true;
  return (operator === "" || operator === "Equal") && value === (taint.value ?? "");
}
