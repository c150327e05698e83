import { describe, expect, it } from "vitest";
import type { Events } from "#lib/protocol/index.ts";
import { columnIndexOf, columnsOf, elementsAfter, nextPicture, openedRuns, type Column } from "./columns.model.ts";
import { event, list, marker, pod } from "./testing/pictures.ts";

const say = (column: Column): string => {
  const gone = column.isGone ? "†" : "";
  if (column.kind === "marker") return `${gone}<${column.pod.uid}>`;
  return gone + (column.kind === "fold" ? `${column.first.label}×${column.events.length}` : column.event.label);
};
const picture = (events: Events) => nextPicture(undefined, events, false);
const columns = (events: Events, open: Parameters<typeof columnsOf>[1] = []) =>
  columnsOf(picture(events), open).columns.map(say);
const run = (from: number, length: number, label?: string) =>
  Array.from({ length }, (_, index) => event(from + index, label));

describe("columns", () => {
  it("stand in list order, whatever the order they came in", () => {
    expect(columns(list([event(12, "PvAdd"), marker(3, "a"), event(7)]))).toEqual(["<a>", "NodeAdd", "PvAdd"]);
  });

  it("begin with what was pruned last", () => {
    const drawn = columnsOf(picture(list([marker(3, "a")], [], { ghosts: [marker(1, "z"), event(2)] })), []);
    expect(drawn.columns.map(say)).toEqual(["†<z>", "†NodeAdd", "<a>"]);
    expect(drawn.ghosts).toBe(2);
  });

  it("show no ghost of an element that left from the middle of the list", () => {
    expect(columns(list([marker(3, "a"), event(5)], [], { ghosts: [marker(4, "b")] }))).toEqual(["<a>", "NodeAdd"]);
  });

  it("fold eight equal events, not seven", () => {
    expect(columns(list([marker(1, "a"), ...run(2, 7)]))).toHaveLength(8);
    expect(columns(list([marker(1, "a"), ...run(2, 8)]))).toEqual(["<a>", "NodeAdd×8"]);
  });

  it("fold nothing across a marker or another event", () => {
    expect(columns(list([...run(1, 5), marker(6, "b"), ...run(7, 5)]))).toHaveLength(11);
    expect(columns(list([...run(1, 5), event(6, "PvAdd"), ...run(7, 5)]))).toHaveLength(11);
  });

  it("stay unfolded when the opened run grows and shrinks", () => {
    const open = [{ from: 2, to: 9 }];
    expect(columns(list([marker(1, "a"), ...run(2, 9)]), open)).toHaveLength(10);
    expect(columns(list(run(5, 12)), open)).toHaveLength(12);
  });

  it("tell where a run stands open, so that it can be folded again", () => {
    const open = [{ from: 2, to: 9 }];
    const drawn = columnsOf(picture(list([marker(1, "a"), ...run(2, 8), marker(10, "b")])), open).columns;
    expect(openedRuns(drawn, open)).toEqual([{ start: 1, end: 8, run: open[0] }]);
    expect(openedRuns(columnsOf(picture(list([marker(1, "a")])), open).columns, open)).toEqual([]);
  });

  it("are the newest three thousand, and the rest is counted", () => {
    const alternating = Array.from({ length: 3_200 }, (_, index) => event(index + 1, index % 2 ? "NodeAdd" : "PvAdd"));
    const drawn = columnsOf(picture(list(alternating, [], { length: 3_500 })), []);
    expect(drawn.columns).toHaveLength(3_000);
    expect(drawn.undrawn).toBe(500);
    expect(say(drawn.columns.at(-1) as Column)).toBe("NodeAdd");
  });

  it("find an element inside a fold", () => {
    const drawn = columnsOf(picture(list([marker(1, "a"), ...run(2, 8)])), []).columns;
    expect(columnIndexOf(drawn, 6)).toBe(1);
    expect(columnIndexOf(drawn, 60)).toBe(-1);
    expect(elementsAfter(drawn, 6)).toBe(3);
  });
});

describe("a held picture", () => {
  const before = list([marker(1, "a"), event(2), marker(3, "b"), event(4)], [pod(1, "a"), pod(3, "b")]);
  const after = list([marker(3, "b"), event(4), event(5, "PvAdd"), marker(6, "c")], [pod(3, "b"), pod(6, "c")]);

  it("keeps every place, marks what is gone, and adds news at the end", () => {
    const held = nextPicture(nextPicture(undefined, before, true), after, true);
    expect(columnsOf(held, []).columns.map(say)).toEqual(["†<a>", "†NodeAdd", "<b>", "NodeAdd", "PvAdd", "<c>"]);
    expect(held.pods.map(({ pod: { uid }, isGone }) => `${isGone ? "†" : ""}${uid}`)).toEqual(["†a", "b", "c"]);
  });

  it("is the list again once it is let go", () => {
    const held = nextPicture(nextPicture(undefined, before, true), after, true);
    expect(columnsOf(nextPicture(held, after, false), []).columns.map(say)).toEqual(["<b>", "NodeAdd", "PvAdd", "<c>"]);
  });

  it("shows the newest values of what stays", () => {
    const later = list([marker(1, "a")], [pod(1, "a", { phase: "Bind" })]);
    const held = nextPicture(nextPicture(undefined, before, true), later, true);
    expect(held.pods[0]?.pod.phase).toBe("Bind");
  });

  it("is the same object while nothing changed", () => {
    const held = nextPicture(undefined, before, true);
    expect(nextPicture(held, before, true)).toBe(held);
  });
});
