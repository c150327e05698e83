import { describe, expect, it } from "vitest";
import { changesSince, follow, placeAt, standIn, type RowsWindow } from "./standing-rows.model.ts";

/** Rows say how often they were tried. */
function list(keys: readonly string[], more: Partial<RowsWindow<number>> = {}): RowsWindow<number> {
  return { count: keys.length, offset: 0, order: keys, rows: Object.fromEntries(keys.map((key) => [key, 1])), ...more };
}

function keysOf(now: RowsWindow<number>, standing: ReturnType<typeof standIn<number>> | undefined, places: number) {
  return Array.from({ length: places }, (_, index) => placeAt(now, standing, index)?.key);
}

describe("a list that nobody is in", () => {
  it("is what the server says, as far as its window goes", () => {
    const part = list(["x", "y"], { offset: 40, count: 1_000 });
    expect([39, 40, 41, 42].map((index) => placeAt(part, undefined, index)?.key)).toEqual([
      undefined,
      "x",
      "y",
      undefined,
    ]);
  });
});

describe("a list that somebody is in", () => {
  const before = list(["a", "b", "c"]);

  it("keeps every row in its place while the values follow", () => {
    const now = list(["b", "c", "d"], { rows: { b: 7, c: 1, d: 1 } });
    const standing = follow(standIn(before), now);
    expect(keysOf(now, standing, 4)).toEqual(["a", "b", "c", undefined]);
    expect(placeAt(now, standing, 1)?.row).toBe(7);
    expect([0, 1, 2].map((index) => placeAt(now, standing, index)?.hasLeft)).toEqual([true, false, false]);
    expect(changesSince(standing, now)).toBe(1);
  });

  it("counts rows that changed places when none came or went", () => {
    expect(changesSince(standIn(before), list(["b", "a", "c"]))).toBe(2);
    expect(changesSince(standIn(before), list(["a", "b", "c"]))).toBe(0);
  });

  it("fills places that come into sight as they are then, and shows nobody twice", () => {
    const scrolled = list(["b", "c", "d"], { offset: 2, count: 6 });
    const standing = follow(standIn(list(["a", "b"], { count: 6 })), scrolled);
    expect(keysOf(scrolled, standing, 5)).toEqual(["a", "b", undefined, "c", "d"]);
  });

  it("does not take a row that was scrolled out of the window for one that left", () => {
    const elsewhere = list(["x", "y"], { offset: 60, count: 100 });
    const standing = follow(standIn(list(["a", "b"], { count: 100 })), elsewhere);
    expect(placeAt(elsewhere, standing, 0)?.hasLeft).toBe(false);
  });

  it("is the same as long as nothing came", () => {
    const standing = standIn(before);
    expect(follow(standing, { ...before })).toBe(standing);
  });
});
