import type { DeviceTaint, ResourceClaim } from "#lib/kube/index.ts";
import { hasCapacityLeft } from "./capacity.ts";
import type { Device } from "./device.ts";
import { candidatesIn, wantedOf, type RequestContext, type Wish } from "./requests.ts";
import { untoleratedDeviceTaint } from "./taints.ts";

/** Why a wish cannot have a device by itself, leaving aside what else the claim wants; the first that holds. */
export type DeviceState =
  /** By the first expression that does not select it; absent where it is for another node. */
  | { readonly kind: "excluded"; readonly by: string | undefined }
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

function statesFor(wish: Wish, context: RequestContext): ReadonlyMap<string, DeviceState> {
  const { pools, allocated, selectors } = context;
  const states = new Map<string, DeviceState>();
  const excludedBy = (device: Device): string | undefined =>
    selectors.excluding(wish.class.spec?.selectors, device, "") ?? selectors.excluding(wish.wish.selectors, device, "");
  for (const candidate of pools.flatMap(candidatesIn)) {
    const { device } = candidate;
    const taint = untoleratedDeviceTaint(device, wish.wish.tolerations);
    const holders = allocated.holders(device.id);
    const state = (): DeviceState => {
      if (!wish.isSelectable(candidate)) return { kind: "excluded", by: excludedBy(device) };
      if (taint !== undefined) return { kind: "tainted", taint };
      if (!wish.isAdmin && allocated.isOwned(device.id)) return { kind: "taken", holders };
      if (hasCapacityLeft(wish.wanted, device, [allocated.consumed(device.id)])) return { kind: "free" };
      return holders.length === 0 ? { kind: "short" } : { kind: "taken", holders };
    };
    states.set(device.id, state());
  }
  return states;
}
