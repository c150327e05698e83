import type { Clock } from "#lib/clock/index.ts";
import { Owner } from "#lib/informer/index.ts";
import { RefusedError } from "#server/hub/clusters.ts";

/**
 * Who adds registrations, by name. An owner that was released is done: what it left is leaked and stays its own, and
 * whoever comes later under that name is another owner.
 */
export class Owners {
  readonly #clock: Clock;
  readonly #current = new Map<string, Owner>();
  readonly #numbers = new Map<Owner, number>();
  #lastNumber = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(name: string): Owner {
    const known = this.#current.get(name);
    if (known !== undefined) return known;
    const owner = new Owner(name, this.#clock);
    this.#current.set(name, owner);
    this.#numbers.set(owner, ++this.#lastNumber);
    return owner;
  }

  /** How many registrations it left. @throws RefusedError for a name that nobody goes by */
  release(name: string): number {
    const owner = this.#current.get(name);
    if (owner === undefined) throw new RefusedError(404, "no-such-owner", `nobody registers as ${name} now`);
    owner.release();
    this.#current.delete(name);
    return owner.registrations;
  }

  /** Those who have a registration, with a number that is never reused. Forgets who is gone for good. */
  present(): readonly (readonly [number, Owner])[] {
    for (const owner of this.#numbers.keys()) {
      if (owner.isReleased && owner.registrations === 0) this.#numbers.delete(owner);
    }
    return [...this.#numbers]
      .filter(([{ registrations }]) => registrations > 0)
      .map(([owner, number]) => [number, owner]);
  }
}
