import {
  keyOf,
  matchesLabels,
  type Node,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type StorageClass,
} from "#lib/kube/index.ts";
import type { Listers } from "./snapshot.ts";

const betaClass = "volume.beta.kubernetes.io/storage-class";
const bindCompleted = "pv.kubernetes.io/bind-completed";

/** The annotation is older than the field and wins. Upstream: `GetPersistentVolumeClaimClass`, `GetPersistentVolumeClass`. */
export function storageClassName({ metadata, spec }: PersistentVolumeClaim | PersistentVolume): string {
  return metadata.annotations?.[betaClass] ?? spec?.storageClassName ?? "";
}

export function claimOf(pod: Pod, name: string, listers: Listers): PersistentVolumeClaim | undefined {
  return listers.persistentVolumeClaims.get(keyOf(pod.metadata.namespace, name));
}

/** Upstream: `isPVCFullyBound`. */
export function isFullyBound({ metadata, spec }: PersistentVolumeClaim): boolean {
  return (spec?.volumeName ?? "") !== "" && metadata.annotations?.[bindCompleted] !== undefined;
}

export function waitsForFirstConsumer(storageClass: StorageClass | undefined): boolean {
  return storageClass?.volumeBindingMode === "WaitForFirstConsumer";
}

/** Upstream: `volume.CheckNodeAffinity`. */
export function volumeSuitsNode({ spec }: PersistentVolume, node: Node): boolean {
  const required = spec?.nodeAffinity?.required;
  if (required === undefined) return true;
  return matchesLabels(required, node.metadata.labels);
}
