import {
  actionType,
  keyOf,
  labelValue,
  semanticallyEqual,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type StorageClass,
} from "#lib/kube/index.ts";
import { claimOf, storageClassName, waitsForFirstConsumer } from "../claims.ts";
import { ready, refuse, skip, unresolvable, type PreFilterPlugin, type Status } from "../framework.ts";
import { on } from "../hint.ts";
import type { NodeInfo } from "../node-info.ts";
import { claimKeysOf, volumesOf } from "../pod-volumes.ts";
import type { Listers } from "../snapshot.ts";
import { claimNotFound } from "./volume-restrictions.ts";

const rejection = unresolvable("node(s) had no available volume zone");

/** Beta keys with the key that took their place. */
const generalKeys: ReadonlyMap<string, string> = new Map([
  ["failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"],
  ["failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"],
]);
const topologyKeys: readonly string[] = [...generalKeys.keys(), ...generalKeys.values()];

interface VolumeTopology {
  readonly key: string;
  readonly values: readonly string[];
}

/** Keeps pods in the zone and region that their volumes are labelled with. Upstream: `plugins/volumezone`. */
export function volumeZone(listers: Listers): PreFilterPlugin {
  return {
    name: "VolumeZone",
    preFilter: (pod) => {
      const topologies = topologiesOfPod(pod, listers);
      if ("code" in topologies) return refuse(topologies);
      return topologies.length === 0 ? skip : ready({ filter: (node) => judge(topologies, node) });
    },
    eventsToRegister: () => [
      on<StorageClass>("storage.k8s.io/StorageClass", actionType.Add, (_pod, _old, added) =>
        waitsForFirstConsumer(added),
      ),
      on("Node", actionType.Add | actionType.UpdateNodeLabel),
      on<PersistentVolumeClaim>(
        "PersistentVolumeClaim",
        actionType.Add | actionType.Update,
        (pod, _old, claim) =>
          claim !== undefined && claimKeysOf(pod).includes(keyOf(claim.metadata.namespace, claim.metadata.name ?? "")),
      ),
      on<PersistentVolume>(
        "PersistentVolume",
        actionType.Add | actionType.Update,
        (_pod, old, updated) =>
          old === undefined || updated === undefined || !semanticallyEqual(topologiesOf(old), topologiesOf(updated)),
      ),
    ],
  };
}

/** Upstream: `getPVbyPod`. */
function topologiesOfPod(pod: Pod, listers: Listers): readonly VolumeTopology[] | Status {
  const topologies: VolumeTopology[] = [];
  for (const { persistentVolumeClaim: source } of volumesOf(pod)) {
    if (source === undefined) continue;
    const claim = claimOf(pod, source.claimName, listers);
    if (claim === undefined) return claimNotFound(source.claimName);
    const volumeName = claim.spec?.volumeName ?? "";
    if (volumeName === "") {
      const problem = whyUnbound(claim, listers);
      if (problem !== undefined) return problem;
      continue;
    }
    const volume = listers.persistentVolumes.get(volumeName);
    if (volume === undefined) return unresolvable(`persistentvolume "${volumeName}" not found`);
    topologies.push(...topologiesOf(volume));
  }
  return topologies;
}

/** A claim may be unbound as long as it waits for a pod. */
function whyUnbound(claim: PersistentVolumeClaim, listers: Listers): Status | undefined {
  const className = storageClassName(claim);
  if (className === "") return unresolvable("PersistentVolumeClaim had no pv name and storageClass name");
  const storageClass = listers.storageClasses.get(className);
  if (storageClass === undefined) return unresolvable(`storageclass.storage.k8s.io "${className}" not found`);
  if ((storageClass.volumeBindingMode ?? "") === "") {
    return unresolvable(`VolumeBindingMode not set for StorageClass "${className}"`);
  }
  return waitsForFirstConsumer(storageClass) ? undefined : unresolvable("PersistentVolume had no name");
}

function topologiesOf({ metadata }: PersistentVolume): VolumeTopology[] {
  return topologyKeys.flatMap((key) => {
    const values = zonesOf(labelValue(metadata.labels, key));
    return values === undefined ? [] : [{ key, values }];
  });
}

/** `a__b` is a set of two. One with an empty member is ignored as a whole. Upstream: `volumehelpers.LabelZonesToSet`. */
function zonesOf(label: string | undefined): readonly string[] | undefined {
  const zones = label?.split("__").map((zone) => zone.trim());
  return zones?.includes("") === true ? undefined : zones?.sort();
}

/** A node that says nothing about zones takes everything. */
function judge(topologies: readonly VolumeTopology[], node: NodeInfo): Status | undefined {
  if (topologyKeys.every((key) => node.label(key) === undefined)) return undefined;
  const isMet = ({ key, values }: VolumeTopology): boolean => {
    const value = node.label(key) ?? node.label(generalKeys.get(key) ?? key);
    return value !== undefined && values.includes(value);
  };
  return topologies.every(isMet) ? undefined : rejection;
}
