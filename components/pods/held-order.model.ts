import type { PodRow, Pods } from "#lib/protocol/index.ts";

/** Rows at their places of the whole list, as far as they are known. */
export interface HeldOrder {
  readonly rowCount: number;
  readonly places: ReadonlyMap<number, string>;
  readonly rows: ReadonlyMap<string, PodRow>;
  /** The picture it was last brought up to date from. */
  readonly source: Pods;
}

export function hold(pods: Pods): HeldOrder {
  const places = new Map(pods.order.map((key, index) => [pods.offset + index, key]));
  return { rowCount: pods.rowCount, places, rows: new Map(Object.entries(pods.rows)), source: pods };
}

/** While somebody is in the list its values follow and its places stay; places that come into sight are filled. */
export function follow(held: HeldOrder, pods: Pods): HeldOrder {
  if (held.source === pods) return held;
  const places = new Map(held.places);
  const taken = new Set(places.values());
  for (const [index, key] of pods.order.entries()) {
    const place = pods.offset + index;
    if (!places.has(place) && !taken.has(key) && place < held.rowCount) places.set(place, key);
  }
  return { ...held, places, rows: new Map([...held.rows, ...Object.entries(pods.rows)]), source: pods };
}

export function rowAt(held: HeldOrder, index: number): PodRow | undefined {
  const key = held.places.get(index);
  return key === undefined ? undefined : held.rows.get(key);
}

/** How many places of the window would hold another row now. */
export function changesSince(held: HeldOrder, pods: Pods): number {
  return pods.order.filter((key, index) => held.places.get(pods.offset + index) !== key).length;
}
