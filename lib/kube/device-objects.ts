import type { KubeObject } from "./objects.ts";

/** Dynamic resource allocation, as far as it decides whether a pod may be tried and what wakes it. */

export interface ResourceClaim extends KubeObject {
  readonly spec?: {
    readonly devices?: {
      readonly requests?:
        readonly { readonly name: string; readonly exactly?: { readonly deviceClassName?: string } }[] | null;
    };
  };
  readonly status?: {
    readonly allocation?: unknown;
    readonly reservedFor?: readonly { readonly resource?: string; readonly name: string; readonly uid: string }[];
  };
}

export interface ResourceSlice extends KubeObject {
  readonly spec?: unknown;
}

export interface DeviceClass extends KubeObject {
  readonly spec?: { readonly extendedResourceName?: string };
}
