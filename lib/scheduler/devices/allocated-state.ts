import { parseQuantity, type Quantity, type ResourceClaim } from "#lib/kube/index.ts";
import { deviceId, type Amounts } from "./device.ts";

/** Which devices somebody has, by what the claims say. Upstream: `GatherAllocatedState`. */
export class AllocatedState {
  readonly #owned = new Map<string, ResourceClaim>();
  readonly #shared = new Map<string, ResourceClaim[]>();
  readonly #consumed = new Map<string, Map<string, Quantity>>();

  readonly #claims: readonly ResourceClaim[];

  constructor(claims: Iterable<ResourceClaim>) {
    this.#claims = [...claims].filter(({ status }) => status?.allocation !== undefined);
    for (const claim of this.#claims) this.#add(claim);
  }

  /** The same as if these had no devices. */
  without(claims: ReadonlySet<ResourceClaim>): AllocatedState {
    return new AllocatedState(this.#claims.filter((claim) => !claims.has(claim)));
  }

  /** Somebody has it for himself. */
  isOwned(id: string): boolean {
    return this.#owned.has(id);
  }

  /** Somebody has it, or a share of it. */
  isAllocated(id: string): boolean {
    return this.#owned.has(id) || this.#shared.has(id);
  }

  /** Shares that say how much they take; `undefined` where there is none. */
  consumed(id: string): Amounts | undefined {
    return this.#consumed.get(id);
  }

  /** Who has it or a share of it. */
  holders(id: string): readonly ResourceClaim[] {
    const owner = this.#owned.get(id);
    return owner === undefined ? (this.#shared.get(id) ?? []) : [owner];
  }

  #add(claim: ResourceClaim): void {
    for (const result of claim.status?.allocation?.devices?.results ?? []) {
      // Whoever has a device for administration takes it from nobody.
      if (result.adminAccess === true) continue;
      const id = deviceId(result);
      if (result.shareID === undefined) this.#owned.set(id, claim);
      else {
        this.#shared.set(id, [...(this.#shared.get(id) ?? []), claim]);
        if (result.consumedCapacity !== undefined) this.#consume(id, result.consumedCapacity);
      }
    }
  }

  #consume(id: string, capacity: Readonly<Record<string, string>>): void {
    const consumed = this.#consumed.get(id) ?? new Map<string, Quantity>();
    for (const [name, text] of Object.entries(capacity)) {
      consumed.set(name, (consumed.get(name) ?? 0n) + parseQuantity(text));
    }
    this.#consumed.set(id, consumed);
  }
}
