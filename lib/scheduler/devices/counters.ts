import type { Quantity } from "#lib/kube/index.ts";
import type { AllocatedState } from "./allocated-state.ts";
import type { Amounts, Device } from "./device.ts";
import type { Pool } from "./pools.ts";

type ReadyPool = Extract<Pool, { readonly state: "ready" }>;
type Counters = Map<string, Map<string, Quantity>>;

/**
 * What is left of a pool's counters while nobody new takes any.
 *
 * Kept oddity: they are remembered by the name of the pool alone, so that of two drivers with a pool of one name the
 * first that is asked stands for both.
 */
export class AvailableCounters {
  readonly #allocated: AllocatedState;
  readonly #byPool = new Map<string, ReadonlyMap<string, Amounts>>();

  constructor(allocated: AllocatedState) {
    this.#allocated = allocated;
  }

  of(pool: ReadyPool): ReadonlyMap<string, Amounts> {
    let available = this.#byPool.get(pool.name);
    if (available === undefined) {
      available = this.#count(pool);
      this.#byPool.set(pool.name, available);
    }
    return available;
  }

  #count({ slices, elsewhere, counterSets }: ReadyPool): ReadonlyMap<string, Amounts> {
    const left: Counters = new Map([...counterSets].map(([name, counters]) => [name, new Map(counters)]));
    for (const { devices } of [...slices, ...elsewhere]) {
      for (const device of devices) if (this.#allocated.isAllocated(device.id)) subtract(left, device);
    }
    return left;
  }
}

function subtract(left: Counters, { consumes }: Device): void {
  for (const [set, counters] of consumes) {
    const own = left.get(set);
    for (const [name, amount] of counters) {
      const before = own?.get(name);
      if (before !== undefined) own?.set(name, before - amount);
    }
  }
}

/** What one search has set aside. Upstream: `checkAvailableCounters`. */
export class CountersInUse {
  readonly #available: AvailableCounters;
  readonly #byPool = new Map<string, Counters>();

  constructor(available: AvailableCounters) {
    this.#available = available;
  }

  /** Sets aside what the device uses; takes nothing if any counter of the pool would not suffice. */
  take(device: Device, pool: ReadyPool): boolean {
    const available = this.#available.of(pool);
    this.#change(device, pool, 1n);
    const used = this.#byPool.get(pool.name);
    for (const [set, counters] of available) {
      for (const [name, amount] of counters) {
        if (amount >= (used?.get(set)?.get(name) ?? 0n)) continue;
        this.giveBack(device, pool);
        return false;
      }
    }
    return true;
  }

  giveBack(device: Device, pool: ReadyPool): void {
    this.#change(device, pool, -1n);
  }

  #change({ consumes }: Device, { name: pool }: ReadyPool, times: 1n | -1n): void {
    let used = this.#byPool.get(pool);
    if (used === undefined) this.#byPool.set(pool, (used = new Map()));
    for (const [set, counters] of consumes) {
      let own = used.get(set);
      if (own === undefined) used.set(set, (own = new Map()));
      for (const [name, amount] of counters) own.set(name, (own.get(name) ?? 0n) + times * amount);
    }
  }
}
