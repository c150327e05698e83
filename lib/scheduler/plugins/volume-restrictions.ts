import { actionType, keyOf, type PersistentVolumeClaim, type Pod, type Volume } from "#lib/kube/index.ts";
import {
  ready,
  refuse,
  skip,
  unresolvable,
  unschedulable,
  type PodAwareNodeFilter,
  type PreFilterPlugin,
  type Status,
} from "../framework.ts";
import { on } from "../hint.ts";
import type { NodeInfo } from "../node-info.ts";
import type { PodInfo } from "../pod-info.ts";
import { claimKeysOf, volumesOf } from "../pod-volumes.ts";
import type { Listers, Snapshot } from "../snapshot.ts";

const diskConflict = unschedulable("node(s) had no available disk");
const claimInUse = unschedulable(
  "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod",
);

/** Keeps pods apart that must not share a volume. Upstream: `plugins/volumerestrictions`. */
export function volumeRestrictions(listers: Listers): PreFilterPlugin {
  return {
    name: "VolumeRestrictions",
    preFilter: (pod, snapshot) => {
      const exclusive = new Set<string>();
      for (const { persistentVolumeClaim: source } of volumesOf(pod)) {
        if (source === undefined) continue;
        const key = keyOf(pod.metadata.namespace, source.claimName);
        const claim = listers.persistentVolumeClaims.get(key);
        if (claim === undefined) return refuse(claimNotFound(source.claimName));
        if (claim.spec?.accessModes?.includes("ReadWriteOncePod") === true) exclusive.add(key);
      }
      const filter = new VolumeConflicts(pod, exclusive, claimsInUse(exclusive, snapshot));
      return filter.isPointless ? skip : ready(filter);
    },
    eventsToRegister: () => [
      on<Pod>("Pod", actionType.Delete, (pod, old) => old !== undefined && mayFreeVolume(pod, old)),
      on<PersistentVolumeClaim>(
        "PersistentVolumeClaim",
        actionType.Add,
        (pod, _old, claim) =>
          claim !== undefined && claimKeysOf(pod).includes(keyOf(claim.metadata.namespace, claim.metadata.name ?? "")),
      ),
      on("Node", actionType.Add),
    ],
  };
}

export function claimNotFound(name: string): Status {
  return unresolvable(`persistentvolumeclaim "${name}" not found`);
}

/** Counts users of claims that only one pod may use; several pods may be taken away and given back while trying. */
class VolumeConflicts implements PodAwareNodeFilter {
  readonly #pod: Pod;
  readonly #exclusive: ReadonlySet<string>;
  #inUse: number;

  constructor(pod: Pod, exclusive: ReadonlySet<string>, inUse: number) {
    this.#pod = pod;
    this.#exclusive = exclusive;
    this.#inUse = inUse;
  }

  get isPointless(): boolean {
    return this.#inUse === 0 && !volumesOf(this.#pod).some(isExclusiveDisk);
  }

  filter(node: NodeInfo): Status | undefined {
    for (const other of node.pods()) if (disksConflict(this.#pod, other.pod)) return diskConflict;
    return this.#inUse > 0 ? claimInUse : undefined;
  }

  clone(): VolumeConflicts {
    return new VolumeConflicts(this.#pod, this.#exclusive, this.#inUse);
  }

  addPod({ pod }: PodInfo): void {
    this.#inUse += this.#shared(pod);
  }

  removePod({ pod }: PodInfo): void {
    this.#inUse -= this.#shared(pod);
  }

  #shared(pod: Pod): number {
    return claimKeysOf(pod).filter((key) => this.#exclusive.has(key)).length;
  }
}

function claimsInUse(exclusive: ReadonlySet<string>, snapshot: Snapshot): number {
  let count = 0;
  for (const key of exclusive) if (snapshot.isClaimUsed(key)) count++;
  return count;
}

/** Kept oddity: it is not asked whether the deleted pod ever had a node. */
function mayFreeVolume(pod: Pod, deleted: Pod): boolean {
  if (pod.metadata.namespace !== deleted.metadata.namespace) return false;
  if (disksConflict(pod, deleted)) return true;
  const theirs = new Set(claimKeysOf(deleted));
  return claimKeysOf(pod).some((key) => theirs.has(key));
}

function isExclusiveDisk(volume: Volume): boolean {
  return (
    volume.gcePersistentDisk !== undefined ||
    volume.awsElasticBlockStore !== undefined ||
    volume.iscsi !== undefined ||
    volume.rbd !== undefined
  );
}

export function disksConflict(a: Pod, b: Pod): boolean {
  return volumesOf(a).some(
    (volume) => isExclusiveDisk(volume) && volumesOf(b).some((other) => isSameDisk(volume, other)),
  );
}

interface Readable {
  readonly readOnly?: boolean;
}

/** Upstream: `isVolumeConflict`. */
function isSameDisk(a: Volume, b: Volume): boolean {
  const someoneWrites = (mine: Readable, theirs: Readable): boolean =>
    !(mine.readOnly === true && theirs.readOnly === true);
  const [gce, otherGce] = [a.gcePersistentDisk, b.gcePersistentDisk];
  if (gce !== undefined && otherGce !== undefined && gce.pdName === otherGce.pdName && someoneWrites(gce, otherGce)) {
    return true;
  }
  const [ebs, otherEbs] = [a.awsElasticBlockStore, b.awsElasticBlockStore];
  if (ebs !== undefined && otherEbs !== undefined && ebs.volumeID === otherEbs.volumeID) return true;
  const [iscsi, otherIscsi] = [a.iscsi, b.iscsi];
  if (
    iscsi !== undefined &&
    otherIscsi !== undefined &&
    iscsi.iqn === otherIscsi.iqn &&
    someoneWrites(iscsi, otherIscsi)
  ) {
    return true;
  }
  const [rbd, otherRbd] = [a.rbd, b.rbd];
  if (rbd === undefined || otherRbd === undefined) return false;
  return (
    rbd.monitors.some((monitor) => otherRbd.monitors.includes(monitor)) &&
    // The API server fills in the pool "rbd" where none is given.
    (rbd.pool ?? "") === (otherRbd.pool ?? "") &&
    rbd.image === otherRbd.image &&
    someoneWrites(rbd, otherRbd)
  );
}
