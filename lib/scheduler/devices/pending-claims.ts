import type { ResourceClaim } from "#lib/kube/index.ts";
import type { Lister } from "../snapshot.ts";

/**
 * Claims that have devices ahead of the API: of pods that are about to be bound. Upstream: `claimTracker`.
 */
export class PendingClaims {
  readonly #known: Lister<ResourceClaim>;
  readonly #pending = new Map<string, ResourceClaim>();
  #version = 0;

  constructor(known: Lister<ResourceClaim>) {
    this.#known = known;
  }

  /** Grows with every change, those that the API tells of included. */
  get version(): number {
    return this.#known.version + this.#version;
  }

  has({ metadata }: ResourceClaim): boolean {
    return this.#pending.has(metadata.uid ?? "");
  }

  /** Every claim, as it is or is about to be. */
  *all(): IterableIterator<ResourceClaim> {
    for (const claim of this.#known.all()) {
      const isKnown = claim.status?.allocation !== undefined;
      yield isKnown ? claim : (this.#pending.get(claim.metadata.uid ?? "") ?? claim);
    }
  }

  add(claim: ResourceClaim): void {
    this.#version++;
    this.#pending.set(claim.metadata.uid ?? "", claim);
  }

  removeIfPresent({ metadata }: ResourceClaim): void {
    if (this.#pending.delete(metadata.uid ?? "")) this.#version++;
  }
}
