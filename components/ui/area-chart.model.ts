export interface Sample {
  readonly at: number;
  readonly value: number;
}

export interface AreaChartShape {
  /** Oldest first. */
  readonly samples: readonly Sample[];
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly height: number;
}

export interface AreaChartPicture {
  readonly line: string;
  readonly area: string;
  readonly last: { readonly x: number; readonly y: number } | undefined;
  /** What the top stands for: the smallest round number that nothing exceeds. */
  readonly top: number;
  readonly xOf: (at: number) => number;
}

/** A line over its area, in a frame from `from` to `to` and from 0 to a round number. */
export function areaChart({ samples, from, to, width, height }: AreaChartShape): AreaChartPicture {
  const top = roundUp(Math.max(1, ...samples.map(({ value }) => value)));
  const xOf = (at: number): number => hundredths(((at - from) / Math.max(1, to - from)) * width);
  const points = samples
    .filter(({ at }) => at >= from && at <= to)
    .map(({ at, value }) => ({ x: xOf(at), y: hundredths(height - (value / top) * height) }));
  const line = points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join("");
  const [first] = points;
  const last = points.at(-1);
  const area = first === undefined || last === undefined ? "" : `${line}L${last.x} ${height}L${first.x} ${height}Z`;
  return { line, area, last, top, xOf };
}

/** 1, 2, 5, 10, 20, 50 … */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10;
  return step * power;
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
