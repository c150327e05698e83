import { actionType, objectKey, semanticallyEqual, type Pod, type ResourceClaim } from "#lib/kube/index.ts";
import {
  claimsOfPod,
  classesByResource,
  extendedResourcesOf,
  missingClass,
  neededFromDevices,
  noSelectors,
  AllocatedState,
  DeviceAllocator,
  PendingClaims,
  Selectors,
  SliceIndex,
  type SelectorCompiler,
} from "../devices/index.ts";
import {
  failure,
  ready,
  refuse,
  skip,
  unresolvable,
  type GatingPlugin,
  type PreFilterPlugin,
  type ReservingPlugin,
} from "../framework.ts";
import { on } from "../hint.ts";
import { isSelf } from "../self.ts";
import type { Listers } from "../snapshot.ts";
import { deviceFilter } from "./device-filter.ts";
import { reserveDevices } from "./device-reservation.ts";

/**
 * Dynamic resource allocation: gates a pod whose claims are not there, and asks the allocator whether a node has the
 * devices that they want. Upstream: `plugins/dynamicresources`, with the feature gates of 1.36.
 */
export function dynamicResources(
  listers: Listers,
  compileSelector: SelectorCompiler = noSelectors,
): GatingPlugin & PreFilterPlugin & ReservingPlugin {
  const slices = new SliceIndex(listers.resourceSlices);
  const selectors = new Selectors(compileSelector);
  const pending = new PendingClaims(listers.resourceClaims);
  const allocated = latest(pending, (claims) => AllocatedState.of(claims.all()));
  const byResource = latest(listers.deviceClasses, classesByResource);
  const allocator = (): DeviceAllocator =>
    new DeviceAllocator({ slices, selectors, classes: listers.deviceClasses, allocated: allocated() });
  const claimsOf = (pod: Pod): readonly ResourceClaim[] | string => claimsOfPod(pod, listers.resourceClaims);
  return {
    name: "DynamicResources",
    preEnqueue: (pod) => {
      const claims = claimsOf(pod);
      return typeof claims === "string" ? { code: "unresolvable", reasons: [claims] } : undefined;
    },
    preFilter: (pod) => {
      const claims = claimsOf(pod);
      if (typeof claims === "string") return refuse(unresolvable(claims));
      const extended = extendedResourcesOf(pod, byResource(), listers.resourceClaims.all());
      if (claims.length === 0 && extended === undefined) return skip;
      for (const claim of claims) {
        if (claim.status?.allocation !== undefined) continue;
        if (pending.has(claim))
          return refuse(unresolvable(`resource claim ${objectKey(claim)} is in the process of being allocated`));
        const missing = missingClass(claim, (name) => listers.deviceClasses.get(name) !== undefined);
        if (missing === undefined) continue;
        return refuse(missing.code === "error" ? failure(missing.reason) : unresolvable(missing.reason));
      }
      return ready(deviceFilter(pod, { claims, extended, allocator: allocator() }));
    },
    reserve: (pod, node) => {
      const claims = claimsOf(pod);
      if (typeof claims === "string") throw new Error(claims);
      const extended = extendedResourcesOf(pod, byResource(), listers.resourceClaims.all());
      if (extended !== undefined && neededFromDevices(extended, node)?.length !== 0) {
        throw new Error("claims for extended resources are not made here");
      }
      return reserveDevices(pod, claims, { node, allocator: allocator(), pending });
    },
    eventsToRegister: () => {
      const { Add, Update, UpdateNodeAllocatable, UpdateNodeLabel, UpdatePodGeneratedResourceClaim } = actionType;
      return [
        on("Node", Add | UpdateNodeLabel | UpdateNodeAllocatable),
        on<ResourceClaim>("resource.k8s.io/ResourceClaim", Add | Update, (pod, old, updated) => {
          const claims = claimsOf(pod);
          if (updated === undefined || typeof claims === "string") return false;
          // Devices that somebody gave back may be what this pod needs.
          if (old?.status?.allocation !== undefined && updated.status?.allocation === undefined) return true;
          if (!claims.some(({ metadata }) => metadata.uid === updated.metadata.uid)) return false;
          return old === undefined || !semanticallyEqual(old.status, updated.status);
        }),
        on<Pod>(
          "Pod",
          UpdatePodGeneratedResourceClaim,
          (pod, old, updated) =>
            updated !== undefined && isSelf(pod, old, updated) && typeof claimsOf(updated) !== "string",
        ),
        on("resource.k8s.io/DeviceClass", Add | Update),
        on("resource.k8s.io/ResourceSlice", Add | Update),
      ];
    },
  };
}

/** The answer for what is known now, worked out once for each change. */
function latest<L extends { readonly version: number }, V>(lister: L, workOut: (lister: L) => V): () => V {
  let known: { readonly version: number; readonly value: V } | undefined;
  return () => {
    const { version } = lister;
    if (known?.version !== version) known = { version, value: workOut(lister) };
    return known.value;
  };
}
