import { objectKey, type Pod, type ResourceClaim } from "#lib/kube/index.ts";
import { allocationOf, type DeviceAllocator, type PendingClaims } from "../devices/index.ts";
import type { Reservation } from "../framework.ts";
import type { NodeInfo } from "../node-info.ts";

export interface DeviceReservationOptions {
  readonly node: NodeInfo;
  readonly allocator: DeviceAllocator;
  readonly pending: PendingClaims;
}

/**
 * Devices for the claims that have none, and the pod's name on all of them. From here on nobody else is given these
 * devices, though the API does not know of it yet. Upstream: `DynamicResources.Reserve`, `bindClaim`.
 */
export function reserveDevices(
  pod: Pod,
  claims: readonly ResourceClaim[],
  { node, allocator, pending }: DeviceReservationOptions,
): Reservation | undefined {
  const wanted = claims.filter(({ status }) => status?.allocation === undefined);
  const found = node.node === undefined || wanted.length === 0 ? [] : allocator.allocate(node.node, wanted);
  if (found === undefined) throw new Error("claim allocation not found for node");
  const allocated = wanted.map((claim, index): ResourceClaim => {
    const allocation = allocationOf(found[index] ?? [], node.name, claim.metadata.uid ?? "");
    return { ...claim, status: { ...claim.status, allocation } };
  });
  const now = new Map(allocated.map((claim) => [objectKey(claim), claim] as const));
  const written = claims
    .filter((claim) => now.has(objectKey(claim)) || !isUsedBy(pod, claim))
    .map((claim) => usedBy(pod, now.get(objectKey(claim)) ?? claim));
  if (written.length === 0) return undefined;
  for (const claim of allocated) pending.add(claim);
  return {
    claims: written,
    release: () => {
      for (const claim of allocated) pending.removeIfPresent(claim);
    },
  };
}

function isUsedBy({ metadata }: Pod, { status }: ResourceClaim): boolean {
  return (status?.reservedFor ?? []).some(({ uid }) => uid === metadata.uid);
}

function usedBy({ metadata }: Pod, claim: ResourceClaim): ResourceClaim {
  const { name = "", uid = "" } = metadata;
  const reservedFor = [...(claim.status?.reservedFor ?? []), { resource: "pods", name, uid }];
  return { ...claim, status: { ...claim.status, reservedFor } };
}
