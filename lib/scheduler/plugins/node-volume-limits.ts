import {
  actionType,
  type CsiNode,
  type PersistentVolumeClaim,
  type Pod,
  type VolumeAttachment,
} from "#lib/kube/index.ts";
import { claimOf, storageClassName } from "../claims.ts";
import { driverOfProvisioner, isMigratable, migratedDriver, translated, type CsiVolume } from "../csi-migration.ts";
import { failure, ready, skip, unresolvable, unschedulable, type PreFilterPlugin, type Status } from "../framework.ts";
import { on } from "../hint.ts";
import type { NodeInfo } from "../node-info.ts";
import { isAssignedOrNominated } from "../pod-info.ts";
import { claimNameOf, hasClaimOrEphemeralVolume, isOwnedBy, usesClaim, volumesOf } from "../pod-volumes.ts";
import type { Listers } from "../snapshot.ts";
import { notOwner } from "./volume-binding.ts";

const rejection = unschedulable("node(s) exceed max volume count");

/** Keeps the number of volumes of a driver within what a node can attach. Upstream: `plugins/nodevolumelimits`. */
export function nodeVolumeLimits(listers: Listers): PreFilterPlugin {
  return {
    name: "NodeVolumeLimits",
    preFilter: (pod) => (mayUseDrivers(pod) ? ready({ filter: (node) => judge(pod, node, listers) }) : skip),
    eventsToRegister: () => [
      on("storage.k8s.io/CSINode", actionType.Add),
      on<CsiNode>(
        "storage.k8s.io/CSINode",
        actionType.Update,
        (_pod, old, updated) => old !== undefined && updated !== undefined && hasRaisedLimit(old, updated),
      ),
      on<Pod>(
        "Pod",
        actionType.Delete,
        (_pod, old) => old !== undefined && isAssignedOrNominated(old) && mayUseDrivers(old),
      ),
      on<PersistentVolumeClaim>(
        "PersistentVolumeClaim",
        actionType.Add,
        (pod, _old, claim) => claim !== undefined && usesClaim(pod, claim),
      ),
      on<VolumeAttachment>(
        "storage.k8s.io/VolumeAttachment",
        actionType.Delete,
        (pod, attachment) => attachment !== undefined && mayUse(pod, attachment),
      ),
    ],
  };
}

function mayUseDrivers(pod: Pod): boolean {
  return hasClaimOrEphemeralVolume(pod) || volumesOf(pod).some(isMigratable);
}

function mayUse(pod: Pod, { spec }: VolumeAttachment): boolean {
  return volumesOf(pod).some(
    (volume) => volume.persistentVolumeClaim !== undefined || migratedDriver(volume) === spec?.attacher,
  );
}

function hasRaisedLimit(old: CsiNode, updated: CsiNode): boolean {
  const before = limitsOf(old);
  return [...limitsOf(updated)].some(([driver, limit]) => limit > (before.get(driver) ?? 0));
}

function limitsOf(csiNode: CsiNode | undefined): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  for (const { name, allocatable } of csiNode?.spec?.drivers ?? []) {
    if (allocatable?.count !== undefined) limits.set(name, allocatable.count);
  }
  return limits;
}

/** Volumes by their unique name, with their drivers. */
type Volumes = Map<string, string>;

function judge(pod: Pod, node: NodeInfo, listers: Listers): Status | undefined {
  const csiNode = listers.csiNodes.get(node.name);
  const wanted: Volumes = new Map();
  const problem = collect(pod, csiNode !== undefined, listers, wanted, true);
  if (problem !== undefined) return problem;
  const limits = limitsOf(csiNode);
  if (wanted.size === 0 || limits.size === 0) return undefined;
  const used: Volumes = new Map();
  for (const other of node.pods()) {
    const broken = collect(other.pod, csiNode !== undefined, listers, used, false);
    if (broken !== undefined) return broken;
  }
  const total = new Map<string, number>();
  for (const driver of new Map([...attachments(node, listers), ...used]).values()) increment(total, driver);
  const added = new Set<string>();
  for (const [name, driver] of wanted) {
    // Kept oddity: a volume that is attached, but that no pod of the node uses, still counts as new.
    if (used.has(name)) continue;
    increment(total, driver);
    added.add(driver);
  }
  for (const driver of added) {
    const limit = limits.get(driver);
    if (limit !== undefined && (total.get(driver) ?? 0) > limit) return rejection;
  }
  return undefined;
}

function increment(counts: Map<string, number>, driver: string): void {
  counts.set(driver, (counts.get(driver) ?? 0) + 1);
}

/** What is attached to the node, whether or not a pod there uses it. */
function attachments(node: NodeInfo, listers: Listers): Volumes {
  const attached: Volumes = new Map();
  for (const { spec } of listers.volumeAttachments.all()) {
    if (spec?.nodeName !== node.name || spec.attacher === undefined) continue;
    const handle = listers.persistentVolumes.get(spec.source?.persistentVolumeName ?? "")?.spec?.csi?.volumeHandle;
    if (handle !== undefined) note(attached, { driver: spec.attacher, handle });
  }
  return attached;
}

/**
 * Upstream: `filterAttachableVolumes`. A claim that is gone matters only to a pod that is yet to come; one that was made for
 * somebody else breaks the attempt, also where it is a pod of the node that uses it.
 */
function collect(pod: Pod, hasCsiNode: boolean, listers: Listers, into: Volumes, isNew: boolean): Status | undefined {
  for (const volume of volumesOf(pod)) {
    const name = claimNameOf(pod, volume);
    if (name === undefined) {
      const inline = hasCsiNode ? translated(volume) : undefined;
      if (inline !== undefined) note(into, inline);
      continue;
    }
    const claim = claimOf(pod, name, listers);
    if (claim === undefined) {
      if (!isNew) continue;
      const { namespace = "" } = pod.metadata;
      return unresolvable(`looking up PVC ${namespace}/${name}: persistentvolumeclaim "${name}" not found`);
    }
    if (volume.persistentVolumeClaim === undefined && !isOwnedBy(claim, pod)) return failure(notOwner(claim, pod));
    const csi = csiVolumeOf(claim, hasCsiNode, listers);
    if (csi !== undefined) note(into, csi);
  }
  return undefined;
}

function note(volumes: Volumes, { driver, handle }: CsiVolume): void {
  volumes.set(`${driver}/${handle}`, driver);
}

/** Upstream: `getCSIDriverInfo`. A claim without a volume counts by itself, under a handle nobody else has. */
function csiVolumeOf(claim: PersistentVolumeClaim, hasCsiNode: boolean, listers: Listers): CsiVolume | undefined {
  const volume = listers.persistentVolumes.get(claim.spec?.volumeName ?? "");
  if (volume?.spec !== undefined) {
    const { csi } = volume.spec;
    if (csi !== undefined) return { driver: csi.driver, handle: csi.volumeHandle };
    return hasCsiNode ? translated(volume.spec, volume.metadata.labels) : undefined;
  }
  const storageClass = listers.storageClasses.get(storageClassName(claim));
  const driver = driverOfProvisioner(storageClass?.provisioner ?? "", hasCsiNode);
  const { namespace = "", name = "" } = claim.metadata;
  return driver === undefined ? undefined : { driver, handle: `unbound claim ${namespace}/${name}` };
}
