import { keyOf, type PersistentVolumeClaim, type Pod, type Volume } from "#lib/kube/index.ts";

const noVolumes: readonly Volume[] = [];
const noKeys: readonly string[] = [];

export function volumesOf({ spec }: Pod): readonly Volume[] {
  return spec?.volumes ?? noVolumes;
}

/**
 * The claim behind a volume: the one it names, or the one made for it, `<pod>-<volume>`.
 * Upstream: `ephemeral.VolumeClaimName`.
 */
export function claimNameOf(pod: Pod, volume: Volume): string | undefined {
  if (volume.persistentVolumeClaim !== undefined) return volume.persistentVolumeClaim.claimName;
  return volume.ephemeral === undefined ? undefined : `${pod.metadata.name ?? ""}-${volume.name}`;
}

/** Keys of the claims named by `persistentVolumeClaim` volumes; those of ephemeral volumes are not counted. */
export function claimKeysOf(pod: Pod): readonly string[] {
  if (volumesOf(pod).length === 0) return noKeys;
  const { namespace } = pod.metadata;
  return volumesOf(pod).flatMap(({ persistentVolumeClaim: claim }) =>
    claim === undefined ? [] : [keyOf(namespace, claim.claimName)],
  );
}

export function hasClaimOrEphemeralVolume(pod: Pod): boolean {
  return volumesOf(pod).some((volume) => volume.persistentVolumeClaim !== undefined || volume.ephemeral !== undefined);
}

/** The claim is one of the pod's, named or made for an ephemeral volume. */
export function usesClaim(pod: Pod, claim: PersistentVolumeClaim): boolean {
  if ((pod.metadata.namespace ?? "") !== (claim.metadata.namespace ?? "")) return false;
  return volumesOf(pod).some((volume) => claimNameOf(pod, volume) === claim.metadata.name);
}

/** A claim made for an ephemeral volume belongs to its pod. Upstream: `ephemeral.VolumeIsForPod`. */
export function isOwnedBy(claim: PersistentVolumeClaim, pod: Pod): boolean {
  return (claim.metadata.ownerReferences ?? []).some(
    (owner) => owner.controller === true && owner.uid === pod.metadata.uid,
  );
}
