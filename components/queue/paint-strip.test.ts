import { describe, expect, it } from "vitest";
import { columnsOf, nextPicture } from "./columns.model.ts";
import { columnsInSight, measures } from "./geometry.model.ts";
import { paintStrip, type Painted, type Pen } from "./paint-strip.ts";
import { isDrawnOnCanvas, regionsOf } from "./strip.model.ts";
import { event, list, marker, pod, queueHint, skipHint } from "./testing/pictures.ts";

const colours = new Proxy({} as Painted["colours"], { get: (_, name) => String(name) });

/** Writes down what is drawn, with the colour and the place. */
function recordingPen() {
  const words: { readonly text: string; readonly x: number; readonly fill: string }[] = [];
  const outlines: string[] = [];
  const pen: Pen = {
    fillStyle: "",
    strokeStyle: "",
    lineWidth: 1,
    font: "",
    textAlign: "start",
    globalAlpha: 1,
    fill: () => undefined,
    stroke: () => undefined,
    setLineDash: () => undefined,
    fillText: (text, x) => void words.push({ text, x, fill: typeof pen.fillStyle === "string" ? pen.fillStyle : "" }),
    path: (outline) => {
      outlines.push(outline);
      return {} as Path2D;
    },
  };
  return { pen, words, outlines };
}

function painted(events: Parameters<typeof nextPicture>[1], more: Partial<Painted> = {}): Painted {
  const columns = columnsOf(nextPicture(undefined, events, false), []);
  const m = measures.regular;
  const looked = more.looked;
  return {
    columns,
    measures: m,
    density: "regular",
    regions: regionsOf(m, columns, looked?.pod),
    looked: undefined,
    selectedEvent: undefined,
    letterOf: (index) => `L${index}`,
    opened: [],
    range: { from: 0, to: columns.columns.length },
    colours,
    hoveredIndex: undefined,
    timeSince: (since) => `since ${since}`,
    isSimulated: false,
    ...more,
  };
}

describe("the list on a canvas", () => {
  it("draws what is in sight, however long the list is", () => {
    const labels = ["NodeAdd", "AssignedPodDelete"];
    const elements = Array.from({ length: 3_000 }, (_, index) => event(index + 2, labels[index % 2]));
    const strip = painted(list([marker(1, "a"), ...elements], [pod(1, "a")]));
    expect(isDrawnOnCanvas(strip.columns)).toBe(true);
    const range = columnsInSight(strip.measures, 30_000, 900);
    const { pen, words, outlines } = recordingPen();
    paintStrip(pen, { ...strip, range });
    const cells = range.to - range.from;
    expect(words.length).toBe(2 * cells); // a code and a number each
    expect(outlines.length).toBeLessThan(2 * cells);
    expect(words[0]?.x).toBeGreaterThan(range.from * strip.measures.pitch);
    expect(words.at(-1)?.x).toBeLessThan(range.to * strip.measures.pitch + 1);
  });

  it("says of each event behind the pod's marker what it means to the pod, and shows the others as older", () => {
    const elements = [
      event(1),
      marker(2, "a"),
      event(3),
      event(4, "AssignedPodDelete"),
      event(5, "PersistentVolumeAdd"),
    ];
    const a = pod(2, "a", { hints: { 3: skipHint, 4: queueHint }, wouldGoTo: { queue: "backoff", decidedBy: 4 } });
    const { pen, words } = recordingPen();
    paintStrip(pen, painted(list(elements, [a]), { looked: { pod: a, letter: "A" } }));
    expect(words.map(({ text, fill }) => `${text} ${fill}`)).toEqual([
      "N+ fg3",
      "1 fg3",
      "L2 inv",
      "since 20 flyText",
      "N+ fg",
      "3 fg3",
      "Skip fg3",
      "P− fg",
      "4 fg3",
      "Queue onFill",
      "V+ fg",
      "5 fg3",
      "no hint fg3",
    ]);
  });

  it("folds runs, and keeps what has left as a ghost", () => {
    const run = Array.from({ length: 9 }, (_, index) => event(index + 3));
    const events = list([marker(2, "a"), ...run], [pod(2, "a")], { ghosts: [marker(1, "z")] });
    const { pen, words } = recordingPen();
    paintStrip(pen, painted(events));
    expect(words.map(({ text }) => text)).toEqual(["L1", "done", "L2", "since 20", "N+", "×9"]);
  });
});
