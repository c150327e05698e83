import { expect, it } from "vitest";
import { handlingBars } from "./handling.model.ts";

it("shows sampled calls by how long they took, the shortest first", () => {
  const bars = handlingBars({ handlingTimes: { Infinity: 1, "25": 40, "0.1": 10, "2500": 4 } });
  expect(bars.map(({ label, count, share }) => [label, count, share])).toEqual([
    ["≤ 100 µs", 10, 0.25],
    ["≤ 25 ms", 40, 1],
    ["≤ 2.5 s", 4, 0.1],
    ["longer", 1, 0.025],
  ]);
  expect(handlingBars({ handlingTimes: {} })).toEqual([]);
});
