/**
 * What happened to the cluster, in the words of the scheduling queue.
 * Upstream: `k8s.io/kube-scheduler/framework` `ClusterEvent`, `pkg/scheduler/framework/events.go`.
 */

/** `Pod` stands in registrations only; incoming events say `AssignedPod` (has a node) or `UnschedulablePod`. */
export type EventResource =
  | "Pod"
  | "AssignedPod"
  | "UnschedulablePod"
  | "Node"
  | "PersistentVolume"
  | "PersistentVolumeClaim"
  | "storage.k8s.io/CSINode"
  | "storage.k8s.io/CSIDriver"
  | "storage.k8s.io/VolumeAttachment"
  | "storage.k8s.io/CSIStorageCapacity"
  | "storage.k8s.io/StorageClass"
  | "resource.k8s.io/ResourceClaim"
  | "resource.k8s.io/ResourceSlice"
  | "resource.k8s.io/DeviceClass"
  | "scheduling.k8s.io/PodGroup"
  | "*"
  /** Any other kind, as `plural.version.group`. */
  | (string & {});

/** The bits of an action mask. `Update` is every bit but `Add` and `Delete`. */
export const actionType = {
  Add: 1,
  Delete: 2,
  UpdateNodeAllocatable: 4,
  UpdateNodeLabel: 8,
  UpdateNodeTaint: 16,
  UpdateNodeCondition: 32,
  UpdateNodeAnnotation: 64,
  UpdateNodeDeclaredFeature: 128,
  UpdatePodLabel: 256,
  UpdatePodScaleDown: 512,
  UpdatePodToleration: 1024,
  UpdatePodSchedulingGatesEliminated: 2048,
  UpdatePodGeneratedResourceClaim: 4096,
  Update: 8188,
  All: 8191,
} as const;

/** A mask of {@link actionType} bits. */
export type ActionType = number;

export interface ClusterEvent {
  readonly resource: EventResource;
  readonly actionType: ActionType;
  /** Shown instead of resource and action. */
  readonly customLabel?: string;
}

const nameOfAction: ReadonlyMap<ActionType, string> = new Map(
  Object.entries(actionType).map(([name, mask]) => [mask, name]),
);

/** Single bits, `Update` and `All` have a name; any other mask has none. */
export function actionLabel(mask: ActionType): string {
  return nameOfAction.get(mask) ?? "";
}

/** The name under which metrics count the event: `NodeUpdateNodeTaint`. Upstream: `ClusterEvent.Label`. */
export function eventLabel(event: ClusterEvent): string {
  if (event.customLabel !== undefined && event.customLabel !== "") return event.customLabel;
  return event.resource + actionLabel(event.actionType);
}

export function isWildcard(event: ClusterEvent): boolean {
  return event.resource === "*" && event.actionType === actionType.All;
}

/**
 * Whether `incoming` is one of the events that `registered` asks for. A registration that names fewer actions than the
 * incoming event carries does not match. Upstream: `framework.MatchClusterEvents`.
 */
export function matchClusterEvents(registered: ClusterEvent, incoming: ClusterEvent): boolean {
  if (isWildcard(registered)) return true;
  return (
    matchesResource(registered.resource, incoming.resource) &&
    (registered.actionType & incoming.actionType) !== 0 &&
    incoming.actionType <= registered.actionType
  );
}

function matchesResource(registered: EventResource, incoming: EventResource): boolean {
  if (registered === "*" || registered === incoming) return true;
  return registered === "Pod" && (incoming === "AssignedPod" || incoming === "UnschedulablePod");
}

/** Events that the queue itself makes. Both are wildcards: every rejected pod is meant. */
export const unschedulableTimeout: ClusterEvent = {
  resource: "*",
  actionType: actionType.All,
  customLabel: "UnschedulableTimeout",
};

export const forceActivate: ClusterEvent = {
  resource: "*",
  actionType: actionType.All,
  customLabel: "ForceActivate",
};
