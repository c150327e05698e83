import { describe, expect, it } from "vitest";
import type { Tail, TailLine } from "#lib/protocol/index.ts";
import { modesOf, tailRows } from "./tail.model.ts";

const aLine = (seq: number, more: Partial<TailLine> = {}): TailLine => ({
  seq,
  at: seq,
  type: "modified",
  namespace: "shop",
  name: `cart-${seq}`,
  uid: String(seq),
  resourceVersion: String(seq),
  summary: "status.phase: Pending → Running",
  ...more,
});

const aTail = (...lines: readonly TailLine[]): Tail => ({
  asOf: 0,
  registration: 18,
  total: lines.length,
  perSecond: 1,
  lines: Object.fromEntries(lines.map((line) => [line.seq, line])),
});

describe("a tail", () => {
  it("has the newest line first", () => {
    expect(tailRows(aTail(aLine(9), aLine(100), aLine(10)), "summary").map(({ key }) => key)).toEqual([
      "100",
      "10",
      "9",
    ]);
  });

  it("opens the changes of a line as rows of their own", () => {
    const changes = [
      { path: "spec.nodeName", after: "gp-eu1b-07" },
      { path: "status.phase", before: "Pending", after: "Running" },
    ];
    const rows = tailRows(aTail(aLine(2, { changes }), aLine(1)), "diff");
    expect(rows.map((row) => (row.kind === "line" ? row.text : row.path))).toEqual([
      "",
      "spec.nodeName",
      "status.phase",
      "status.phase: Pending → Running",
    ]);
  });

  it("offers a diff only where changes are kept", () => {
    expect(modesOf(aTail(aLine(1)))).toEqual(["summary", "json"]);
    expect(modesOf(aTail(aLine(1, { changes: [] })))).toEqual(["summary", "diff", "json"]);
  });
});
