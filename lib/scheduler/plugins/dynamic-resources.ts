import {
  actionType,
  keyOf,
  podRequests,
  semanticallyEqual,
  type DeviceClass,
  type Pod,
  type ResourceClaim,
} from "#lib/kube/index.ts";
import { failure, ready, refuse, skip, unresolvable, type GatingPlugin, type PreFilterPlugin } from "../framework.ts";
import { on } from "../hint.ts";
import { isSelf } from "../self.ts";
import type { Listers } from "../snapshot.ts";

/**
 * Dynamic resource allocation as far as it can be told without allocating devices: gating while claims are missing,
 * and every registration. A pod that needs devices is not judged but said to be beyond judging.
 * Upstream: `plugins/dynamicresources`.
 */
export function dynamicResources(listers: Listers): GatingPlugin & PreFilterPlugin {
  const claimsOf = (pod: Pod): readonly ResourceClaim[] | string => resolveClaims(pod, listers);
  return {
    name: "DynamicResources",
    preEnqueue: (pod) => {
      const claims = claimsOf(pod);
      return typeof claims === "string" ? { code: "unresolvable", reasons: [claims] } : undefined;
    },
    preFilter: (pod) => {
      const claims = claimsOf(pod);
      if (typeof claims === "string") return refuse(unresolvable(claims));
      if (claims.length === 0 && !wantsDevices(pod, listers)) return skip;
      return ready({ filter: () => failure("allocating devices is not modelled") });
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

/** The pod's claims, or what keeps one of them from being used. Upstream: `foreachPodResourceClaim`. */
function resolveClaims(pod: Pod, listers: Listers): readonly ResourceClaim[] | string {
  const claims: ResourceClaim[] = [];
  const { namespace = "", name: podName = "" } = pod.metadata;
  for (const { name, resourceClaimName, resourceClaimTemplateName } of pod.spec?.resourceClaims ?? []) {
    const generated = pod.status?.resourceClaimStatuses?.find((status) => status.name === name);
    if (resourceClaimName === undefined && resourceClaimTemplateName !== undefined && generated === undefined) {
      return `pod "${namespace}/${podName}": ResourceClaim not created yet`;
    }
    // A claim that turned out not to be needed has a status without a name.
    const claimName = resourceClaimName ?? generated?.resourceClaimName;
    if (claimName === undefined) continue;
    const claim = listers.resourceClaims.get(keyOf(namespace, claimName));
    if (claim === undefined) return `could not find ResourceClaim "${namespace}/${claimName}"`;
    if (claim.metadata.deletionTimestamp !== undefined) return `resourceclaim "${claimName}" is being deleted`;
    if (resourceClaimName === undefined && !isOwner(pod, claim)) {
      return `ResourceClaim ${namespace}/${claimName} was not created for pod ${namespace}/${podName} (pod is not owner)`;
    }
    claims.push(claim);
  }
  return claims;
}

function isOwner(pod: Pod, { metadata }: ResourceClaim): boolean {
  return (metadata.ownerReferences ?? []).some(
    ({ controller, uid }) => controller === true && uid === pod.metadata.uid,
  );
}

/** Some extended resource that the pod requests comes from a DeviceClass. */
function wantsDevices(pod: Pod, { deviceClasses }: Listers): boolean {
  const requests = podRequests(pod, { useStatus: false });
  for (const deviceClass of deviceClasses.all()) {
    if (namesOf(deviceClass).some((name) => (requests.get(name) ?? 0n) > 0n)) return true;
  }
  return false;
}

/** Extended resources that a class stands for: the one it names, and one made of its own name. */
export function namesOf({ metadata, spec }: DeviceClass): readonly string[] {
  const implicit = `deviceclass.resource.kubernetes.io/${metadata.name ?? ""}`;
  const explicit = spec?.extendedResourceName ?? "";
  return explicit === "" ? [implicit] : [implicit, explicit];
}
