import type { DeviceTaint, ResourceClaim } from "#lib/kube/index.ts";
import { hasCapacityLeft } from "./capacity.ts";
import { candidatesIn, wantedOf, type RequestContext, type Wish } from "./requests.ts";
import { untoleratedDeviceTaint } from "./taints.ts";

/** Why a wish cannot have a device by itself, leaving aside what else the claim wants; the first that holds. */
export type DeviceState =
  | { readonly kind: "excluded" }
  | { readonly kind: "taken"; readonly holders: readonly ResourceClaim[] }
  | { readonly kind: "tainted"; readonly taint: DeviceTaint }
  | { readonly kind: "short" }
  | { readonly kind: "free" };

/** What a node has for one wish of a claim. */
export interface WishReport {
  readonly claim: ResourceClaim;
  /** `request`, or `request/alternative`. */
  readonly request: string;
  readonly isAlternative: boolean;
  readonly className: string;
  readonly count: number | "all";
  /** By the id of the device. */
  readonly devices: ReadonlyMap<string, DeviceState>;
}

/** @throws AllocationFailedError, NotJudgedError */
export function reportOf(claims: readonly ResourceClaim[], context: RequestContext): readonly WishReport[] {
  return claims.flatMap((claim) =>
    wantedOf(claim, context).requests.flatMap(({ alternatives }) =>
      alternatives.map((wish): WishReport => {
        const { name, fullName, all, count } = wish;
        return {
          claim,
          request: fullName,
          isAlternative: name.alternative !== undefined,
          className: wish.class.metadata.name ?? "",
          count: all === undefined ? count : "all",
          devices: statesFor(wish, context),
        };
      }),
    ),
  );
}

function statesFor(wish: Wish, { pools, allocated }: RequestContext): ReadonlyMap<string, DeviceState> {
  const states = new Map<string, DeviceState>();
  for (const candidate of pools.flatMap(candidatesIn)) {
    const { device } = candidate;
    const taint = untoleratedDeviceTaint(device, wish.wish.tolerations);
    const holders = allocated.holders(device.id);
    const state = (): DeviceState => {
      if (!wish.isSelectable(candidate)) return { kind: "excluded" };
      if (taint !== undefined) return { kind: "tainted", taint };
      if (!wish.isAdmin && allocated.isOwned(device.id)) return { kind: "taken", holders };
      if (hasCapacityLeft(wish.wanted, device, [allocated.consumed(device.id)])) return { kind: "free" };
      return holders.length === 0 ? { kind: "short" } : { kind: "taken", holders };
    };
    states.set(device.id, state());
  }
  return states;
}
