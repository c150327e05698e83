import { describe, expect, it } from "vitest";
import type { MatrixColumn } from "#lib/protocol/index.ts";
import {
  barScale,
  barShare,
  cellPath,
  columnAt,
  columnName,
  columnsBetween,
  columnWidth,
  layoutOf,
  nearRuns,
  taintsText,
} from "./matrix.model.ts";

function column(key: string, cells: string, more: Partial<MatrixColumn> = {}): MatrixColumn {
  return { key, name: key, count: 1, cells, rejecting: 1, fits: false, near: [], free: [], ...more };
}

const rows = [
  { key: "taint", plugin: "TaintToleration", first: 2, also: 0 },
  { key: "cpu", plugin: "NodeResourcesFit", resource: "cpu", first: 1, also: 1 },
];
const columns = {
  a: column("a", ".x"),
  b: column("b", "xo"),
  c: { ...column("c", "x.", { count: 8 }), name: undefined },
};
const groups = [
  { key: "general", label: "g", nodes: 2, order: ["a", "b"] },
  { key: "spot", label: "spot", nodes: 8, order: ["c"] },
];

describe("the matrix", () => {
  // `name` is absent, not undefined, on the wire.
  const { name: _, ...folded } = columns.c;
  const layout = layoutOf({ groups, columns: { a: columns.a, b: columns.b, c: folded } });

  it("stands group by group in the server's order, wider where a column stands for several nodes", () => {
    expect(layout.columns.map(({ column: each, x, width }) => [each.key, x, width])).toEqual([
      ["a", 0, 22],
      ["b", 22, 22],
      ["c", 56, 40],
    ]);
    expect(layout.groups.map(({ x, width }) => [x, width])).toEqual([
      [0, 44],
      [56, 40],
    ]);
    expect(layout.width).toBe(96);
    expect(columnWidth(100_000)).toBe(90);
    const named = layoutOf({
      groups: [{ key: "x", label: "gpu-a100", nodes: 1, order: ["a"] }],
      columns: { a: columns.a },
    });
    expect(named.width).toBe(64);
  });

  it("names the taints that keep the pod away, if any do", () => {
    const taints = [
      { taint: "node.kubernetes.io/not-ready:NoSchedule", nodes: 22 },
      { taint: "spot=true:NoSchedule", nodes: 1 },
    ];
    expect(taintsText({ taints })).toBe(
      "Not tolerated: node.kubernetes.io/not-ready:NoSchedule on 22 nodes, spot=true:NoSchedule on 1 node.",
    );
    expect(taintsText({ taints: [] })).toBeUndefined();
  });

  it("finds the column at a place, none between two groups, and those of a stretch", () => {
    expect([0, 21.9, 22, 45, 56, 95, 96, -1].map((x) => columnAt(layout.columns, x))).toEqual([
      0, 0, 1, -1, 2, 2, -1, -1,
    ]);
    const keys = (from: number, to: number) =>
      columnsBetween(layout.columns, from, to).map(({ column: each }) => each.key);
    expect(keys(0, 96)).toEqual(["a", "b", "c"]);
    expect(keys(22, 56)).toEqual(["b"]);
    expect(keys(200, 300)).toEqual([]);
  });

  it("draws each kind of cell of a row as one path", () => {
    expect(cellPath(layout.columns, 0, "x").match(/M/g)).toHaveLength(2);
    expect(cellPath(layout.columns, 1, "o").match(/M/g)).toHaveLength(1);
    expect(cellPath(layout.columns, 1, ".").match(/M/g)).toHaveLength(1);
  });

  it("is narrow where there are many, and marks neighbours that one change opens as one", () => {
    const order = Array.from({ length: 40 }, (_, index) => `n${index}`);
    const many = Object.fromEntries(
      order.map((key, index) => [key, column(key, "x.", { near: index < 3 ? [1] : index === 4 ? [1, 2] : [] })]),
    );
    const { columns: placed } = layoutOf({ groups: [{ key: "x", label: "x", nodes: 40, order }], columns: many });
    expect(placed[1]).toMatchObject({ x: 13, width: 13 });
    const group = { key: "x", label: "x", nodes: 40, order };
    const widths = [0, 520, 640, 2_000].map((room) => layoutOf({ groups: [group], columns: many }, room).width);
    expect(widths).toEqual([520, 520, 640, 880]);
    expect(nearRuns(placed)).toEqual([
      { ranks: [1], x: 0, width: 39 },
      { ranks: [1, 2], x: 52, width: 13 },
    ]);
  });

  it("names a column by what each plugin says", () => {
    const [a, b, c] = layout.columns;
    if (a === undefined || b === undefined || c === undefined) throw new Error("expected three columns");
    expect(columnName(a, rows)).toBe("a: NodeResourcesFit cpu rejects");
    expect(columnName(b, rows)).toBe("b: TaintToleration rejects, NodeResourcesFit cpu would also reject");
    expect(columnName(c, rows)).toBe("8 nodes of spot: TaintToleration rejects");
    expect(columnName({ ...a, column: { ...a.column, fits: true } }, rows)).toBe("a: takes the pod");
  });

  it("draws bars to scale, and none where nothing is known", () => {
    expect([barScale(6, 10), barScale(12, 10), barScale(400, 10)]).toEqual([10, 12, 12.5]);
    expect([barShare(5, 10), barShare(20, 10), barShare(1, 0)]).toEqual([0.5, 1, 0]);
  });
});
