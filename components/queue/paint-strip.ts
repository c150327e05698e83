import type { Column } from "./columns.model.ts";
import { eventCode } from "./event-code.model.ts";
import type { EventStripProps } from "./event-strip.tsx";
import { isSelected, isTimed, standingOf } from "./event-strip.tsx";
import { columnX, diamond, link, type ColumnRange } from "./geometry.model.ts";
import { shortLetter } from "./letters.model.ts";
import { markOfColumn, type Mark } from "./marks.model.ts";
import { seqText } from "./strip.model.ts";
import type { StripColours } from "./strip-colours.ts";

/** What of a canvas is needed: a test hands in one that writes down what was drawn. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | "fillStyle"
  | "strokeStyle"
  | "lineWidth"
  | "font"
  | "textAlign"
  | "globalAlpha"
  | "fill"
  | "stroke"
  | "fillText"
  | "setLineDash"
> & { readonly path: (outline: string) => Path2D };

export interface Painted extends Omit<EventStripProps, "currentIndex"> {
  /** Only these are drawn, however long the list is. */
  readonly range: ColumnRange;
  readonly colours: StripColours;
  readonly hoveredIndex: number | undefined;
  readonly timeSince: (since: number) => string;
  /** Times and hints are what our queue computed: they are underlined, as in the text. */
  readonly isSimulated: boolean;
}

/** The list as the strip of cells draws it, in one go and in the range that is in sight. */
export function paintStrip(pen: Pen, strip: Painted): void {
  const { columns, measures: m, regions, range, colours, opened } = strip;
  const to = Math.min(range.to, columns.columns.length);
  const own = regions.recent?.from;
  if (own !== undefined) {
    line(pen, `M${own} 24v5M${own} ${m.numberY + 6}V${m.headHeight}`, { stroke: colours.fly, width: 1.5 });
  }
  paintLinks(pen, strip, to);
  for (const { start, end } of opened) {
    line(pen, `M${columnX(m, start) - 12} 29v-4H${columnX(m, end) + 12}v4`, { stroke: colours.ctl, width: 1.5 });
  }
  pen.textAlign = "center";
  for (let index = range.from; index < to; index++) {
    const column = columns.columns[index];
    if (column === undefined) continue;
    if (column.kind === "marker") paintMarker(pen, strip, column, index);
    else paintEvent(pen, strip, column, index);
  }
  if (columns.ghosts > range.from && columns.ghosts < columns.columns.length) {
    line(pen, `M${columns.ghosts * m.pitch + 1} ${m.chainY - 7}v14`, { stroke: colours.fg3, width: 1.5 });
  }
}

function paintLinks(pen: Pen, { columns, measures: m, regions, range, colours }: Painted, to: number): void {
  const own = regions.recent === undefined ? columns.ghosts : Math.floor(regions.recent.from / m.pitch);
  const stretches = [
    { from: range.from, to: Math.min(columns.ghosts - 1, to), alpha: 0.4 },
    { from: Math.max(range.from, columns.ghosts), to: Math.min(own, to), alpha: 0.6 },
    { from: Math.max(range.from, own, columns.ghosts), to: Math.min(to, columns.columns.length - 1), alpha: 1 },
  ];
  for (const { from, to: end, alpha } of stretches) {
    let outline = "";
    for (let index = from; index < end; index++) outline += link(m, index);
    if (outline !== "") line(pen, outline, { stroke: colours.fg3, width: 1.1, alpha });
  }
}

function paintMarker(pen: Pen, strip: Painted, column: Extract<Column, { kind: "marker" }>, index: number): void {
  const { measures: m, colours, letterOf, looked, selectedEvent, density, hoveredIndex } = strip;
  const x = columnX(m, index);
  const isChosen = isSelected(column, looked, selectedEvent);
  const letter = shortLetter(letterOf(column.pod.popIndex));
  const outline = diamond(x, m.chainY, m.diamond);
  if (column.isGone) {
    line(pen, outline, { stroke: colours.fg3, dash: [3, 2.4], alpha: 0.55 });
  } else {
    const ground = isChosen ? colours.flySolid : hoveredIndex === index ? colours.flyBack : colours.s1;
    shape(pen, outline, { fill: ground, stroke: isChosen ? colours.flySolid : colours.fly, width: 1.6 });
  }
  const ink = column.isGone ? colours.fg3 : isChosen ? colours.inv : colours.flyText;
  text(pen, letter, [x, m.chainY + 4.3], { fill: ink, font: `700 ${letter.length > 2 ? 10.5 : 12}px ${colours.ui}` });
  const time = column.isGone ? "done" : isTimed(column, isChosen, density) ? strip.timeSince(column.pod.at) : undefined;
  if (time !== undefined) {
    const [fill, weight] = isChosen ? [colours.flyText, 600] : [colours.fg3, 400];
    text(pen, time, [x, m.numberY], { fill, font: `${weight} 10.5px ${colours.ui}` });
    if (strip.isSimulated) underline(pen, time, [x, m.numberY], colours);
  }
}

function paintEvent(pen: Pen, strip: Painted, column: Exclude<Column, { kind: "marker" }>, index: number): void {
  const { measures: m, colours, looked, selectedEvent, density, hoveredIndex } = strip;
  const x = columnX(m, index);
  const event = column.kind === "fold" ? column.first : column.event;
  const mark = looked === undefined ? undefined : markOfColumn(looked.pod, column);
  const standing = standingOf(column, looked);
  const box = (offset: number): string =>
    tile(x - m.tile / 2 + offset, m.chainY - m.tile / 2 - offset, { width: m.tile - offset, height: m.tile });
  if (standing === "gone") {
    line(pen, box(0), { stroke: colours.fg3, dash: [3, 2.4], alpha: 0.55 });
  } else {
    const fill = mark === "decides" ? colours.actTile : standing === "older" ? colours.s2 : colours.s3;
    const stroke = hoveredIndex === index ? colours.ctl : colours.line2;
    if (column.kind === "fold") for (const offset of [5, 2.5]) shape(pen, box(offset), { fill, stroke, width: 1 });
    const [edge, width] = isSelected(column, looked, selectedEvent)
      ? [colours.focus, 2]
      : mark === "decides"
        ? [colours.act, 2]
        : [stroke, 1];
    shape(pen, box(0), { fill, stroke: edge, width });
  }
  const code = eventCode(event.resource, event.action);
  const ink = standing === "plain" ? colours.fg : colours.fg3;
  text(pen, code, [x, m.chainY + 4], { fill: ink, font: `600 11px ${colours.mono}` });
  const number = column.kind === "fold" ? `×${column.events.length}` : seqText(event.seq, density);
  text(pen, number, [x, m.numberY], { fill: colours.fg3, font: `400 10.5px ${colours.mono}` });
  if (mark === undefined || m.hintY === undefined) return;
  paintHint(pen, mark, [x, m.hintY], colours);
  if (strip.isSimulated) underline(pen, mark === "none" ? "no hint" : "Queue", [x, m.hintY], colours);
}

function paintHint(pen: Pen, mark: Mark, [x, y]: readonly [number, number], colours: StripColours): void {
  const font = (weight: number): string => `${weight} 10.5px ${colours.ui}`;
  switch (mark) {
    case "none":
      text(pen, "no hint", [x, y], { fill: colours.fg3, font: font(400) });
      return;
    case "skip":
      line(pen, tile(x - 18, y - 11.1, { width: 36, height: 15 }), { stroke: colours.line2 });
      line(pen, `M${x - 14} ${y - 3.6}h5`, { stroke: colours.fg3, width: 1.3 });
      text(pen, "Skip", [x + 4, y], { fill: colours.fg3, font: font(400) });
      return;
    case "queue":
      line(pen, tile(x - 19, y - 11.6, { width: 38, height: 16 }), { stroke: colours.act });
      text(pen, "Queue", [x, y], { fill: colours.actText, font: font(600) });
      return;
    case "decides":
      shape(pen, tile(x - 19, y - 11.6, { width: 38, height: 16 }), { fill: colours.fillAct });
      text(pen, "Queue", [x, y], { fill: colours.onFill, font: font(600) });
      return;
    default:
      mark satisfies never;
  }
}

interface Look {
  readonly fill?: string;
  readonly stroke?: string;
  readonly width?: number;
  readonly alpha?: number;
  readonly dash?: number[];
}

function shape(pen: Pen, outline: string, { fill, stroke, width = 1, alpha = 1, dash = [] }: Look): void {
  const path = pen.path(outline);
  pen.globalAlpha = alpha;
  if (fill !== undefined) {
    pen.fillStyle = fill;
    pen.fill(path);
  }
  if (stroke !== undefined) {
    pen.strokeStyle = stroke;
    pen.lineWidth = width;
    pen.setLineDash(dash);
    pen.stroke(path);
  }
  pen.globalAlpha = 1;
}

function line(pen: Pen, outline: string, look: Omit<Look, "fill">): void {
  shape(pen, outline, look);
}

function text(pen: Pen, words: string, [x, y]: readonly [number, number], look: { fill: string; font: string }): void {
  pen.fillStyle = look.fill;
  pen.font = look.font;
  pen.fillText(words, x, y);
}

function underline(pen: Pen, words: string, [x, y]: readonly [number, number], { fg3 }: StripColours): void {
  const width = words.length * 5.4;
  line(pen, `M${x - width / 2} ${y + 2.5}h${width}`, { stroke: fg3, dash: [1, 2] });
}

function tile(x: number, y: number, { width, height }: { readonly width: number; readonly height: number }): string {
  const r = 5;
  const across = width - 2 * r;
  const down = height - 2 * r;
  return `M${x + r} ${y}h${across}a${r} ${r} 0 0 1 ${r} ${r}v${down}a${r} ${r} 0 0 1 ${-r} ${r}h${-across}a${r} ${r} 0 0 1 ${-r} ${-r}v${-down}a${r} ${r} 0 0 1 ${r} ${-r}z`;
}
