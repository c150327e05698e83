export type { Brand } from "./brand.ts";
export {
  actionLabel,
  actionType,
  eventLabel,
  forceActivate,
  isWildcard,
  matchClusterEvents,
  unschedulableTimeout,
  type ActionType,
  type ClusterEvent,
  type EventResource,
} from "./cluster-event.ts";
export type { Event, Lease } from "./coordination-objects.ts";
export type {
  AllocationResult,
  CapacityRequestPolicy,
  DeviceAttribute,
  DeviceClass,
  DeviceConstraint,
  DeviceRequest,
  DeviceRequestAllocationResult,
  DeviceSelector,
  DeviceTaint,
  DeviceToleration,
  DeviceWish,
  ResourceClaim,
  ResourceSlice,
  ResourceSliceSpec,
  SliceDevice,
} from "./device-objects.ts";
export { semanticallyEqual } from "./equality.ts";
export { keyOf, keyParts, objectKey, podUid, type ObjectKey, type PodUid } from "./keys.ts";
export {
  matchesLabels,
  parseNodeSelector,
  requiredNodeAffinity,
  type NodeMatch,
  type NodeMatcher,
} from "./node-selector.ts";
export type {
  Affinity,
  Condition,
  Container,
  ContainerPort,
  ContainerStatus,
  KubeObject,
  LabelSelector,
  LabelSelectorRequirement,
  Namespace,
  Node,
  NodeSelector,
  NodeSelectorTerm,
  NodeStatus,
  ObjectMeta,
  OwnerReference,
  Pod,
  PodAffinityTerm,
  PodResourceClaim,
  PodSpec,
  PodStatus,
  ResourceList,
  ResourceRequirements,
  Taint,
  Toleration,
  TopologySelectorTerm,
  TopologySpreadConstraint,
  TypedReference,
  Volume,
} from "./objects.ts";
export { nodeChanges, podChanges, type NodeChangeGates, type PodChangeGates } from "./pod-changes.ts";
export { isScalarResource, isSidecar, podRequests, type PodRequestsOptions, type Requests } from "./pod-requests.ts";
export { compareQuantities, milliUnits, parseQuantity, wholeUnits, type Quantity } from "./quantity.ts";
export {
  bothOf,
  labelValue,
  MalformedSelectorError,
  matchNothing,
  parseLabelSelector,
  selectorOf,
  type Labels,
  type Selector,
} from "./selector.ts";
export type {
  CsiDriver,
  CsiNode,
  CsiStorageCapacity,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
  VolumeAttachment,
} from "./storage-objects.ts";
export { isLabelValue, isQualifiedName } from "./label-syntax.ts";
export { parseRequirements, parseSelectorText } from "./selector-text.ts";
export { taintText, toleratesAny, unschedulableTaint, untoleratedTaint, untoleratedTaints } from "./taints.ts";
