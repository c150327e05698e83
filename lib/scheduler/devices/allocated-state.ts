import { parseQuantity, type Quantity, type ResourceClaim } from "#lib/kube/index.ts";
import { deviceId, type Amounts } from "./device.ts";

/** A part of a device that several have. */
interface Share {
  readonly claim: ResourceClaim;
  /** Absent where it does not say how much it takes. */
  readonly amounts: Amounts | undefined;
}

const nobody: ReadonlySet<ResourceClaim> = new Set();

/** Which devices somebody has, by what the claims say. Upstream: `GatherAllocatedState`. */
export class AllocatedState {
  readonly #owned: ReadonlyMap<string, ResourceClaim>;
  readonly #shared: ReadonlyMap<string, readonly Share[]>;
  readonly #without: ReadonlySet<ResourceClaim>;

  private constructor(
    owned: ReadonlyMap<string, ResourceClaim>,
    shared: ReadonlyMap<string, readonly Share[]>,
    without: ReadonlySet<ResourceClaim>,
  ) {
    this.#owned = owned;
    this.#shared = shared;
    this.#without = without;
  }

  static of(claims: Iterable<ResourceClaim>): AllocatedState {
    const owned = new Map<string, ResourceClaim>();
    const shared = new Map<string, Share[]>();
    for (const claim of claims) {
      for (const result of claim.status?.allocation?.devices?.results ?? []) {
        // Whoever has a device for administration takes it from nobody.
        if (result.adminAccess === true) continue;
        const id = deviceId(result);
        if (result.shareID === undefined) {
          owned.set(id, claim);
          continue;
        }
        const shares = shared.get(id) ?? [];
        shared.set(id, shares);
        shares.push({ claim, amounts: result.consumedCapacity && amountsOf(result.consumedCapacity) });
      }
    }
    return new AllocatedState(owned, shared, nobody);
  }

  /** The same if these had no devices. */
  without(claims: ReadonlySet<ResourceClaim>): AllocatedState {
    return new AllocatedState(this.#owned, this.#shared, claims);
  }

  /** Somebody has it for himself. */
  isOwned(id: string): boolean {
    return this.#owner(id) !== undefined;
  }

  /** Somebody has it, or a share of it. */
  isAllocated(id: string): boolean {
    return this.isOwned(id) || this.#shares(id).length > 0;
  }

  /** By shares that say how much they take; `undefined` where there is none. */
  consumed(id: string): Amounts | undefined {
    let sum: Map<string, Quantity> | undefined;
    for (const { amounts } of this.#shares(id)) {
      if (amounts === undefined) continue;
      sum ??= new Map();
      for (const [name, amount] of amounts) sum.set(name, (sum.get(name) ?? 0n) + amount);
    }
    return sum;
  }

  /** Who has it or a share of it. */
  holders(id: string): readonly ResourceClaim[] {
    const owner = this.#owner(id);
    return owner === undefined ? this.#shares(id).map(({ claim }) => claim) : [owner];
  }

  #owner(id: string): ResourceClaim | undefined {
    const owner = this.#owned.get(id);
    return owner === undefined || this.#without.has(owner) ? undefined : owner;
  }

  #shares(id: string): readonly Share[] {
    const shares = this.#shared.get(id) ?? [];
    return this.#without.size === 0 ? shares : shares.filter(({ claim }) => !this.#without.has(claim));
  }
}

function amountsOf(capacity: Readonly<Record<string, string>>): Amounts {
  return new Map(Object.entries(capacity).map(([name, text]) => [name, parseQuantity(text)]));
}
