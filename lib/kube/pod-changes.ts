import { actionType, type ActionType } from "./cluster-event.ts";
import { semanticallyEqual } from "./equality.ts";
import type { Condition, Node, Pod } from "./objects.ts";
import { podRequests } from "./pod-requests.ts";
import { compareQuantities, milliUnits } from "./quantity.ts";

export interface PodChangeGates {
  /** Absent: on. */
  readonly DynamicResourceAllocation?: boolean;
}

/**
 * What an update of a pod may mean to other pods, in the order in which the queue is told. Never empty: an update that
 * is nothing special is the general `Update`. Upstream: `framework.PodSchedulingPropertiesChange`.
 */
export function podChanges(old: Pod, updated: Pod, gates: PodChangeGates = {}): readonly ActionType[] {
  const changes: ActionType[] = [];
  if (!semanticallyEqual(old.metadata.labels, updated.metadata.labels)) changes.push(actionType.UpdatePodLabel);
  if (isScaledDown(old, updated)) changes.push(actionType.UpdatePodScaleDown);
  if (isGated(old) && !isGated(updated)) changes.push(actionType.UpdatePodSchedulingGatesEliminated);
  if (tolerationCount(old) !== tolerationCount(updated)) changes.push(actionType.UpdatePodToleration);
  if (gates.DynamicResourceAllocation !== false && hasOtherClaims(old, updated)) {
    changes.push(actionType.UpdatePodGeneratedResourceClaim);
  }
  return changes.length === 0 ? [actionType.Update] : changes;
}

export interface NodeChangeGates {
  /** Absent: on. */
  readonly NodeDeclaredFeatures?: boolean;
}

/**
 * What an update of a node may mean to pods, in the order in which the queue is told; often nothing. Removing the
 * cordon and removing a taint are one event each, both `UpdateNodeTaint`. Upstream: `framework.NodeSchedulingPropertiesChange`.
 */
export function nodeChanges(old: Node, updated: Node, gates: NodeChangeGates = {}): readonly ActionType[] {
  const changes: ActionType[] = [];
  if (old.spec?.unschedulable === true && updated.spec?.unschedulable !== true)
    changes.push(actionType.UpdateNodeTaint);
  if (!hasEqualAllocatable(old, updated)) changes.push(actionType.UpdateNodeAllocatable);
  if (!semanticallyEqual(old.metadata.labels, updated.metadata.labels)) changes.push(actionType.UpdateNodeLabel);
  if (!semanticallyEqual(old.spec?.taints, updated.spec?.taints)) changes.push(actionType.UpdateNodeTaint);
  if (!semanticallyEqual(conditionStatuses(old), conditionStatuses(updated)))
    changes.push(actionType.UpdateNodeCondition);
  if (!semanticallyEqual(old.metadata.annotations, updated.metadata.annotations)) {
    changes.push(actionType.UpdateNodeAnnotation);
  }
  if (
    gates.NodeDeclaredFeatures !== false &&
    !semanticallyEqual(old.status?.declaredFeatures, updated.status?.declaredFeatures)
  ) {
    changes.push(actionType.UpdateNodeDeclaredFeature);
  }
  return changes;
}

/** Some request became smaller or went away; looked at in thousandths, as upstream does. */
function isScaledDown(old: Pod, updated: Pod): boolean {
  if (hasSameResources(old, updated)) return false;
  const before = podRequests(old, { useStatus: true });
  const after = podRequests(updated, { useStatus: true });
  for (const [name, amount] of before) {
    const left = after.get(name);
    if (left === undefined || milliUnits(left) < milliUnits(amount)) return true;
  }
  return false;
}

/** Nearly every update leaves alone all that requests are made of: quantities need not be read then. */
function hasSameResources(a: Pod, b: Pod): boolean {
  return (
    semanticallyEqual(a.spec?.containers, b.spec?.containers) &&
    semanticallyEqual(a.spec?.initContainers, b.spec?.initContainers) &&
    semanticallyEqual(a.spec?.resources, b.spec?.resources) &&
    semanticallyEqual(a.spec?.overhead, b.spec?.overhead) &&
    semanticallyEqual(a.status?.containerStatuses, b.status?.containerStatuses) &&
    semanticallyEqual(a.status?.initContainerStatuses, b.status?.initContainerStatuses) &&
    semanticallyEqual(a.status?.resources, b.status?.resources) &&
    semanticallyEqual(a.status?.allocatedResources, b.status?.allocatedResources) &&
    semanticallyEqual(resizeCondition(a), resizeCondition(b))
  );
}

function resizeCondition({ status }: Pod): string | undefined {
  return status?.conditions?.find((condition) => condition.type === "PodResizePending")?.reason;
}

function isGated({ spec }: Pod): boolean {
  return (spec?.schedulingGates ?? []).length > 0;
}

function tolerationCount({ spec }: Pod): number {
  return (spec?.tolerations ?? []).length;
}

function hasOtherClaims(old: Pod, updated: Pod): boolean {
  return (
    !semanticallyEqual(old.status?.resourceClaimStatuses, updated.status?.resourceClaimStatuses) ||
    !semanticallyEqual(old.status?.extendedResourceClaimStatus, updated.status?.extendedResourceClaimStatus)
  );
}

function hasEqualAllocatable(old: Node, updated: Node): boolean {
  const before = old.status?.allocatable ?? {};
  const after = updated.status?.allocatable ?? {};
  if (Object.keys(before).length !== Object.keys(after).length) return false;
  return Object.entries(before).every(([name, amount]) => {
    const now = after[name];
    return now !== undefined && (now === amount || compareQuantities(now, amount) === 0);
  });
}

function conditionStatuses({ status }: Node): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (status?.conditions ?? []).map((condition: Condition) => [condition.type, condition.status]),
  );
}
