import type { Device, Slice, Amounts } from "./device.ts";

/** All slices of one driver and pool that count, as one node sees them. */
export type Pool = { readonly id: string; readonly driver: string; readonly name: string } & (
  | { readonly state: "incomplete" | "invalid" }
  | {
      readonly state: "ready";
      /** With devices for the node, by name. */
      readonly slices: readonly Slice[];
      /** The rest of the pool: its devices use the same counters. */
      readonly elsewhere: readonly Slice[];
      readonly counterSets: ReadonlyMap<string, Amounts>;
    }
);

/**
 * What a pool is for a node: the newest generation counts, and only if all its slices are there.
 * Upstream: `GatherPools`.
 *
 * @param relevant slices for the node, of one pool and of several generations
 * @param all of the pool, whichever nodes they are for
 * @returns `undefined` while a newer generation takes its place
 */
export function poolOf(relevant: readonly Slice[], all: readonly Slice[]): Pool | undefined {
  const newest = Math.max(...relevant.map(({ generation }) => generation));
  const current = relevant.filter(({ generation }) => generation === newest).sort(byName);
  const [first] = current;
  if (first === undefined) return undefined;
  const { driver, pool } = first.spec;
  const base = { id: `${driver}/${pool.name}`, driver, name: pool.name };
  let elsewhere: readonly Slice[] = [];
  if (current.length !== pool.resourceSliceCount) {
    if (all.some(({ generation }) => generation > newest)) return undefined;
    const others = all.filter(({ generation }) => generation === newest);
    if (others.length !== pool.resourceSliceCount) return { ...base, state: "incomplete" };
    const known = new Set(current.map(({ name }) => name));
    elsewhere = others.filter(({ name }) => !known.has(name));
  }
  const slices = current.filter(({ counterSets }) => counterSets.length === 0);
  const counterSets = countersIn(current);
  const isValid =
    counterSets !== undefined &&
    areNamesUnique(slices) &&
    areCountersKnown(current, counterSets) &&
    areCountersKnown(elsewhere, counterSets);
  return isValid ? { ...base, state: "ready", slices, elsewhere, counterSets } : { ...base, state: "invalid" };
}

function byName(a: Slice, b: Slice): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function devicesOf(slices: readonly Slice[]): readonly Device[] {
  return slices.flatMap(({ devices }) => devices);
}

function areNamesUnique(slices: readonly Slice[]): boolean {
  const devices = devicesOf(slices);
  return new Set(devices.map(({ spec }) => spec.name)).size === devices.length;
}

/** `undefined` where two sets have one name. */
function countersIn(slices: readonly Slice[]): ReadonlyMap<string, Amounts> | undefined {
  const sets = slices.flatMap(({ counterSets }) => counterSets);
  const byName = new Map(sets);
  return byName.size === sets.length ? byName : undefined;
}

function areCountersKnown(slices: readonly Slice[], counterSets: ReadonlyMap<string, Amounts>): boolean {
  return devicesOf(slices).every(({ consumes }) =>
    [...consumes].every(([set, counters]) => {
      const known = counterSets.get(set);
      return known !== undefined && [...counters.keys()].every((name) => known.has(name));
    }),
  );
}

/** Pools in the order in which devices are looked for: those that may fail to bind come last. Upstream: `GatherPools`. */
export function inOrder(pools: readonly Pool[]): readonly Pool[] {
  const mayFail = (pool: Pool): boolean =>
    pool.state === "ready" && devicesOf(pool.slices).some(({ spec }) => spec.bindingConditions !== undefined);
  const byId = (a: Pool, b: Pool): number =>
    a.driver === b.driver ? compare(a.name, b.name) : compare(a.driver, b.driver);
  const sorted = [...pools].sort(byId);
  return [...sorted.filter((pool) => !mayFail(pool)), ...sorted.filter(mayFail)];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
