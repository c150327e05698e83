import type {
  CsiDriver,
  CsiNode,
  CsiStorageCapacity,
  DeviceClass,
  KubeObject,
  Labels,
  PersistentVolume,
  PersistentVolumeClaim,
  ResourceClaim,
  ResourceSlice,
  StorageClass,
  VolumeAttachment,
} from "#lib/kube/index.ts";
import type { NodeInfo } from "./node-info.ts";

/** Objects of one kind by key: `namespace/name`, or `name` where there are no namespaces. */
export interface Lister<T extends KubeObject> {
  get(key: string): T | undefined;
  all(): Iterable<T>;
  /** Grows with every change: what was worked out of all objects is old when it has. */
  readonly version: number;
}

/** What plugins may ask besides nodes and pods. */
export interface Listers {
  readonly persistentVolumeClaims: Lister<PersistentVolumeClaim>;
  readonly persistentVolumes: Lister<PersistentVolume>;
  readonly storageClasses: Lister<StorageClass>;
  readonly csiNodes: Lister<CsiNode>;
  readonly csiDrivers: Lister<CsiDriver>;
  readonly csiStorageCapacities: Lister<CsiStorageCapacity>;
  readonly volumeAttachments: Lister<VolumeAttachment>;
  readonly deviceClasses: Lister<DeviceClass>;
  readonly resourceClaims: Lister<ResourceClaim>;
  readonly resourceSlices: Lister<ResourceSlice>;
  readonly namespaces: Lister<KubeObject>;
}

/**
 * What one scheduling attempt sees. It is the cache itself, not a copy: an attempt never awaits between its first and
 * its last look, so nothing can change under it.
 */
export interface Snapshot extends Listers {
  readonly nodeCount: number;
  /** In order of their arrival. */
  nodes(): Iterable<NodeInfo>;
  node(name: string): NodeInfo | undefined;
  nodesWithRequiredAntiAffinity(): Iterable<NodeInfo>;
  namespaceLabels(namespace: string): Labels | undefined;
  /** Some pod on some node uses this claim. */
  isClaimUsed(claimKey: string): boolean;
}
