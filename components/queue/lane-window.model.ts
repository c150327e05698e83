import type { LaneWindow } from "#lib/protocol/index.ts";

const chunk = 20;
const longest = 200;

/** What a lane asks for before it was scrolled: one screenful and what comes next. */
export const firstWindow: LaneWindow = { offset: 0, limit: 60 };

/**
 * The part of a lane to ask the server for when rows `first` to `last` are on the screen: a chunk more at both ends,
 * on chunk borders, so that scrolling by a few rows asks for nothing new.
 */
export function windowFor(first: number, last: number): LaneWindow {
  const from = Math.max(0, (Math.floor(first / chunk) - 1) * chunk);
  const to = (Math.floor(Math.max(first, last) / chunk) + 2) * chunk;
  return { offset: from, limit: Math.min(longest, Math.max(firstWindow.limit, to - from)) };
}

export function isSameWindow(a: LaneWindow, b: LaneWindow): boolean {
  return a.offset === b.offset && a.limit === b.limit;
}
