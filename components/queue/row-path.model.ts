import type { InFlightPod } from "#lib/protocol/index.ts";
import { seqsOf, type Column } from "./columns.model.ts";
import { columnX, listWidth, type ColumnRange, type Measures } from "./geometry.model.ts";
import { markOfColumn, type Mark } from "./marks.model.ts";

/** One pod's window as outlines round y = 0: one path per kind of mark, however many events there are. */
export interface RowPaths {
  /** From its marker, or from the picture's edge when the marker is not drawn, to the tail. */
  readonly window: string;
  readonly markerX: number | undefined;
  readonly none: string;
  readonly skipBoxes: string;
  readonly skipDashes: string;
  readonly queueBoxes: string;
  readonly queueArrows: string;
  readonly decidingBox: string;
  readonly decidingArrow: string;
}

interface PlacedMark {
  readonly x: number;
  readonly mark: Mark;
}

/** x of a pod's own element; undefined when it is older than what is drawn. */
function markerX(m: Measures, columns: readonly Column[], seq: number): number | undefined {
  const index = columns.findIndex((column) => column.kind === "marker" && column.pod.seq === seq);
  return index === -1 ? undefined : columnX(m, index);
}

function marksOf(
  m: Measures,
  columns: readonly Column[],
  pod: InFlightPod,
  { from, to }: ColumnRange,
): readonly PlacedMark[] {
  return columns.slice(from, to).flatMap((column, offset) => {
    const mark = seqsOf(column).to > pod.seq ? markOfColumn(pod, column) : undefined;
    return mark === undefined ? [] : [{ x: columnX(m, from + offset), mark }];
  });
}

export function rowPaths(m: Measures, columns: readonly Column[], pod: InFlightPod, range: ColumnRange): RowPaths {
  const marks = marksOf(m, columns, pod, range);
  const at = (wanted: Mark, draw: (x: number) => string): string =>
    marks.map(({ x, mark }) => (mark === wanted ? draw(x) : "")).join("");
  const marker = markerX(m, columns, pod.seq);
  return {
    window: `M${marker ?? 0} 0H${listWidth(m, columns.length)}`,
    markerX: marker,
    none: at("none", (x) => ring(x, 2.2)),
    skipBoxes: at("skip", (x) => box(x, 13)),
    skipDashes: at("skip", (x) => `M${x - 3} 0h6`),
    queueBoxes: at("queue", (x) => box(x, 13)),
    queueArrows: at("queue", arrow),
    decidingBox: at("decides", (x) => box(x, 14)),
    decidingArrow: at("decides", arrow),
  };
}

function box(x: number, size: number): string {
  const half = size / 2;
  const r = 3;
  const side = size - 2 * r;
  return `M${x - half + r} ${-half}h${side}a${r} ${r} 0 0 1 ${r} ${r}v${side}a${r} ${r} 0 0 1 ${-r} ${r}h${-side}a${r} ${r} 0 0 1 ${-r} ${-r}v${-side}a${r} ${r} 0 0 1 ${r} ${-r}z`;
}

function ring(x: number, r: number): string {
  return `M${x - r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
}

function arrow(x: number): string {
  return `M${x} 3.2v-6M${x - 2.6} -0.4l2.6-2.7 2.6 2.7`;
}
