import { describe, expect, it } from "vitest";
import type { Attention, AttentionGroup } from "#lib/protocol/index.ts";
import { ageShare, attentionParts, attentionSentence, sectionsOf } from "./attention.model.ts";

function group(key: string, more: Partial<AttentionGroup> = {}): AttentionGroup {
  return {
    key,
    code: "no-fit",
    severity: "blocked",
    sentence: ["No node fits."],
    provenance: "actual",
    namespace: "shop",
    count: 1,
    since: 0,
    pod: { uid: key, namespace: "shop", name: key },
    plugins: [],
    ...more,
  };
}

const empty = { pods: 0, groups: 0, order: [] };

function attention(more: Partial<Attention> = {}): Attention {
  return {
    asOf: 0,
    provenance: "actual",
    pending: 0,
    needYou: 0,
    blocked: 0,
    held: 0,
    moving: 0,
    sections: { actNow: empty, blocked: empty, held: empty },
    groups: {},
    judged: 0,
    ...more,
  };
}

describe("what needs attention", () => {
  it("is one sentence", () => {
    const of = (pending: number, needYou: number) => attentionSentence(attention({ pending, needYou }));
    expect(of(3_418, 3)).toBe("3 pods need you. The other 3,415 are waiting for known reasons.");
    expect(of(2, 1)).toBe("1 pod needs you. The other one is waiting for known reasons.");
    expect(of(3, 3)).toBe("3 pods need you.");
    expect(of(45, 0)).toBe("Nothing needs you. 45 pods are waiting for known reasons.");
    expect(of(0, 0)).toBe("No pods are pending.");
  });

  it("stands in sections, in the server's order, without the empty ones", () => {
    const sections = sectionsOf(
      attention({
        sections: { actNow: empty, blocked: { pods: 3, groups: 2, order: ["b", "a"] }, held: empty },
        groups: { a: group("a"), b: group("b", { count: 2 }) },
      }),
    );
    expect(sections.map(({ title, groups }) => [title, groups.map(({ key }) => key)])).toEqual([
      ["Blocked until something changes", ["b", "a"]],
    ]);
  });

  it("has four parts that sum up to all that is pending", () => {
    const whole = attention({ pending: 10, needYou: 1, blocked: 5, held: 4 });
    expect(attentionParts(whole).map(({ part, count }) => [part, count])).toEqual([
      ["needYou", 1],
      ["blocked", 5],
      ["held", 4],
    ]);
  });

  it("draws ages beside the oldest of the section", () => {
    const groups = [group("a", { since: 0 }), group("b", { since: 75 })];
    expect(groups.map((each) => ageShare(each, groups, 100))).toEqual([1, 0.5]);
  });
});
