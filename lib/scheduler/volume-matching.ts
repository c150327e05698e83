import {
  compareQuantities,
  parseLabelSelector,
  type Node,
  type PersistentVolume,
  type PersistentVolumeClaim,
} from "#lib/kube/index.ts";
import { storageClassName, volumeSuitsNode } from "./claims.ts";

/** The smallest volume that the claim can have on this node. Upstream: `volume.FindMatchingVolume`. */
export function findMatchingVolume(
  claim: PersistentVolumeClaim,
  volumes: Iterable<PersistentVolume>,
  node: Node,
  taken: ReadonlySet<PersistentVolume>,
): PersistentVolume | undefined {
  const selector = claim.spec?.selector === undefined ? undefined : parseLabelSelector(claim.spec.selector);
  const wantedClass = storageClassName(claim);
  let smallest: PersistentVolume | undefined;
  for (const volume of volumes) {
    if (storageClassName(volume) !== wantedClass || taken.has(volume) || !couldServe(volume, claim)) continue;
    const isSuited = volumeSuitsNode(volume, node);
    // A volume that is kept for this claim is the only one it may have, here or nowhere.
    if (isReservedFor(volume, claim)) return isSuited ? volume : undefined;
    if (volume.status?.phase !== "Available" || selector?.matches(volume.metadata.labels) === false) continue;
    if (!isSuited || !hasAccessModes(volume, claim)) continue;
    if (smallest === undefined || compareQuantities(capacityOf(smallest), capacityOf(volume)) > 0) smallest = volume;
  }
  return smallest;
}

export function byRequestedSize(a: PersistentVolumeClaim, b: PersistentVolumeClaim): number {
  return compareQuantities(requestOf(a), requestOf(b));
}

export function requestOf({ spec }: PersistentVolumeClaim): string {
  return spec?.resources?.requests?.["storage"] ?? "0";
}

function capacityOf({ spec }: PersistentVolume): string {
  return spec?.capacity?.["storage"] ?? "0";
}

function couldServe(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  if (volume.spec?.claimRef !== undefined && !isReservedFor(volume, claim)) return false;
  if (compareQuantities(capacityOf(volume), requestOf(claim)) < 0) return false;
  if ((volume.spec?.volumeMode ?? "Filesystem") !== (claim.spec?.volumeMode ?? "Filesystem")) return false;
  if (volume.metadata.deletionTimestamp !== undefined) return false;
  return (volume.spec?.volumeAttributesClassName ?? "") === (claim.spec?.volumeAttributesClassName ?? "");
}

/** Upstream: `volume.IsVolumeBoundToClaim`. */
function isReservedFor({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  const claim = spec?.claimRef;
  if (claim === undefined || claim.name !== metadata.name || claim.namespace !== metadata.namespace) return false;
  return (claim.uid ?? "") === "" || claim.uid === metadata.uid;
}

function hasAccessModes(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return (claim.spec?.accessModes ?? []).every((mode) => volume.spec?.accessModes?.includes(mode) === true);
}
