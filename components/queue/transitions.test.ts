import { describe, expect, it } from "vitest";
import type { PodTransition } from "#lib/protocol/index.ts";
import { causeSentence, keptSentence, rowsOf } from "./transitions.model.ts";

function transition(seq: number, more: Partial<PodTransition> = {}): PodTransition {
  return {
    uid: "a",
    namespace: "shop",
    name: "cart",
    seq,
    at: seq,
    from: "inFlight",
    to: "unschedulable",
    cause: { event: "ScheduleAttemptFailure" },
    ...more,
  };
}

describe("what pods did", () => {
  it("is told newest first", () => {
    const rows = { 3: transition(3), 12: transition(12), 7: transition(7) };
    const transitions = { asOf: 0, provenance: "actual", rows, kept: 3, total: 3 } as const;
    expect(rowsOf(transitions).map(({ seq }) => seq)).toEqual([12, 7, 3]);
  });

  it("names who rejected a pod that came back, and what decided", () => {
    expect(causeSentence(transition(1, { rejectors: ["NodeAffinity", "NodeResourcesFit"], verdict: "skip" }))).toBe(
      "the attempt failed, rejected by NodeAffinity, NodeResourcesFit, nothing that happened meanwhile helps",
    );
    const woken = { event: "ScheduleAttemptFailure", plugin: "NodeResourcesFit", decidedBy: 8143 };
    expect(causeSentence(transition(1, { to: "backoff", cause: woken, verdict: "afterBackoff" }))).toBe(
      "the attempt failed, NodeResourcesFit, event 8143 of the list decided",
    );
  });

  it("keeps the label of a cluster event, with its object and the plugin that wanted it", () => {
    const cause = { event: "NodeAdd", object: "giant", plugin: "NodeResourcesFit" };
    expect(causeSentence(transition(1, { cause }))).toBe("NodeAdd giant, NodeResourcesFit said Queue");
  });

  it("says what is not shown, and what is no longer kept", () => {
    const of = (kept: number, total: number) => ({ asOf: 0, provenance: "actual" as const, rows: {}, kept, total });
    expect(keptSentence(of(3, 3), 3)).toBe("3 transitions");
    expect(keptSentence(of(400, 400), 200)).toBe("the newest 200 of 400 transitions");
    expect(keptSentence(of(200, 201), 200)).toBe("200 transitions, 1 older one was dropped");
  });
});
