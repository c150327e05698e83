export { allocationOf } from "./allocation.ts";
export { PendingClaims } from "./pending-claims.ts";
export { AllocatedState } from "./allocated-state.ts";
export { DeviceAllocator } from "./allocator.ts";
export { bindingState } from "./binding-conditions.ts";
export { AllocationFailedError, AllocationFailedOnNodeError, NotJudgedError } from "./errors.ts";
export {
  claimFor,
  classesByResource,
  deviceRequests,
  extendedResourcesOf,
  neededFromDevices,
  type ExtendedResources,
} from "./extended-resources.ts";
export type { DeviceState, WishReport } from "./report.ts";
export { claimsOfPod, missingClass } from "./pod-claims.ts";
export {
  noSelectors,
  Selectors,
  type CompiledSelector,
  type SelectableDevice,
  type SelectorAnswer,
  type SelectorCompiler,
} from "./selectors.ts";
export { SliceIndex } from "./slice-index.ts";
