import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  columnAt,
  columnsInSight,
  columnX,
  listWidth,
  measures,
  rowAt,
  rowBand,
  rowWindow,
  rowY,
  visibleRows,
} from "./geometry.model.ts";
import { columnsOf, nextPicture } from "./columns.model.ts";
import { rowPaths } from "./row-path.model.ts";
import { regionLabels } from "./region-labels.model.ts";
import { hiddenBefore, isOlder, neighbour, regionsOf, roving, seqText, type Regions } from "./strip.model.ts";
import { event, list, marker, pod, queueHint, skipHint } from "./testing/pictures.ts";

const m = measures.regular;
const everything = { from: 0, to: 500 };

describe("hit testing", () => {
  it.each(["narrow", "regular", "wide"] as const)("finds every column at its middle, %s", (density) => {
    const by = measures[density];
    for (const index of [0, 1, 17, 499]) expect(columnAt(by, columnX(by, index), 500)).toBe(index);
    expect(columnAt(by, -1, 500)).toBeUndefined();
    expect(columnAt(by, listWidth(by, 500) + by.pitch, 500)).toBeUndefined();
  });

  it("finds every row anywhere in its band", () => {
    for (const index of [0, 4, 90]) {
      const { top, height } = rowBand(index);
      for (const y of [top, rowY(index), top + height - 1]) expect(rowAt(y, 100)).toBe(index);
    }
    expect(rowAt(rowY(5), 5)).toBeUndefined();
    expect(rowAt(-10, 5)).toBeUndefined();
  });
});

describe("rows", () => {
  it("are five from the start, and six from the sixth pod on", () => {
    expect([0, 3, 5, 6, 7, 40].map(visibleRows)).toEqual([5, 5, 5, 6, 6, 6]);
  });

  it("are drawn round the scrolled window only", () => {
    expect(rowWindow(0, 176, 400)).toEqual({ from: 0, to: 10 });
    expect(rowWindow(3_400, 176, 400)).toEqual({ from: 96, to: 110 });
    expect(rowWindow(3_400, 176, 3)).toEqual({ from: 96, to: 96 });
  });

  it("carry their marks at their columns, and a window that begins at the marker", () => {
    const b = pod(2, "b", {
      hints: { 3: skipHint, 4: queueHint, 6: queueHint },
      wouldGoTo: { queue: "backoff", decidedBy: 4 },
    });
    const { columns } = columnsOf(
      nextPicture(undefined, list([event(1), marker(2, "b"), event(3), event(4), event(5), event(6)], [b]), false),
      [],
    );
    const paths = rowPaths(m, columns, b, everything);
    expect(paths.markerX).toBe(columnX(m, 1));
    expect(paths.window).toBe(`M${columnX(m, 1)} 0H${listWidth(m, 6)}`);
    expect(paths.skipDashes).toBe(`M${columnX(m, 2) - 3} 0h6`);
    expect(paths.decidingArrow).toContain(`M${columnX(m, 3)} `);
    expect(paths.none).toContain(`M${columnX(m, 4) - 2.2} `);
    expect(paths.queueArrows).toContain(`M${columnX(m, 5)} `);
  });

  it("have their marks drawn in sight and a stretch round it", () => {
    expect(columnsInSight(m, 0, 880)).toEqual({ from: 0, to: 48 });
    expect(columnsInSight(m, 100 * m.pitch, 880)).toEqual({ from: 80, to: 144 });
    expect(columnsInSight(m, 101 * m.pitch, 880)).toEqual(columnsInSight(m, 100 * m.pitch, 880));
  });

  it("begin at the edge when the marker is older than what is drawn", () => {
    const { columns } = columnsOf(nextPicture(undefined, list([event(7)]), false), []);
    expect(rowPaths(m, columns, pod(2, "b"), everything)).toMatchObject({
      markerX: undefined,
      window: `M0 0H${listWidth(m, 1)}`,
    });
  });
});

describe("regions", () => {
  const drawn = columnsOf(
    nextPicture(
      undefined,
      list([marker(3, "a"), event(4), marker(5, "b"), event(6)], [], { ghosts: [event(2)] }),
      false,
    ),
    [],
  );

  it("are what was pruned, what is older than the pod, and what is more recent", () => {
    const regions = regionsOf(m, drawn, pod(5, "b"));
    expect(regions.ghosts).toEqual({ from: 0, to: m.pitch + 1 });
    expect(regions.older).toEqual({ from: m.pitch + 1, to: columnX(m, 3) });
    expect(regions.recent).toEqual({ from: columnX(m, 3), to: listWidth(m, 5) });
  });

  it("have nothing older than the oldest pod", () => {
    expect(regionsOf(m, drawn, pod(3, "a")).older).toBeUndefined();
  });

  it("tell how many elements are scrolled out at the head", () => {
    expect([0, m.pitch, 3 * m.pitch].map((left) => hiddenBefore(m, drawn, left))).toEqual([0, 0, 2]);
  });

  it("are not divided while no pod is looked at", () => {
    expect(regionsOf(m, drawn, undefined)).toMatchObject({ older: undefined, recent: undefined });
  });

  it("dim what stands before the pod's own element, not the element itself", () => {
    expect(drawn.columns.map((column) => isOlder(column, pod(5, "b")))).toEqual([true, true, true, false, false]);
  });
});

describe("labels of the regions", () => {
  const kinds = (regions: Regions, letter?: string, behind = 10) =>
    regionLabels({ regions, pruned: "pruned 8,100", undrawn: undefined, letter, behind }).map(
      ({ kind, text }) => `${kind}: ${text}`,
    );
  const span = (from: number, to: number) => ({ from, to });

  it("stand above their stretches", () => {
    const regions = { ghosts: span(0, 127), older: span(127, 318), recent: span(318, 885), end: 885 };
    expect(kinds(regions, "B")).toEqual([
      "recent: more recent than B: 10 events decide",
      "tail: tail, newest",
      "older: older than B, not counted",
      "pruned: pruned 8,100",
    ]);
  });

  it("give way to what decides when the stretch behind the marker is short", () => {
    const regions = { ghosts: span(0, 43), older: span(43, 800), recent: span(800, 885), end: 885 };
    expect(kinds(regions, "B", 1)).toEqual([
      "recent: more recent than B: 1 event decides",
      "older: older than B, not counted",
    ]);
  });

  it("never overlap", () => {
    fc.assert(
      fc.property(
        fc.nat(4),
        fc.integer({ min: 4, max: 40 }),
        fc.nat(40),
        fc.boolean(),
        (ghosts, length, at, isLooked) => {
          const own = columnX(m, Math.min(length - 1, ghosts + at));
          const ghostsEnd = ghosts === 0 ? 0 : ghosts * m.pitch + 1;
          const regions: Regions = {
            ghosts: ghosts === 0 ? undefined : span(0, ghostsEnd),
            older: isLooked && own > ghostsEnd + m.pitch ? span(ghostsEnd, own) : undefined,
            recent: isLooked ? span(own, listWidth(m, length)) : undefined,
            end: listWidth(m, length),
          };
          const labels = regionLabels({ regions, pruned: "pruned 8", undrawn: "3 older", letter: "B", behind: 3 });
          const inOrder = labels.filter(({ kind }) => kind !== "tail" || !isLooked).sort((a, b) => a.from - b.from);
          for (const [index, { to }] of inOrder.entries())
            expect(to).toBeLessThanOrEqual(inOrder[index + 1]?.from ?? to);
        },
      ),
    );
  });
});

describe("keys", () => {
  const { columns } = columnsOf(nextPicture(undefined, list([marker(1, "a"), event(2), event(3)]), false), []);

  it("move along the chain and stop at its ends", () => {
    expect(roving(columns, 0, 0, "ArrowRight")).toBe(1);
    expect(roving(columns, 0, 0, "h")).toBe(0);
    expect(roving(columns, 0, 0, "End")).toBe(2);
    expect(roving(columns, 0, 2, "l")).toBe(2);
    expect(roving(columns, 1, 2, "Home")).toBe(1);
    expect(roving(columns, 0, 0, "x")).toBeUndefined();
    expect(roving([], 0, -1, "End")).toBeUndefined();
  });

  it("go from pod to pod, from nothing to the oldest or the newest", () => {
    const pods = [{ uid: "a" }, { uid: "b" }, { uid: "c" }];
    expect(neighbour(pods, undefined, 1)).toBe("a");
    expect(neighbour(pods, undefined, -1)).toBe("c");
    expect(neighbour(pods, "b", 1)).toBe("c");
    expect(neighbour(pods, "c", 1)).toBe("c");
    expect(neighbour([], undefined, 1)).toBeUndefined();
  });
});

it("a number under a tile is cut at its front", () => {
  expect(seqText(8_143, "regular")).toBe("8143");
  expect(seqText(8_143, "narrow")).toBe("…43");
  expect(seqText(12_345_678, "regular")).toBe("…45678");
});
