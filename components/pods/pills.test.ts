import { describe, expect, it } from "vitest";
import { topics } from "#lib/protocol/index.ts";
import { choose, codesOf, countedPills, pills } from "./pills.model.ts";

describe("the verdict pills", () => {
  it("hold every code exactly once", () => {
    const codes = topics.pods.value.shape.rows.valueType.shape.code.options;
    const held = pills.flatMap((pill) => pill.codes);
    expect(new Set(held)).toEqual(new Set(codes));
    expect(held).toHaveLength(codes.length);
  });

  it("sum up the codes they stand for, and leave out what is nowhere", () => {
    const facet = {
      values: [
        { value: "no-fit", count: 3 },
        { value: "spread", count: 2 },
        { value: "gated", count: 1 },
      ],
      more: 0,
    };
    expect(countedPills(facet, []).map(({ id, count }) => [id, count])).toEqual([
      ["no-fit", 5],
      ["gated", 1],
    ]);
    expect(countedPills(facet, ["missed"]).map(({ id, count }) => [id, count])[0]).toEqual(["missed", 0]);
    expect(countedPills(undefined, [])).toEqual([]);
  });

  it("are chosen one at a time, with shift several", () => {
    expect(choose([], "gated", false)).toEqual(["gated"]);
    expect(choose(["gated"], "missed", false)).toEqual(["missed"]);
    expect(choose(["gated"], "gated", false)).toEqual([]);
    expect(choose(["gated"], "missed", true)).toEqual(["gated", "missed"]);
    expect(choose(["gated", "missed"], "gated", true)).toEqual(["missed"]);
  });

  it("ask for their codes; a code of its own may stand in a link", () => {
    expect(codesOf(["near", "spread"])).toEqual(["near-toleration", "near-resource", "near-cordon", "spread"]);
  });
});
