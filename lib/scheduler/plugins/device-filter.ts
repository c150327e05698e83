import { parseNodeSelector, type NodeMatcher, type Pod, type ResourceClaim } from "#lib/kube/index.ts";
import {
  AllocationFailedError,
  AllocationFailedOnNodeError,
  bindingState,
  claimFor,
  deviceRequests,
  neededFromDevices,
  NotJudgedError,
  type DeviceAllocator,
  type ExtendedResources,
  type WishReport,
} from "../devices/index.ts";
import { failure, unresolvable, type NodeFilter, type Status } from "../framework.ts";
import type { NodeInfo } from "../node-info.ts";

const cannotAllocate = unresolvable("cannot allocate all claims");
const cannotFit = unresolvable("cannot fit resource");
const isLeftOver = unresolvable("cannot schedule extended resource claim");
/** Somewhere else, or not to be bound. */
const notAvailable = unresolvable("resourceclaim not available on the node");

export interface DeviceFilterOptions {
  readonly claims: readonly ResourceClaim[];
  readonly extended: ExtendedResources | undefined;
  readonly allocator: DeviceAllocator;
}

/** Also says what stands behind its answers, and what they would be if somebody gave devices back. */
export interface DeviceFilter extends NodeFilter {
  /** What the node has for each wish of the claims that are still to be allocated. */
  report(node: NodeInfo): readonly WishReport[];
  releasing(claims: ReadonlySet<ResourceClaim>): DeviceFilter;
}

export function isDeviceFilter(filter: NodeFilter | undefined): filter is DeviceFilter {
  return filter !== undefined && "releasing" in filter;
}

/** What a pod's claims need of a node. Upstream: `DynamicResources.Filter`, `PostFilter`. */
export function deviceFilter(pod: Pod, options: DeviceFilterOptions): DeviceFilter {
  const { claims, extended, allocator } = options;
  const allocated = claims.filter(({ status }) => status?.allocation !== undefined);
  const wanted = claims.filter(({ status }) => status?.allocation === undefined);
  const places = new Map(allocated.map((claim) => [claim, placeOf(claim)] as const));
  const unavailableOn = (node: NodeInfo): readonly ResourceClaim[] =>
    allocated.filter((claim) => !isAvailable(claim, places.get(claim), node));
  return {
    filter: (node) => {
      const { node: object } = node;
      const requested = extended === undefined ? [] : extendedClaims(pod, claims, { extended, node });
      if ("code" in requested) return requested;
      const toAllocate = [...wanted, ...requested];
      if (object === undefined || (claims.length === 0 && toAllocate.length === 0)) return undefined;
      return refusalOf(() => {
        const isAvailable = unavailableOn(node).length === 0;
        if (toAllocate.length > 0 && allocator.allocate(object, toAllocate) === undefined) return cannotAllocate;
        return isAvailable ? undefined : notAvailable;
      });
    },
    report: (node) => {
      const requested = extended === undefined ? [] : extendedClaims(pod, claims, { extended, node });
      if (node.node === undefined || "code" in requested) return [];
      return allocator.report(node.node, [...wanted, ...requested]);
    },
    releasing: (released) => deviceFilter(pod, { ...options, allocator: allocator.releasing(released) }),
    postFilter: (rejecting) => {
      const isHeldByNobodyElse = ({ status }: ResourceClaim): boolean =>
        (status?.reservedFor ?? []).every(({ uid }) => uid === pod.metadata.uid) &&
        (status?.reservedFor ?? []).length <= 1;
      const unavailable = rejecting
        .filter(({ status }) => status.reasons.includes(notAvailable.reasons[0] ?? ""))
        .flatMap(({ node }) => unavailableOn(node));
      if (unavailable.some(isHeldByNobodyElse)) return "deallocation of ResourceClaim completed";
      return extended?.leftOver === undefined ? "still not schedulable" : "deletion of ResourceClaim completed";
    },
  };
}

/** `undefined`: on every node. */
function placeOf({ status }: ResourceClaim): NodeMatcher | undefined {
  const selector = status?.allocation?.nodeSelector;
  return selector === undefined ? undefined : parseNodeSelector(selector);
}

/** @throws NotJudgedError */
function isAvailable(claim: ResourceClaim, place: NodeMatcher | undefined, { node }: NodeInfo): boolean {
  if (node === undefined || (place !== undefined && place.match(node).kind !== "match")) return false;
  const state = bindingState(claim);
  if (state === "waiting" && claim.status?.allocation?.allocationTimestamp !== undefined) {
    throw new NotJudgedError(`whether claim ${claim.metadata.name ?? ""} becomes ready to be bound in time`);
  }
  return state !== "failed";
}

/** The claim that stands for extended resources which devices have to serve here; none if the node serves all of them. */
function extendedClaims(
  pod: Pod,
  claims: readonly ResourceClaim[],
  { extended, node }: { readonly extended: ExtendedResources; readonly node: NodeInfo },
): readonly ResourceClaim[] | Status {
  if (extended.leftOver !== undefined) return isLeftOver;
  const needed = neededFromDevices(extended, node);
  if (needed === undefined) return cannotFit;
  if (needed.length === 0 && claims.length === 0) return [];
  return [claimFor(pod, deviceRequests(pod, needed, extended.classes))];
}

function refusalOf(judge: () => Status | undefined): Status | undefined {
  try {
    return judge();
  } catch (error) {
    if (error instanceof AllocationFailedOnNodeError) return unresolvable(error.message);
    if (error instanceof AllocationFailedError || error instanceof NotJudgedError) return failure(error.message);
    throw error;
  }
}
