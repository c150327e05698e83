import type { Node, Taint, Toleration } from "./objects.ts";

/** The taint that `spec.unschedulable` stands for. */
export const unschedulableTaint: Taint = { key: "node.kubernetes.io/unschedulable", value: "", effect: "NoSchedule" };

/** Upstream: `Toleration.ToleratesTaint`, with the comparison operators Lt and Gt switched off. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (isGiven(toleration.effect) && toleration.effect !== taint.effect) return false;
  if (isGiven(toleration.key) && toleration.key !== taint.key) return false;
  switch (toleration.operator ?? "") {
    case "":
    case "Equal":
      return (toleration.value ?? "") === (taint.value ?? "");
    case "Exists":
      return true;
    default:
      return false;
  }
}

export function toleratesAny(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  return (tolerations ?? []).some((toleration) => tolerates(toleration, taint));
}

/** The first taint that keeps new pods away and is not tolerated. `PreferNoSchedule` never does. */
export function untoleratedTaint(node: Node, tolerations: readonly Toleration[] | undefined): Taint | undefined {
  return node.spec?.taints?.find((taint) => isKeepingAway(taint, tolerations));
}

/** All of them. */
export function untoleratedTaints(node: Node, tolerations: readonly Toleration[] | undefined): readonly Taint[] {
  return (node.spec?.taints ?? []).filter((taint) => isKeepingAway(taint, tolerations));
}

function isKeepingAway(taint: Taint, tolerations: readonly Toleration[] | undefined): boolean {
  return (taint.effect === "NoSchedule" || taint.effect === "NoExecute") && !toleratesAny(tolerations, taint);
}

/** `spot=true:NoSchedule`, `dedicated:NoSchedule`. */
export function taintText({
  key,
  value = "",
  effect,
}: {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}): string {
  return `${key}${value === "" ? "" : `=${value}`}:${effect}`;
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== "";
}
