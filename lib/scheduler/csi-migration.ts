import { labelValue, type Labels, type PersistentVolume, type Volume } from "#lib/kube/index.ts";

/** A volume as a CSI driver knows it. */
export interface CsiVolume {
  readonly driver: string;
  readonly handle: string;
}

type Source = Volume | NonNullable<PersistentVolume["spec"]>;

interface InTreePlugin {
  readonly provisioner: string;
  readonly driver: string;
  /** The scheduler translates it; the others are left to their drivers. */
  readonly isTranslated: boolean;
  /** By which label of the node the driver knows the zone. */
  readonly topologyKey?: string;
  /** What identifies the volume; `undefined` for a volume of another plugin. */
  handleOf(volume: Source, labels?: Labels): string | undefined;
}

/** Volumes from the time before CSI, each served by a driver now. Upstream: `csi-translation-lib`. */
const inTreePlugins: readonly InTreePlugin[] = [
  {
    provisioner: "kubernetes.io/aws-ebs",
    driver: "ebs.csi.aws.com",
    isTranslated: true,
    topologyKey: "topology.ebs.csi.aws.com/zone",
    handleOf: ({ awsElasticBlockStore }) => awsElasticBlockStore?.volumeID,
  },
  {
    provisioner: "kubernetes.io/gce-pd",
    driver: "pd.csi.storage.gke.io",
    isTranslated: true,
    topologyKey: "topology.gke.io/zone",
    // Disks are told apart by zone as well; of one that is mounted without a PersistentVolume the zone is not known.
    handleOf: ({ gcePersistentDisk }, labels) => {
      const zones = zonesOf(labels);
      return problemWithZones(zones) === undefined && gcePersistentDisk !== undefined
        ? `${zones}/${gcePersistentDisk.pdName}`
        : undefined;
    },
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
    topologyKey: "topology.cinder.csi.openstack.org/zone",
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

export function inTreePluginOf(source: Source): Pick<InTreePlugin, "provisioner" | "topologyKey"> | undefined {
  return inTreePlugins.find((plugin) => plugin.handleOf(source) !== undefined);
}

export function isMigratable(volume: Volume): boolean {
  return inTreePlugins.some((plugin) => plugin.handleOf(volume) !== undefined);
}

/** The driver that serves an inline volume by now. */
export function migratedDriver(volume: Volume): string | undefined {
  return inTreePlugins.find((plugin) => plugin.handleOf(volume) !== undefined)?.driver;
}

/** In which zones a volume is, by its labels: joined by two underscores. */
export function zonesOf(labels: Labels | undefined): string {
  return (
    labelValue(labels, "failure-domain.beta.kubernetes.io/zone") ||
    labelValue(labels, "topology.kubernetes.io/zone") ||
    ""
  );
}

/**
 * `undefined` for a volume that is none of CSI's, or whose translation is not switched on.
 *
 * @param labels of the PersistentVolume, if it is one
 */
export function translated(source: Source, labels?: Labels): CsiVolume | undefined {
  for (const plugin of inTreePlugins) {
    const handle = plugin.handleOf(source, labels);
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

/** A disk in several zones is one of their region. Upstream: `gceGetRegionFromZones`. */
export function problemWithZones(label: string): string | undefined {
  const zones = label.split("__");
  if (zones.length === 1) return undefined;
  const odd = zones.find((each) => each.split("-").length !== 3);
  if (odd !== undefined) return `zone in unexpected format, expected: {locale}-{region}-{zone}, got: ${odd}`;
  const regions = new Set(zones.map((each) => each.slice(0, each.lastIndexOf("-"))));
  if (regions.size === 1) return undefined;
  return `multiple or no regions gotten from zones, got: map[${[...regions]
    .sort()
    .map((each) => `${each}:{}`)
    .join(" ")}]`;
}
