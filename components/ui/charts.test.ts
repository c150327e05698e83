import { describe, expect, it } from "vitest";
import { areaPath, histogramBars, linePath, sparkPoints } from "./charts.model.ts";

describe("a spark", () => {
  it("puts the newest value at the right edge, whatever came before", () => {
    const shape = { capacity: 5, width: 106, height: 36 };
    expect(sparkPoints({ ...shape, values: [4] })).toEqual([{ x: 103, y: 3 }]);
    expect(sparkPoints({ ...shape, values: [0, 2, 4] })).toEqual([
      { x: 53, y: 33 },
      { x: 78, y: 18 },
      { x: 103, y: 3 },
    ]);
    expect(sparkPoints({ ...shape, values: [9, 9, 9, 0, 0, 0, 0, 0] })).toHaveLength(5);
  });

  it("lies on the ground when nothing happens", () => {
    expect(sparkPoints({ values: [0, 0], capacity: 2, width: 106, height: 36 }).map(({ y }) => y)).toEqual([33, 33]);
  });

  it("is nothing at all without values", () => {
    expect(linePath([])).toBe("");
    expect(areaPath([], 36)).toBe("");
  });
});

describe("a histogram", () => {
  it("is to scale, and shows that a bucket is not empty", () => {
    expect(histogramBars([0, 1, 1_000], 30, 20).map(({ height }) => height)).toEqual([0, 1, 20]);
  });
});
