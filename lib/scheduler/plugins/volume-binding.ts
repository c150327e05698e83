import {
  actionType,
  labelValue,
  matchesLabels,
  parseLabelSelector,
  parseQuantity,
  semanticallyEqual,
  type CsiDriver,
  type CsiNode,
  type CsiStorageCapacity,
  type Node,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type StorageClass,
} from "#lib/kube/index.ts";
import { claimOf, isFullyBound, storageClassName, waitsForFirstConsumer } from "../claims.ts";
import { reachOf } from "../csi-topology.ts";
import {
  failure,
  ready,
  refuse,
  skip,
  unresolvable,
  type ClusterEventWithHint,
  type PreFilterPlugin,
  type PreFilterResult,
  type Status,
} from "../framework.ts";
import { on } from "../hint.ts";
import { claimNameOf, hasClaimOrEphemeralVolume, isOwnedBy, usesClaim, volumesOf } from "../pod-volumes.ts";
import type { Listers } from "../snapshot.ts";
import { byRequestedSize, findMatchingVolume, requestOf } from "../volume-matching.ts";
import { claimNotFound } from "./volume-restrictions.ts";

const volumeMissing = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)";
const affinityMismatch = "node(s) didn't match PersistentVolume's node affinity";
const nothingToBind = "node(s) didn't find available persistent volumes to bind";
const notEnoughStorage = "node(s) did not have enough free storage";

/** Finds out whether a pod's volumes are, or could be, where the pod would be. Upstream: `plugins/volumebinding`. */
export function volumeBinding(listers: Listers): PreFilterPlugin {
  return {
    name: "VolumeBinding",
    preFilter: (pod) => {
      if (!hasClaimOrEphemeralVolume(pod)) return skip;
      const claims: PersistentVolumeClaim[] = [];
      for (const found of claimsInOrder(pod, listers)) {
        if ("code" in found) return refuse(found);
        claims.push(found);
      }
      return prepare(claims, listers);
    },
    eventsToRegister,
  };
}

/** The claims of the pod's volumes, or why one of them is no good. */
function* claimsInOrder(pod: Pod, listers: Listers): IterableIterator<PersistentVolumeClaim | Status> {
  for (const volume of volumesOf(pod)) {
    const name = claimNameOf(pod, volume);
    if (name === undefined) continue;
    const isEphemeral = volume.persistentVolumeClaim === undefined;
    const claim = claimOf(pod, name, listers);
    if (claim === undefined) {
      yield isEphemeral
        ? unresolvable(`waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`)
        : claimNotFound(name);
    } else if (claim.status?.phase === "Lost") {
      const lost = claim.spec?.volumeName ?? "";
      yield unresolvable(`persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${lost}"`);
    } else if (claim.metadata.deletionTimestamp !== undefined) {
      yield unresolvable(`persistentvolumeclaim "${name}" is being deleted`);
    } else if (isEphemeral && !isOwnedBy(claim, pod)) {
      yield unresolvable(notOwner(claim, pod));
    } else {
      yield claim;
    }
  }
}

export function notOwner({ metadata }: PersistentVolumeClaim, pod: Pod): string {
  const claim = `${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
  const owner = `${pod.metadata.namespace ?? ""}/${pod.metadata.name ?? ""}`;
  return `PVC ${claim} was not created for pod ${owner} (pod is not owner)`;
}

interface PodClaims {
  readonly bound: readonly PersistentVolumeClaim[];
  /** Unbound, to be bound or provisioned where the pod goes. */
  readonly delayed: readonly PersistentVolumeClaim[];
}

function prepare(claims: readonly PersistentVolumeClaim[], listers: Listers): PreFilterResult {
  const bound: PersistentVolumeClaim[] = [];
  const delayed: PersistentVolumeClaim[] = [];
  let isWaitingForVolume = false;
  for (const claim of claims) {
    if (isFullyBound(claim)) {
      bound.push(claim);
      continue;
    }
    const className = storageClassName(claim);
    const storageClass = className === "" ? undefined : listers.storageClasses.get(className);
    if (storageClass !== undefined && (storageClass.volumeBindingMode ?? "") === "") {
      return refuse(failure(`VolumeBindingMode not set for StorageClass "${className}"`));
    }
    if (waitsForFirstConsumer(storageClass) && (claim.spec?.volumeName ?? "") === "") delayed.push(claim);
    else isWaitingForVolume = true;
  }
  if (isWaitingForVolume) return refuse(unresolvable("pod has unbound immediate PersistentVolumeClaims"));
  const podClaims: PodClaims = { bound, delayed };
  return ready({ filter: ({ node }) => (node === undefined ? undefined : judge(podClaims, node, listers)) });
}

/** Everything that is wrong is told at once. Upstream: `FindPodVolumes`. */
function judge({ bound, delayed }: PodClaims, node: Node, listers: Listers): Status | undefined {
  const reasons = new Set<string>();
  const csiNode = listers.csiNodes.get(node.metadata.name ?? "");
  for (const claim of bound) {
    const volume = listers.persistentVolumes.get(claim.spec?.volumeName ?? "");
    const reach = volume === undefined ? undefined : reachOf(volume, csiNode);
    if (reach !== undefined && "problem" in reach) return failure(reach.problem);
    if (reach?.required === undefined ? reach !== undefined : matchesLabels(reach.required, node.metadata.labels)) {
      continue;
    }
    reasons.add(reach === undefined ? volumeMissing : affinityMismatch);
    break;
  }
  const reason = judgeDelayed(delayed, node, listers);
  if (reason !== undefined) reasons.add(reason);
  return reasons.size === 0 ? undefined : unresolvable(...reasons);
}

function judgeDelayed(claims: readonly PersistentVolumeClaim[], node: Node, listers: Listers): string | undefined {
  const toProvision: PersistentVolumeClaim[] = [];
  const toMatch: PersistentVolumeClaim[] = [];
  for (const claim of claims) {
    const selected = claim.metadata.annotations?.["volume.kubernetes.io/selected-node"];
    if (selected === undefined) toMatch.push(claim);
    else if (selected === node.metadata.name) toProvision.push(claim);
    else return nothingToBind;
  }
  const taken = new Set<PersistentVolume>();
  for (const claim of toMatch.sort(byRequestedSize)) {
    const volume = findMatchingVolume(claim, listers.persistentVolumes.all(), node, taken);
    if (volume === undefined) toProvision.push(claim);
    else taken.add(volume);
  }
  for (const claim of toProvision) {
    const reason = whyNotProvisionable(claim, node, listers);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Upstream: `checkVolumeProvisions`. */
function whyNotProvisionable(claim: PersistentVolumeClaim, node: Node, listers: Listers): string | undefined {
  const storageClass = listers.storageClasses.get(storageClassName(claim));
  const provisioner = storageClass?.provisioner ?? "";
  if (storageClass === undefined || provisioner === "" || provisioner === "kubernetes.io/no-provisioner") {
    return nothingToBind;
  }
  if (!isInTopology(storageClass, node)) return nothingToBind;
  return hasEnoughCapacity(claim, storageClass, node, listers) ? undefined : notEnoughStorage;
}

/** Terms are ORed, their expressions ANDed. Upstream: `MatchTopologySelectorTerms`. */
function isInTopology({ allowedTopologies = [] }: StorageClass, node: Node): boolean {
  if (allowedTopologies.length === 0) return true;
  return allowedTopologies.some(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.every(({ key, values }) => values.includes(labelValue(node.metadata.labels, key) ?? "\0")),
  );
}

function hasEnoughCapacity(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  node: Node,
  listers: Listers,
): boolean {
  if (claim.spec?.resources?.requests?.["storage"] === undefined) return true;
  const driver = listers.csiDrivers.get(storageClass.provisioner ?? "");
  if (driver?.spec?.storageCapacity !== true) return true;
  const wanted = parseQuantity(requestOf(claim));
  for (const capacity of listers.csiStorageCapacities.all()) {
    if (capacity.storageClassName !== storageClass.metadata.name || largestVolume(capacity) < wanted) continue;
    if (
      capacity.nodeTopology !== undefined &&
      parseLabelSelector(capacity.nodeTopology).matches(node.metadata.labels)
    ) {
      return true;
    }
  }
  return false;
}

/** Negative where nothing is known, which is less than any request. */
function largestVolume({ maximumVolumeSize, capacity }: CsiStorageCapacity): bigint {
  const limit = maximumVolumeSize ?? capacity;
  return limit === undefined ? -1n : parseQuantity(limit);
}

function eventsToRegister(): readonly ClusterEventWithHint[] {
  const { Add, Update, UpdateNodeLabel } = actionType;
  return [
    on<StorageClass>(
      "storage.k8s.io/StorageClass",
      Add | Update,
      (_pod, old, updated) =>
        old === undefined || !semanticallyEqual(old.allowedTopologies, updated?.allowedTopologies),
    ),
    on<PersistentVolumeClaim>(
      "PersistentVolumeClaim",
      Add | Update,
      (pod, _old, claim) => claim !== undefined && usesClaim(pod, claim),
    ),
    on("PersistentVolume", Add | Update),
    on("Node", Add | UpdateNodeLabel),
    on<CsiNode>(
      "storage.k8s.io/CSINode",
      Add | Update,
      (_pod, old, updated) => old === undefined || migratedPlugins(old) !== migratedPlugins(updated),
    ),
    on<CsiDriver>("storage.k8s.io/CSIDriver", Update, (pod, old, updated) => {
      const isRelieved = old?.spec?.storageCapacity === true && updated?.spec?.storageCapacity !== true;
      return isRelieved && volumesOf(pod).some(({ csi }) => csi?.driver === updated?.metadata.name);
    }),
    on<CsiStorageCapacity>(
      "storage.k8s.io/CSIStorageCapacity",
      Add | Update,
      (_pod, old, updated) =>
        old === undefined || (updated !== undefined && largestVolume(updated) > largestVolume(old)),
    ),
  ];
}

function migratedPlugins(csiNode: CsiNode | undefined): string | undefined {
  return csiNode?.metadata.annotations?.["storage.alpha.kubernetes.io/migrated-plugins"];
}
