import {
  semanticallyEqual,
  type AllocationResult,
  type DeviceRequestAllocationResult,
  type NodeSelector,
  type NodeSelectorTerm,
  type Quantity,
} from "#lib/kube/index.ts";
import type { Amounts } from "./device.ts";
import type { FoundDevice } from "./search.ts";

/** What the claim says once it has its devices. Upstream: `Allocate`, `createNodeSelector`. */
export function allocationOf(found: readonly FoundDevice[], node: string, claimUid: string): AllocationResult {
  const nodeSelector = placeOf(found, node);
  return {
    devices: { results: found.map((each, index) => resultOf(each, `${claimUid}-${index}`)) },
    ...(nodeSelector !== undefined && { nodeSelector }),
  };
}

/** @param shareId of a share: one for each, where upstream rolls dice */
function resultOf({ wish, candidate, consumed }: FoundDevice, shareId: string): DeviceRequestAllocationResult {
  const { device, pool } = candidate;
  const { bindingConditions, bindingFailureConditions, name } = device.spec;
  return {
    request: wish.fullName,
    driver: device.driver,
    pool: pool.name,
    device: name,
    ...(wish.isAdmin && { adminAccess: true }),
    ...(consumed !== undefined && { shareID: shareId, consumedCapacity: textsOf(consumed) }),
    ...(bindingConditions !== undefined && { bindingConditions }),
    ...(bindingFailureConditions !== undefined && { bindingFailureConditions }),
  };
}

const unit = 1_000_000_000n;

function textsOf(amounts: Amounts): Readonly<Record<string, string>> {
  const text = (amount: Quantity): string => (amount % unit === 0n ? String(amount / unit) : `${amount}n`);
  return Object.fromEntries([...amounts].map(([name, amount]) => [name, text(amount)]));
}

/** Where all of them can be used; `undefined`: everywhere. */
function placeOf(found: readonly FoundDevice[], node: string): NodeSelector | undefined {
  const matchFields: NonNullable<NodeSelectorTerm["matchFields"]>[number][] = [];
  const matchExpressions: NonNullable<NodeSelectorTerm["matchExpressions"]>[number][] = [];
  for (const { candidate } of found) {
    const { device, slice } = candidate;
    const place = slice.spec.perDeviceNodeSelection === true ? device.spec : slice.spec;
    if (place.nodeName !== undefined || device.spec.bindsToNode === true) {
      return { nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: [node] }] }] };
    }
    const [term] = place.nodeSelector?.nodeSelectorTerms ?? [];
    for (const each of term?.matchFields ?? []) addNew(matchFields, each);
    for (const each of term?.matchExpressions ?? []) addNew(matchExpressions, each);
  }
  if (matchFields.length === 0 && matchExpressions.length === 0) return undefined;
  const term = {
    ...(matchFields.length > 0 && { matchFields }),
    ...(matchExpressions.length > 0 && { matchExpressions }),
  };
  return { nodeSelectorTerms: [term] };
}

function addNew<T>(list: T[], item: T): void {
  if (!list.some((each) => semanticallyEqual(each, item))) list.push(item);
}
