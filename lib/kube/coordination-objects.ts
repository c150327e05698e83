import type { KubeObject, TypedReference } from "./objects.ts";

/** An event of either API group: `events.k8s.io/v1` says `regarding` and `note`, `v1` `involvedObject` and `message`. */
export interface Event extends KubeObject {
  readonly type?: string;
  readonly reason?: string;
  readonly action?: string;
  readonly regarding?: TypedReference;
  readonly involvedObject?: TypedReference;
  readonly note?: string;
  readonly message?: string;
  readonly eventTime?: string;
  readonly firstTimestamp?: string;
  readonly lastTimestamp?: string;
  readonly deprecatedLastTimestamp?: string;
  readonly reportingController?: string;
  readonly reportingComponent?: string;
  readonly reportingInstance?: string;
  readonly source?: { readonly component?: string };
  readonly deprecatedSource?: { readonly component?: string };
  readonly count?: number;
  readonly deprecatedCount?: number;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
}

export interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
  };
}
