import type { PersistentVolume, Volume } from "#lib/kube/index.ts";

/** A volume as a CSI driver knows it. */
export interface CsiVolume {
  readonly driver: string;
  readonly handle: string;
}

interface InTreePlugin {
  readonly provisioner: string;
  readonly driver: string;
  /** The scheduler translates it; the others are left to their drivers. */
  readonly isTranslated: boolean;
  /** What identifies the volume; `undefined` for a volume of another plugin. */
  handleOf(volume: Volume | NonNullable<PersistentVolume["spec"]>): string | undefined;
}

/** Volumes from the time before CSI, each served by a driver now. Upstream: `csi-translation-lib`. */
const inTreePlugins: readonly InTreePlugin[] = [
  {
    provisioner: "kubernetes.io/aws-ebs",
    driver: "ebs.csi.aws.com",
    isTranslated: true,
    handleOf: ({ awsElasticBlockStore }) => awsElasticBlockStore?.volumeID,
  },
  {
    provisioner: "kubernetes.io/gce-pd",
    driver: "pd.csi.storage.gke.io",
    isTranslated: true,
    handleOf: ({ gcePersistentDisk }) => gcePersistentDisk?.pdName,
  },
  {
    provisioner: "kubernetes.io/azure-disk",
    driver: "disk.csi.azure.com",
    isTranslated: true,
    handleOf: ({ azureDisk }) => azureDisk?.diskURI,
  },
  {
    provisioner: "kubernetes.io/cinder",
    driver: "cinder.csi.openstack.org",
    isTranslated: true,
    handleOf: ({ cinder }) => cinder?.volumeID,
  },
  {
    provisioner: "kubernetes.io/portworx-volume",
    driver: "pxd.portworx.com",
    isTranslated: true,
    handleOf: ({ portworxVolume }) => portworxVolume?.volumeID,
  },
  {
    provisioner: "kubernetes.io/azure-file",
    driver: "file.csi.azure.com",
    isTranslated: false,
    handleOf: ({ azureFile }) => azureFile?.shareName,
  },
  {
    provisioner: "kubernetes.io/vsphere-volume",
    driver: "csi.vsphere.vmware.com",
    isTranslated: false,
    handleOf: ({ vsphereVolume }) => vsphereVolume?.volumePath,
  },
];

export function isMigratable(volume: Volume): boolean {
  return inTreePlugins.some((plugin) => plugin.handleOf(volume) !== undefined);
}

/** The driver that serves an inline volume by now. */
export function migratedDriver(volume: Volume): string | undefined {
  return inTreePlugins.find((plugin) => plugin.handleOf(volume) !== undefined)?.driver;
}

/** `undefined` for a volume that is none of CSI's, or whose translation is not switched on. */
export function translated(source: Volume | NonNullable<PersistentVolume["spec"]>): CsiVolume | undefined {
  for (const plugin of inTreePlugins) {
    const handle = plugin.handleOf(source);
    if (handle !== undefined) return plugin.isTranslated ? { driver: plugin.driver, handle } : undefined;
  }
  return undefined;
}

/** The driver behind a provisioner. An in-tree one is its driver's only where the node has drivers at all. */
export function driverOfProvisioner(provisioner: string, hasCsiNode: boolean): string | undefined {
  const plugin = inTreePlugins.find((each) => each.provisioner === provisioner);
  if (plugin === undefined) return provisioner === "" ? undefined : provisioner;
  return plugin.isTranslated && hasCsiNode ? plugin.driver : undefined;
}
