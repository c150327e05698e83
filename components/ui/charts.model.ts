export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface SparkShape {
  readonly values: readonly number[];
  readonly capacity: number;
  readonly width: number;
  readonly height: number;
}

/** Room for the line's own thickness and for the dot at its end. */
const inset = 3;

/** The newest value is always at the right edge, so a line that has just begun grows from there. */
export function sparkPoints({ values, capacity, width, height }: SparkShape): readonly Point[] {
  const shown = values.slice(-capacity);
  const highest = Math.max(1, ...shown);
  const step = (width - 2 * inset) / Math.max(1, capacity - 1);
  return shown.map((value, index) => ({
    x: round(width - inset - (shown.length - 1 - index) * step),
    y: round(height - inset - (Math.max(0, value) / highest) * (height - 2 * inset)),
  }));
}

export function linePath(points: readonly Point[]): string {
  return points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join("");
}

export function areaPath(points: readonly Point[], height: number): string {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return "";
  return `${linePath(points)}L${last.x} ${height}L${first.x} ${height}Z`;
}

export interface Bar {
  readonly index: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Bars from the bottom, the highest as high as the picture. A bucket that holds anything is at least a pixel high. */
export function histogramBars(buckets: readonly number[], width: number, height: number): readonly Bar[] {
  const highest = Math.max(1, ...buckets);
  const pitch = width / Math.max(1, buckets.length);
  return buckets.map((count, index) => {
    const tall = count > 0 ? Math.max(1, round((count / highest) * height)) : 0;
    return { index, x: round(index * pitch), y: round(height - tall), width: round(pitch * 0.72), height: tall };
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
