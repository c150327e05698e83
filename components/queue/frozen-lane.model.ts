import type { Lane, LaneRow } from "#lib/protocol/index.ts";
import { rowAt } from "./lane-window.model.ts";

/** A place in a lane: who stands there, and whether they have left it since the order was frozen. */
export interface Place {
  readonly row: LaneRow;
  readonly hasLeft: boolean;
}

/** Who stood where when the pointer came in. Places that come into sight later are filled as they are then. */
export interface FrozenLane {
  readonly count: number;
  readonly places: ReadonlyMap<number, LaneRow>;
  /** The lane that the places were last brought up to date from. */
  readonly source: Lane;
}

export function freeze(lane: Lane): FrozenLane {
  const places = new Map<number, LaneRow>();
  for (let index = lane.offset; index < lane.offset + lane.order.length; index++) {
    const row = rowAt(lane, index);
    if (row !== undefined) places.set(index, row);
  }
  return { count: lane.count, places, source: lane };
}

/** Values follow, places do not. */
export function refresh(frozen: FrozenLane, lane: Lane): FrozenLane {
  if (frozen.source === lane) return frozen;
  const places = new Map<number, LaneRow>();
  for (const [index, row] of frozen.places) places.set(index, lane.rows[row.uid] ?? row);
  const standing = new Set([...places.values()].map(({ uid }) => uid));
  for (let index = lane.offset; index < Math.min(frozen.count, lane.offset + lane.order.length); index++) {
    const row = places.has(index) ? undefined : rowAt(lane, index);
    if (row !== undefined && !standing.has(row.uid)) places.set(index, row);
  }
  return { ...frozen, places, source: lane };
}

export function placeAt(lane: Lane, frozen: FrozenLane | undefined, index: number): Place | undefined {
  const row = frozen === undefined ? rowAt(lane, index) : frozen.places.get(index);
  return row && { row, hasLeft: frozen !== undefined && hasLeft(row, index, lane) };
}

/** Absent from a window that would have to show it: not merely scrolled out of the part that the server tells about. */
function hasLeft(row: LaneRow, index: number, lane: Lane): boolean {
  const isInWindow = index >= lane.offset && index < lane.offset + Math.max(lane.order.length, 1);
  return lane.rows[row.uid] === undefined && (isInWindow || lane.count === 0);
}

/** How many pods came, went or moved behind the frozen order: what the pill counts. */
export function changesSince(frozen: FrozenLane, lane: Lane): number {
  const before = [...frozen.places]
    .filter(([index]) => index >= lane.offset && index < lane.offset + lane.order.length)
    .sort(([a], [b]) => a - b)
    .map(([, { uid }]) => uid);
  const now = new Set(lane.order);
  const then = new Set(before);
  const left = before.filter((uid) => !now.has(uid)).length;
  const joined = lane.order.filter((uid) => !then.has(uid)).length;
  const moved = Math.max(left, joined);
  if (moved > 0) return moved;
  const stayed = before.filter((uid) => now.has(uid));
  return lane.order.filter((uid) => then.has(uid)).filter((uid, index) => stayed[index] !== uid).length;
}
