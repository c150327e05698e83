import { describe, expect, it } from "vitest";
import {
  formatAge,
  formatClock,
  formatCount,
  formatDuration,
  formatExactCount,
  formatPercent,
  formatPeriod,
  formatPlural,
  formatRate,
  formatZone,
} from "./formats.model.ts";

describe("formats", () => {
  it.each([
    [0, "0"],
    [1_204, "1,204"],
    [99_999, "99,999"],
    [104_900, "104k"],
    [999_999, "999k"],
    [1_299_999, "1.2M"],
    [12_900_000, "12M"],
  ])("writes the count %d as %s", (count, text) => expect(formatCount(count)).toBe(text));

  it("writes every digit where the exact count is asked for", () => {
    expect(formatExactCount(1_204_551)).toBe("1,204,551");
  });

  it.each([
    [969.4, "969/s"],
    [0.31, "0.3/s"],
    [0.04, "0/s"],
    [3, "3/s"],
    [9.96, "10/s"],
    [5_632, "5,632/s"],
  ])("writes the rate %d as %s", (rate, text) => expect(formatRate(rate)).toBe(text));

  it.each([
    [46, "46 ms"],
    [999.9, "999 ms"],
    [9_840, "9.8 s"],
    [9_999, "9.9 s"],
    [46_000, "46 s"],
    [59_999, "59 s"],
    [297_000, "4m 57s"],
    [761_000, "12m 41s"],
    [11_040_000, "3h 04m"],
    [183_600_000, "2d 3h"],
    [-5, "0 ms"],
  ])("writes the duration %d ms as %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

  it("counts ages in tenths of a second from the start", () => {
    expect(formatAge(412)).toBe("0.4 s");
    expect(formatAge(-30)).toBe("0.0 s");
    expect(formatAge(297_000)).toBe("4m 57s");
  });

  it("leaves the zeros out of a period somebody chose", () => {
    expect([undefined, 0, 30_000, 600_000, 5_400_000].map(formatPeriod)).toEqual([
      "none",
      "none",
      "30 s",
      "10m",
      "1h 30m",
    ]);
  });

  it("says 100% only when all of it is done", () => {
    expect(formatPercent(12_407, 12_408)).toBe("99%");
    expect(formatPercent(1, 12_408)).toBe("1%");
    expect(formatPercent(12_408, 12_408)).toBe("100%");
    expect(formatPercent(0, 0)).toBe("100%");
  });

  it("writes clock times in 24 hours, milliseconds only where asked for", () => {
    const instant = Date.UTC(2026, 10, 21, 0, 2, 8, 918);
    expect(formatClock(instant, { timeZone: "UTC" })).toBe("00:02:08");
    expect(formatClock(instant, { timeZone: "UTC", withMilliseconds: true })).toBe("00:02:08.918");
    expect(formatZone(instant, "UTC")).toBe("UTC");
  });

  it("counts things in words", () => {
    expect([0, 1, 1_204].map((count) => formatPlural(count, "pod"))).toEqual(["0 pods", "1 pod", "1,204 pods"]);
  });
});
