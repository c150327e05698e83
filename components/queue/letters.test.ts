import { describe, expect, it } from "vitest";
import { firstPop, letterOf, shortLetter } from "./letters.model.ts";

describe("letters", () => {
  it("go on with AA after Z", () => {
    expect([0, 1, 25, 26, 27, 51, 52, 701, 702].map(letterOf)).toEqual([
      "A",
      "B",
      "Z",
      "AA",
      "AB",
      "AZ",
      "BA",
      "ZZ",
      "AAA",
    ]);
  });

  it("begin with the oldest pod that the page saw, and stay when that pod is done", () => {
    const first = firstPop(undefined, [1_284, 1_281, 1_283]);
    expect(first).toBe(1_281);
    expect(firstPop(first, [1_290])).toBe(1_281);
  });

  it("begin anew when the server counts anew", () => {
    expect(firstPop(1_281, [1, 2])).toBe(1);
  });

  it("fit into a diamond, by their end", () => {
    expect(["A", "ABC", "ABCD"].map(shortLetter)).toEqual(["A", "ABC", "…CD"]);
  });
});
