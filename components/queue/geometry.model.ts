/** Where things stand in the picture of the event list. All lengths in CSS pixels, x from the head, y from the top. */

export type Density = "narrow" | "regular" | "wide";

export interface Measures {
  readonly pitch: number;
  readonly tile: number;
  /** Half of a diamond's diagonal. */
  readonly diamond: number;
  /** Middle line of tiles and diamonds. */
  readonly chainY: number;
  readonly numberY: number;
  /** Baseline of the hint chips; absent where the marks in the rows stand for them. */
  readonly hintY: number | undefined;
  readonly headHeight: number;
  /** Width of the column of pod names, left, and of the verdicts, right. */
  readonly names: number;
  readonly verdicts: number;
}

const rowPitch = 34;
/** Middle line of the first row, from the top of the rows. */
const firstRowY = 21;
const bandHeight = 32;
const bandAbove = 17;
const rowsPadding = 6;

export const measures = {
  narrow: {
    pitch: 31,
    tile: 26,
    diamond: 16,
    chainY: 47,
    numberY: 75,
    hintY: undefined,
    headHeight: 92,
    names: 150,
    verdicts: 124,
  },
  regular: {
    pitch: 42,
    tile: 30,
    diamond: 16.5,
    chainY: 49,
    numberY: 79,
    hintY: 97.6,
    headHeight: 112,
    names: 195,
    verdicts: 118,
  },
  wide: {
    pitch: 52,
    tile: 32,
    diamond: 17.5,
    chainY: 49,
    numberY: 80,
    hintY: 98.6,
    headHeight: 112,
    names: 240,
    verdicts: 132,
  },
} as const satisfies Record<Density, Measures>;

/** Middle of a column. */
export function columnX({ pitch }: Measures, index: number): number {
  return pitch / 2 + 1 + index * pitch;
}

/** Where the list ends: behind the last column. */
export function listWidth({ pitch }: Measures, columns: number): number {
  return columns * pitch + 3;
}

export function rowY(index: number): number {
  return firstRowY + index * rowPitch;
}

export function rowBand(index: number): { readonly top: number; readonly height: number } {
  return { top: rowY(index) - bandAbove, height: bandHeight };
}

export function rowsHeight(rows: number): number {
  return rows * rowPitch + rowsPadding;
}

/** Rows that one sees at once: five, a sixth once it is needed and from then on, so that the lists below stay put. */
export function visibleRows(shownSoFar: number): number {
  return Math.min(6, Math.max(5, shownSoFar));
}

/** Rows that need drawing: those inside the scrolled window and a few round it. */
export function rowWindow(
  scrollTop: number,
  height: number,
  rows: number,
): { readonly from: number; readonly to: number } {
  const overscan = 4;
  const from = Math.max(0, Math.floor(scrollTop / rowPitch) - overscan);
  const to = Math.min(rows, Math.ceil((scrollTop + height) / rowPitch) + overscan);
  return { from, to: Math.max(from, to) };
}

/** Columns `from` up to, not with, `to`. */
export interface ColumnRange {
  readonly from: number;
  readonly to: number;
}

const stretch = 16;

/** Columns whose marks need drawing: those in sight and a stretch round them, on borders, so that it seldom changes. */
export function columnsInSight({ pitch }: Measures, left: number, width: number): ColumnRange {
  const first = Math.floor(left / pitch / stretch) - 1;
  const last = Math.ceil((left + width) / pitch / stretch) + 1;
  return { from: Math.max(0, first * stretch), to: last * stretch };
}

export function columnAt({ pitch }: Measures, x: number, columns: number): number | undefined {
  const index = Math.floor((x - 1) / pitch);
  return index >= 0 && index < columns ? index : undefined;
}

export function rowAt(y: number, rows: number): number | undefined {
  const index = Math.floor((y - (firstRowY - bandAbove)) / rowPitch);
  return index >= 0 && index < rows ? index : undefined;
}

/** A diamond round a point. */
export function diamond(x: number, y: number, half: number): string {
  return `M${x} ${y - half}L${x + half} ${y}L${x} ${y + half}L${x - half} ${y}Z`;
}

/** The two arrows between neighbours: each element knows its next and its previous one. */
export function link({ pitch, chainY }: Measures, index: number): string {
  const x = columnX({ pitch } as Measures, index) + pitch / 2;
  const top = chainY - 3;
  const bottom = chainY + 3;
  if (pitch < 36) return `M${x - 3.5} ${chainY - 2.5}h7M${x - 3.5} ${chainY + 2.5}h7`;
  return `M${x - 4} ${top}h7m-2.5-2 2.5 2-2.5 2M${x + 4} ${bottom}h-7m2.5-2-2.5 2 2.5 2`;
}
