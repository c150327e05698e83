import { describe, expect, it } from "vitest";
import type { Fault, Faults } from "#lib/protocol/index.ts";
import { bannerWords, faultGroups, faultWords, scopeWords } from "./fault-words.model.ts";

type Said = Pick<Fault, "kind" | "resource" | "verbs">;

function faultsOn(...on: readonly Said[]): Faults {
  const rest = { since: 0, hits: { lists: 0, watches: 0 } };
  return {
    asOf: 0,
    ended: {},
    on: Object.fromEntries(on.map((fault, id) => [id, { id: `${id}`, ...fault, ...rest }])),
  };
}

describe("the words of faults", () => {
  it("have a place for every kind, once", () => {
    const placed = faultGroups.flatMap(({ kinds }) => kinds);
    expect(new Set(placed)).toEqual(new Set(Object.keys(faultWords)));
    expect(placed).toHaveLength(new Set(placed).size);
  });

  it("are in the banner while one is on", () => {
    expect(bannerWords(faultsOn())).toBeUndefined();
    const drop: Said = { kind: "drop", verbs: ["list", "watch"] };
    expect(bannerWords(faultsOn(drop))).toEqual({
      title: "A fault is on.",
      text: "Drop connections. What is shown may be behind.",
    });
    const slow: Said = { kind: "slow", resource: "v1/pods", verbs: ["watch"] };
    expect(bannerWords(faultsOn(drop, slow))).toEqual({
      title: "2 faults are on.",
      text: "Drop connections; Slow on pods, watches only. What is shown may be behind.",
    });
    expect(scopeWords(drop)).toBe("");
  });
});
