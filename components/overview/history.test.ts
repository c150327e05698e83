import { describe, expect, it } from "vitest";
import type { HistoryPoint } from "#lib/protocol/index.ts";
import { changeSentence, pinnedBy, pointsOf } from "./history.model.ts";

function point(at: number, more: Partial<HistoryPoint> = {}): HistoryPoint {
  const counts = { active: 0, backoff: 0, unschedulable: 0, gated: 0, inFlight: 0, listLength: 0, listLengthMax: 0 };
  return { at, ...counts, popped: 0, handedBack: 0, finished: 0, woken: 0, events: 0, ...more };
}

const byTime = (points: readonly HistoryPoint[]) => Object.fromEntries(points.map((each) => [each.at, each]));
const worker = { uid: "u1", namespace: "train", name: "worker-3" };

describe("the queue's history", () => {
  it("is read oldest first, whatever the order of its keys", () => {
    const points = byTime([point(30_000), point(15_000)]);
    const history = { asOf: 0, provenance: "actual", stepMs: 15_000, points, listLengthMedian: 0 } as const;
    expect(pointsOf(history).map(({ at }) => at)).toEqual([15_000, 30_000]);
    expect(pointsOf(undefined)).toEqual([]);
  });

  it("tells the change since its oldest point, and nothing before there is one", () => {
    const points = [point(15_000, { gated: 40 })];
    expect(changeSentence([], "gated", 45, 0)).toBe("");
    expect(changeSentence(points, "gated", 40, 15_000 + 15 * 60_000)).toBe("unchanged in 15m");
    expect(changeSentence(points, "gated", 45, 44_000)).toBe("up 5 in 30 s");
    expect(changeSentence(points, "gated", 1, 15_000 + 60 * 60_000)).toBe("down 39 in 1h");
  });
});

describe("a list that only grows", () => {
  const usual = [point(15_000, { listLengthMax: 12 }), point(30_000, { listLengthMax: 9 })];

  it("names the pod that pins it, since it does, once the list is ten times as long as usual", () => {
    const points = byTime([
      ...usual,
      point(45_000, { listLengthMax: 60, pinnedBy: worker }),
      point(60_000, { listLengthMax: 101, pinnedBy: worker }),
    ]);
    expect(pinnedBy({ points, listLengthMedian: 10 })).toEqual({
      at: 45_000,
      text: "worker-3 popped, nothing pruned since",
    });
  });

  it("says nothing of a list that is merely busy, or has recovered", () => {
    const busy = byTime([...usual, point(45_000, { listLengthMax: 100, pinnedBy: worker })]);
    expect(pinnedBy({ points: busy, listLengthMedian: 10 })).toBeUndefined();
    const recovered = byTime([point(15_000, { listLengthMax: 900, pinnedBy: worker }), point(30_000)]);
    expect(pinnedBy({ points: recovered, listLengthMedian: 10 })).toBeUndefined();
    expect(pinnedBy({ points: {}, listLengthMedian: 0 })).toBeUndefined();
  });
});
