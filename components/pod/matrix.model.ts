import { formatPlural } from "#components/ui/index.ts";
import type { Matrix, MatrixColumn } from "#lib/protocol/index.ts";

/** Where everything of the matrix stands, in pixels. Columns of several nodes are wider, by the logarithm of their number. */
export interface MatrixLayout {
  readonly columns: readonly PlacedColumn[];
  readonly groups: readonly PlacedGroup[];
  readonly width: number;
}

export interface PlacedColumn {
  readonly column: MatrixColumn;
  readonly group: string;
  readonly x: number;
  readonly width: number;
}

export interface PlacedGroup {
  readonly key: string;
  readonly label: string;
  readonly nodes: number;
  readonly x: number;
  readonly width: number;
}

export const cell = { pitch: 13, height: 22, gap: 2, groupGap: 12 } as const;
const widest = 90;
/** A column that can be clicked is as wide as a finger's target must be. */
const leastTarget = 24;

export function columnWidth(count: number, pitch: number = cell.pitch): number {
  if (count <= 1) return pitch;
  return Math.max(leastTarget, Math.min(widest, cell.pitch + Math.round(Math.log2(count) * 9)));
}

/** So many have room to be wide, wherever they are shown. */
const few = 24;
const widePitch = 22;

/** @param room in pixels: columns are as wide as fills it, within their bounds */
export function layoutOf(matrix: Pick<Matrix, "groups" | "columns">, room = 0): MatrixLayout {
  const count = Object.keys(matrix.columns).length;
  if (count <= few) return layoutAt(matrix, widePitch);
  const narrow = layoutAt(matrix, cell.pitch);
  const more = Math.floor((room - narrow.width) / count);
  return more <= 0 ? narrow : layoutAt(matrix, Math.min(widePitch, cell.pitch + more));
}

function layoutAt({ groups, columns }: Pick<Matrix, "groups" | "columns">, pitch: number): MatrixLayout {
  const placed: PlacedColumn[] = [];
  const placedGroups: PlacedGroup[] = [];
  let x = 0;
  for (const { key, label, nodes, order } of groups) {
    const from = x;
    for (const name of order) {
      const column = columns[name];
      if (column === undefined) continue;
      const width = columnWidth(column.count, pitch);
      placed.push({ column, group: label, x, width });
      x += width;
    }
    placedGroups.push({ key, label, nodes, x: from, width: x - from });
    x = Math.max(x, from + labelWidth(label, nodes)) + cell.groupGap;
  }
  return { columns: placed, groups: placedGroups, width: Math.max(0, Math.ceil(x - cell.groupGap)) };
}

/** Room for the name of a group, also where it has one node only. */
function labelWidth(label: string, nodes: number): number {
  return (label.length + String(nodes).length + 1) * 6.4;
}

/** Columns side by side that the same change would open. */
export interface NearRun {
  readonly ranks: readonly number[];
  readonly x: number;
  readonly width: number;
}

export function nearRuns(columns: readonly PlacedColumn[]): readonly NearRun[] {
  const runs: NearRun[] = [];
  for (const { column, x, width } of columns) {
    if (column.near.length === 0) continue;
    const last = runs.at(-1);
    const goesOn = last !== undefined && last.x + last.width === x && last.ranks.join() === column.near.join();
    if (goesOn) runs[runs.length - 1] = { ...last, width: last.width + width };
    else runs.push({ ranks: column.near, x, width });
  }
  return runs;
}

/** The index of the column at `x`; -1 between two groups. */
export function columnAt(columns: readonly PlacedColumn[], x: number): number {
  const index = firstEndingAfter(columns, x);
  const column = columns[index];
  return column !== undefined && column.x <= x ? index : -1;
}

/** Those that can be seen between two places, however many there are besides. */
export function columnsBetween(columns: readonly PlacedColumn[], from: number, to: number): readonly PlacedColumn[] {
  const start = firstEndingAfter(columns, from);
  let end = start;
  while (end < columns.length && (columns[end]?.x ?? to) < to) end++;
  return columns.slice(start, end);
}

function firstEndingAfter(columns: readonly PlacedColumn[], x: number): number {
  let low = 0;
  let high = columns.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const column = columns[middle];
    if (column !== undefined && column.x + column.width <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** All cells of one kind as one path, so that thousands of nodes are three elements: `x` rejects, `o` would also, `.` passes. */
export function cellPath(columns: readonly PlacedColumn[], row: number, kind: "x" | "o" | "."): string {
  return columns
    .filter(({ column }) => column.cells[row] === kind)
    .map(({ x, width }) => (kind === "." ? dotPath(x + width / 2) : rectPath(x, width, kind === "o" ? 0.5 : 0)))
    .join("");
}

function rectPath(x: number, width: number, inset: number): string {
  const left = x + cell.gap / 2 + inset;
  const wide = width - cell.gap - 2 * inset;
  const top = 4 + inset;
  const tall = cell.height - 8 - 2 * inset;
  return `M${left} ${top}h${wide}v${tall}h${-wide}z`;
}

function dotPath(x: number): string {
  return `M${x} ${cell.height / 2}h.001`;
}

/** "9 nodes of pool general: NodeResourcesFit cpu rejects, NodeAffinity would also reject" */
export function columnName({ column, group }: PlacedColumn, rows: Matrix["rows"]): string {
  const who = column.name ?? `${column.count} nodes of ${group}`;
  if (column.fits) return `${who}: takes the pod`;
  const label = ({ plugin, resource }: Matrix["rows"][number]): string =>
    resource === undefined ? plugin : `${plugin} ${resource}`;
  const of = (kind: string): string =>
    rows
      .filter((_, index) => column.cells[index] === kind)
      .map(label)
      .join(", ");
  const also = of("o");
  return `${who}: ${of("x")} rejects${also === "" ? "" : `, ${also} would also reject`}`;
}

/** No bar reaches a request that no node can meet, and a request out of all proportion does not flatten the bars. */
export function barScale(needed: number, most: number): number {
  return Math.max(most, Math.min(needed, most * 1.25));
}

/** How high the bar of a resource is, of its room; and the request's line. */
export function barShare(value: number, max: number): number {
  return max <= 0 ? 0 : Math.min(1, Math.max(0, value / max));
}

/** What most nodes have that the pod does not tolerate; `undefined` where nothing keeps it away. */
export function taintsText({ taints }: Pick<Matrix, "taints">): string | undefined {
  if (taints.length === 0) return undefined;
  const named = taints.map(({ taint, nodes }) => `${taint} on ${formatPlural(nodes, "node")}`);
  return `Not tolerated: ${named.join(", ")}.`;
}
