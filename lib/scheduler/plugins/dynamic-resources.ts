import { actionType, keyOf, podRequests, semanticallyEqual, type Pod, type ResourceClaim } from "#lib/kube/index.ts";
import { resourceNamesOf } from "../device-classes.ts";
import { failure, ready, refuse, skip, unresolvable, type GatingPlugin, type PreFilterPlugin } from "../framework.ts";
import { on } from "../hint.ts";
import { isSelf } from "../self.ts";
import type { Listers } from "../snapshot.ts";

const cannotAllocate = unresolvable("cannot allocate all claims");
const unknown = failure("allocating devices is not modelled");

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
      const wanted = providedResources(pod, listers);
      if (claims.length === 0 && wanted.length === 0) return skip;
      const missing = claims.flatMap((claim) => missingClasses(claim, listers))[0];
      if (missing !== undefined) return refuse(unresolvable(missing));
      const needsDevices = claims.some(({ status }) => status?.allocation === undefined);
      return ready({
        filter: ({ allocatable }) => {
          const isOffered = (name: string): boolean => (allocatable.scalars.get(name) ?? 0) > 0;
          if (!needsDevices && wanted.every(isOffered)) return claims.length === 0 ? undefined : unknown;
          // Without any slice there are no devices, whatever the claims ask for.
          return isEmpty(listers.resourceSlices.all()) ? cannotAllocate : unknown;
        },
      });
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
      return `ResourceClaim ${namespace}/${claimName} was not created for Pod ${namespace}/${podName} (Pod is not owner)`;
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

/** Extended resources that the pod requests and a DeviceClass provides. */
function providedResources(pod: Pod, { deviceClasses }: Listers): readonly string[] {
  const requests = podRequests(pod, { useStatus: false });
  const provided = [...deviceClasses.all()].flatMap(resourceNamesOf);
  return provided.filter((name) => (requests.get(name) ?? 0n) > 0n);
}

/** Classes that an unallocated claim asks for and that are not there, in words. */
function missingClasses({ spec, status }: ResourceClaim, { deviceClasses }: Listers): readonly string[] {
  if (status?.allocation !== undefined) return [];
  return (spec?.devices?.requests ?? []).flatMap(({ name, exactly }) => {
    const wanted = exactly?.deviceClassName;
    if (wanted === undefined || deviceClasses.get(wanted) !== undefined) return [];
    return [`request ${name}: device class ${wanted} does not exist`];
  });
}

function isEmpty(objects: Iterable<unknown>): boolean {
  for (const _ of objects) return false;
  return true;
}
