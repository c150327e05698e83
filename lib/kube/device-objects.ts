import type { KubeObject, NodeSelector } from "./objects.ts";

/** Dynamic resource allocation (`resource.k8s.io/v1`), as far as it decides which devices a pod can have. */

export interface ResourceClaim extends KubeObject {
  readonly spec?: { readonly devices?: DeviceClaim };
  readonly status?: {
    readonly allocation?: AllocationResult;
    readonly reservedFor?: readonly { readonly resource?: string; readonly name: string; readonly uid: string }[];
    readonly devices?: readonly AllocatedDeviceStatus[];
  };
}

export interface DeviceClaim {
  readonly requests?: readonly DeviceRequest[] | null;
  readonly constraints?: readonly DeviceConstraint[];
}

/** One of the two: what is wanted, or alternatives of which the first that can be had is taken. */
export interface DeviceRequest {
  readonly name: string;
  readonly exactly?: ExactDeviceRequest;
  readonly firstAvailable?: readonly DeviceSubRequest[];
}

/** What a request and an alternative of one have in common. */
export interface DeviceWish {
  readonly deviceClassName?: string;
  readonly selectors?: readonly DeviceSelector[];
  readonly allocationMode?: string;
  readonly count?: number;
  readonly tolerations?: readonly DeviceToleration[];
  readonly capacity?: { readonly requests?: Readonly<Record<string, string>> };
}

export interface ExactDeviceRequest extends DeviceWish {
  readonly adminAccess?: boolean;
}

export interface DeviceSubRequest extends DeviceWish {
  readonly name: string;
}

export interface DeviceSelector {
  readonly cel?: { readonly expression: string };
}

export interface DeviceConstraint {
  /** Requests and alternatives (`request/alternative`) that it is about; absent: all. */
  readonly requests?: readonly string[];
  readonly matchAttribute?: string;
  readonly distinctAttribute?: string;
}

export interface DeviceToleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

export interface DeviceTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export interface AllocationResult {
  readonly devices?: { readonly results?: readonly DeviceRequestAllocationResult[] };
  readonly nodeSelector?: NodeSelector;
  readonly allocationTimestamp?: string;
}

export interface DeviceRequestAllocationResult {
  readonly request: string;
  readonly driver: string;
  readonly pool: string;
  readonly device: string;
  readonly adminAccess?: boolean;
  readonly shareID?: string;
  readonly consumedCapacity?: Readonly<Record<string, string>>;
  readonly bindingConditions?: readonly string[];
  readonly bindingFailureConditions?: readonly string[];
}

export interface AllocatedDeviceStatus {
  readonly driver: string;
  readonly pool: string;
  readonly device: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

export interface ResourceSlice extends KubeObject {
  readonly spec?: ResourceSliceSpec;
}

export interface ResourceSliceSpec {
  readonly driver: string;
  readonly pool: { readonly name: string; readonly generation?: number; readonly resourceSliceCount: number };
  readonly nodeName?: string;
  readonly nodeSelector?: NodeSelector;
  readonly allNodes?: boolean;
  readonly perDeviceNodeSelection?: boolean;
  readonly devices?: readonly SliceDevice[];
  readonly sharedCounters?: readonly CounterSet[];
}

export interface SliceDevice {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, DeviceAttribute>>;
  readonly capacity?: Readonly<Record<string, DeviceCapacity>>;
  readonly taints?: readonly DeviceTaint[];
  readonly consumesCounters?: readonly DeviceCounterConsumption[];
  readonly nodeName?: string;
  readonly nodeSelector?: NodeSelector;
  readonly allNodes?: boolean;
  readonly bindsToNode?: boolean;
  readonly bindingConditions?: readonly string[];
  readonly bindingFailureConditions?: readonly string[];
  readonly allowMultipleAllocations?: boolean;
}

/** One of them is set. */
export interface DeviceAttribute {
  readonly bool?: boolean;
  readonly int?: number;
  readonly string?: string;
  readonly version?: string;
}

export interface DeviceCapacity {
  readonly value: string;
  readonly requestPolicy?: CapacityRequestPolicy;
}

export interface CapacityRequestPolicy {
  readonly default?: string;
  readonly validValues?: readonly string[];
  readonly validRange?: { readonly min?: string; readonly max?: string; readonly step?: string };
}

export interface CounterSet {
  readonly name: string;
  readonly counters?: Readonly<Record<string, { readonly value: string }>>;
}

export interface DeviceCounterConsumption {
  readonly counterSet: string;
  readonly counters?: Readonly<Record<string, { readonly value: string }>>;
}

export interface DeviceClass extends KubeObject {
  readonly spec?: { readonly selectors?: readonly DeviceSelector[]; readonly extendedResourceName?: string };
}
