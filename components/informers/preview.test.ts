import { describe, expect, it } from "vitest";
import type { PreviewResponse } from "#lib/protocol/index.ts";
import type { HandlerForm } from "./add-handler.model.ts";
import { celOutcome, effectOf } from "./preview.model.ts";

const aForm = (more: Partial<HandlerForm> = {}): HandlerForm => ({
  kind: "tail",
  owner: "incident-42",
  namespace: "",
  labelSelector: "",
  fieldSelector: "",
  cel: "",
  resyncMs: 0,
  delayMs: 25,
  times: 1,
  ...more,
});

const aPreview = (more: Partial<PreviewResponse> = {}): PreviewResponse => ({
  ok: true,
  informer: "v1/pods",
  effect: "shares",
  objects: 61,
  examined: 61,
  matching: 41,
  syntheticAdds: 41,
  nextHandle: 25,
  problems: [],
  ...more,
});

describe("what adding does", () => {
  it("is to share an informer that runs, and to replay what matches", () => {
    expect(effectOf(aForm(), "workloads", aPreview())).toBe(
      "shares the running workloads informer, replays 41 synthetic adds to this handler only, then sends live updates. You get handle #25.",
    );
  });

  it("is to start one otherwise, whose size may be known", () => {
    const starts = { effect: "starts", objects: 9 } as const;
    expect(effectOf(aForm({ times: 3 }), "leases", aPreview(starts))).toBe(
      "starts an informer for leases: one list of about 9 objects, shared from then on. It stops 30 s after its last handler has gone. You get handles #25 to #27 for one handler value.",
    );
  });

  it("says when the resync asked for cannot be had", () => {
    expect(effectOf(aForm({ resyncMs: 10_000 }), "pods", aPreview({ resyncMs: 30_000 }))).toContain(
      "Resyncs every 30 s, the shortest this informer can.",
    );
  });
});

describe("a CEL filter", () => {
  const cel = "object.a";
  it("says nothing while there is none, or nothing is known", () => {
    expect(celOutcome(aForm(), aPreview()).text).toBe("");
    expect(celOutcome(aForm({ cel }), undefined).text).toBe("");
  });

  it("says where it is wrong", () => {
    const wrong = { field: "cel", code: "syntax", message: "unexpected &&", line: 1, column: 14 } as const;
    expect(celOutcome(aForm({ cel }), aPreview({ problems: [wrong] }))).toEqual({
      kind: "wrong",
      text: "Column 14: unexpected &&",
    });
    expect(celOutcome(aForm({ cel }), aPreview({ problems: [{ ...wrong, line: 2 }] })).text).toMatch(
      /^Line 2, column 14/,
    );
  });

  it("says what it matches, and how much of it was looked at", () => {
    expect(celOutcome(aForm({ cel }), aPreview())).toEqual({
      kind: "good",
      text: "Compiles. Matches 41 of 61 objects now.",
    });
    expect(celOutcome(aForm({ cel }), aPreview({ examined: 50 })).text).toBe(
      "Compiles. Matches 41 of 50 objects looked at.",
    );
    const filterErrors = { count: 3, last: "no such key" };
    expect(celOutcome(aForm({ cel }), aPreview({ filterErrors })).text).toContain("On 3 objects it fails");
  });
});
