import type {
  KubeObject,
  LabelSelector,
  NodeSelector,
  ResourceList,
  TopologySelectorTerm,
  TypedReference,
} from "./objects.ts";

/** What volumes are made of, as far as the scheduler's plugins read it. */

export interface PersistentVolumeClaim extends KubeObject {
  readonly spec?: {
    readonly accessModes?: readonly string[];
    readonly selector?: LabelSelector;
    readonly resources?: { readonly requests?: ResourceList };
    readonly volumeName?: string;
    readonly storageClassName?: string;
    readonly volumeMode?: string;
    readonly volumeAttributesClassName?: string;
  };
  readonly status?: { readonly phase?: string };
}

export interface PersistentVolume extends KubeObject {
  readonly spec?: {
    readonly capacity?: ResourceList;
    readonly accessModes?: readonly string[];
    readonly claimRef?: TypedReference;
    readonly storageClassName?: string;
    readonly volumeMode?: string;
    readonly volumeAttributesClassName?: string;
    readonly nodeAffinity?: { readonly required?: NodeSelector };
    readonly csi?: { readonly driver: string; readonly volumeHandle: string };
    readonly awsElasticBlockStore?: { readonly volumeID: string };
    readonly gcePersistentDisk?: { readonly pdName: string };
    readonly azureDisk?: { readonly diskURI: string };
    readonly azureFile?: { readonly shareName: string };
    readonly cinder?: { readonly volumeID: string };
    readonly vsphereVolume?: { readonly volumePath: string };
    readonly portworxVolume?: { readonly volumeID: string };
  };
  readonly status?: { readonly phase?: string };
}

export interface StorageClass extends KubeObject {
  readonly provisioner?: string;
  readonly volumeBindingMode?: string;
  readonly allowedTopologies?: readonly TopologySelectorTerm[];
}

export interface CsiNode extends KubeObject {
  readonly spec?: {
    readonly drivers?: readonly {
      readonly name: string;
      readonly nodeID?: string;
      readonly topologyKeys?: readonly string[];
      readonly allocatable?: { readonly count?: number };
    }[];
  };
}

export interface CsiDriver extends KubeObject {
  readonly spec?: { readonly storageCapacity?: boolean };
}

export interface CsiStorageCapacity extends KubeObject {
  readonly nodeTopology?: LabelSelector;
  readonly storageClassName?: string;
  readonly capacity?: string;
  readonly maximumVolumeSize?: string;
}

export interface VolumeAttachment extends KubeObject {
  readonly spec?: {
    readonly attacher?: string;
    readonly nodeName?: string;
    readonly source?: { readonly persistentVolumeName?: string };
  };
  readonly status?: { readonly attached?: boolean };
}
