import { describe, expect, it } from "vitest";
import { axisOf, drawnPoints, drawnStays, spaced, spacedToNext } from "./timeline.model.ts";

const minute = 60_000;

describe("the time axis", () => {
  it("begins with the pod, or the span before now, and has a handful of round ticks", () => {
    const all = axisOf({ from: 0 }, 13 * minute, "all");
    expect([all.from, all.to]).toEqual([0, 13 * minute]);
    expect(all.ticks.length).toBeLessThanOrEqual(8);
    expect(all.ticks.every((at) => at % minute === 0)).toBe(true);
    expect(axisOf({ from: 0 }, 13 * minute, "5m").from).toBe(8 * minute);
    expect(axisOf({ from: 12.5 * minute }, 13 * minute, "5m").from).toBe(12.5 * minute);
  });

  it("is never empty, also for a pod that came just now", () => {
    const axis = axisOf({ from: 5_000 }, 5_000, "all");
    expect(axis.to - axis.from).toBe(1_000);
    expect(axis.shareOf(5_000)).toBe(1);
  });

  const axis = axisOf({ from: 0 }, 100_000, "1m");

  it("cuts what began before it, and leaves out what ended before", () => {
    const stays = [{ from: 0, until: 10_000 }, { from: 30_000, until: 70_000 }, { from: 70_000 }];
    expect(drawnStays(stays, axis).map(({ left, width }) => [left, width])).toEqual([
      [0, 0.5],
      [0.5, 0.5],
    ]);
  });

  it("labels only what has room", () => {
    const points = drawnPoints([{ at: 10_000 }, { at: 46_000 }, { at: 47_000 }, { at: 90_000 }], axis);
    expect(points).toHaveLength(3);
    expect(spaced(points, 0.1).map(({ isLabelled }) => isLabelled)).toEqual([true, false, true]);
    expect(spacedToNext(points, 0.1).map(({ isLabelled }) => isLabelled)).toEqual([false, true, true]);
  });
});
