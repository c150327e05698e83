import { describe, expect, it } from "vitest";
import { areaChart, roundUp } from "./area-chart.model.ts";

describe("an area chart", () => {
  it("ends at the first round number that nothing exceeds", () => {
    expect([0, 1, 3, 7, 12, 50, 51, 18_232].map(roundUp)).toEqual([1, 1, 5, 10, 20, 50, 100, 20_000]);
  });

  it("places samples by their time and value", () => {
    const samples = [
      { at: 100, value: 0 },
      { at: 150, value: 10 },
      { at: 200, value: 5 },
    ];
    const { line, area, last, top, xOf } = areaChart({ samples, from: 100, to: 200, width: 200, height: 50 });
    expect(top).toBe(10);
    expect(line).toBe("M0 50L100 0L200 25");
    expect(area).toBe("M0 50L100 0L200 25L200 50L0 50Z");
    expect(last).toEqual({ x: 200, y: 25 });
    expect(xOf(175)).toBe(150);
  });

  it("draws nothing of nothing, and nothing outside of its frame", () => {
    expect(areaChart({ samples: [], from: 0, to: 1, width: 10, height: 10 })).toMatchObject({ line: "", area: "" });
    const old = [{ at: 1, value: 5 }];
    expect(areaChart({ samples: old, from: 10, to: 20, width: 10, height: 10 }).line).toBe("");
  });
});
