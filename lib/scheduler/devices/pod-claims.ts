import { keyOf, type Pod, type ResourceClaim } from "#lib/kube/index.ts";
import type { Lister } from "../snapshot.ts";

/** The pod's claims, or what keeps one of them from being used. Upstream: `foreachPodResourceClaim`. */
export function claimsOfPod(pod: Pod, lister: Lister<ResourceClaim>): readonly ResourceClaim[] | string {
  const claims: ResourceClaim[] = [];
  const { namespace = "", name: podName = "" } = pod.metadata;
  for (const { name, resourceClaimName, resourceClaimTemplateName } of pod.spec?.resourceClaims ?? []) {
    const generated = pod.status?.resourceClaimStatuses?.find((status) => status.name === name);
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined) {
      return `pod "${namespace}/${podName}", spec.resourceClaim "${name}": none of the supported fields are set`;
    }
    if (resourceClaimName === undefined && generated === undefined) {
      return `pod "${namespace}/${podName}": ResourceClaim not created yet`;
    }
    // A claim that turned out not to be needed has a status without a name.
    const claimName = resourceClaimName ?? generated?.resourceClaimName;
    if (claimName === undefined) continue;
    const claim = lister.get(keyOf(namespace, claimName));
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

/** What of an unallocated claim nobody can serve, in words. Upstream: `validateDeviceClass`. */
export function missingClass(
  { metadata, spec }: ResourceClaim,
  hasClass: (name: string) => boolean,
): { readonly code: "unresolvable" | "error"; readonly reason: string } | undefined {
  for (const { name, exactly, firstAvailable = [] } of spec?.devices?.requests ?? []) {
    const wishes =
      exactly === undefined
        ? firstAvailable.map((each) => [`${name}/${each.name}`, each] as const)
        : [[name, exactly] as const];
    if (wishes.length === 0) {
      const reason = `resource claim ${metadata.namespace ?? ""}/${metadata.name ?? ""}, request ${name}: unknown request type`;
      return { code: "unresolvable", reason };
    }
    for (const [request, { deviceClassName = "" }] of wishes) {
      if (deviceClassName === "") return { code: "error", reason: `request ${request}: unsupported request type` };
      if (hasClass(deviceClassName)) continue;
      return { code: "unresolvable", reason: `request ${request}: device class ${deviceClassName} does not exist` };
    }
  }
  return undefined;
}
