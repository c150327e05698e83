import type { Lane } from "#lib/protocol/index.ts";

const fewAtOnce = 3;

/**
 * Who joined a lane between two pictures of the same window, when it is few enough to be worth a flash. Rows that
 * merely moved up into the window's end, because others left, did not join.
 */
export function arrivals(before: Lane | undefined, now: Lane): ReadonlySet<string> {
  const none: ReadonlySet<string> = new Set();
  if (before === undefined || before.order === now.order || before.offset !== now.offset) return none;
  const left = before.order.filter((uid) => now.rows[uid] === undefined).length;
  const reachesEnd = now.offset + now.order.length >= now.count;
  const certain = reachesEnd ? now.order : now.order.slice(0, Math.max(0, now.order.length - left));
  const joined = certain.filter((uid) => before.rows[uid] === undefined);
  return joined.length > fewAtOnce ? none : new Set(joined);
}

/** Whether rows may glide from one order to the other: few left or joined, so that no stretch of the lane is empty. */
export function isSmallChange(before: readonly string[], now: readonly string[]): boolean {
  const then = new Set(before);
  const present = new Set(now);
  const left = before.filter((uid) => !present.has(uid)).length;
  const joined = now.filter((uid) => !then.has(uid)).length;
  return left <= fewAtOnce && joined <= fewAtOnce;
}
