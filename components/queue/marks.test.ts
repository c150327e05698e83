import { describe, expect, it } from "vitest";
import { columnsOf, nextPicture, type Column } from "./columns.model.ts";
import { countBehind, markOf, markOfColumn } from "./marks.model.ts";
import { event, list, marker, pod, queueHint, skipHint } from "./testing/pictures.ts";

const b = pod(3, "b", {
  hints: { 4: skipHint, 6: queueHint, 7: queueHint },
  wouldGoTo: { queue: "backoff", decidedBy: 6, plugin: "NodeResourcesFit" },
});

describe("marks", () => {
  it("are given to events behind the pod's own element only", () => {
    expect([2, 3, 4, 5, 6, 7].map((seq) => markOf(b, seq))).toEqual([
      undefined,
      undefined,
      "skip",
      "none",
      "decides",
      "queue",
    ]);
  });

  it("of a fold are the strongest of its events: a Queue does not hide behind Skips", () => {
    const elements = [marker(3, "b"), ...Array.from({ length: 8 }, (_, index) => event(4 + index))];
    const [, fold] = columnsOf(nextPicture(undefined, list(elements, [b]), false), []).columns;
    expect(fold?.kind).toBe("fold");
    expect(markOfColumn(b, fold as Column)).toBe("decides");
    expect(markOfColumn(pod(3, "b", { hints: { 5: skipHint } }), fold as Column)).toBe("skip");
    expect(markOfColumn(pod(3, "b"), fold as Column)).toBe("none");
    expect(markOfColumn(pod(30, "c"), fold as Column)).toBeUndefined();
  });

  it("are as many as there are events behind the marker, folded or not", () => {
    const elements = [event(1), marker(3, "b"), ...Array.from({ length: 9 }, (_, index) => event(4 + index))];
    const { columns } = columnsOf(nextPicture(undefined, list(elements, [b]), false), []);
    expect(countBehind(b, columns)).toBe(9);
  });
});
