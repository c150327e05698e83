import type { Timeline } from "#lib/protocol/index.ts";

export type Span = "all" | "5m" | "1m";

const spanMs = { all: Number.POSITIVE_INFINITY, "5m": 300_000, "1m": 60_000 } as const satisfies Record<Span, number>;

export interface Axis {
  readonly from: number;
  readonly to: number;
  /** Share of the width, from 0 to 1; outside of it before `from`. */
  readonly shareOf: (at: number) => number;
  readonly ticks: readonly number[];
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400].map(
  (seconds) => seconds * 1_000,
);
const mostTicks = 7;

/** From when the pod came, or the span before now, to now. */
export function axisOf({ from }: Pick<Timeline, "from">, now: number, span: Span): Axis {
  const start = Math.min(Math.max(from, now - spanMs[span]), now - 1_000);
  const length = now - start;
  const step = steps.find((each) => length / each <= mostTicks) ?? length;
  const ticks: number[] = [];
  for (let at = Math.ceil(start / step) * step; at < now; at += step) ticks.push(at);
  return { from: start, to: now, shareOf: (at) => (at - start) / length, ticks };
}

export interface Drawn<T> {
  readonly item: T;
  readonly left: number;
  readonly width: number;
}

/** What lies in the axis, cut at its beginning. */
export function drawnStays<T extends { readonly from: number; readonly until?: number | undefined }>(
  items: readonly T[],
  axis: Axis,
): readonly Drawn<T>[] {
  return items
    .filter(({ until }) => (until ?? axis.to) > axis.from)
    .map((item) => {
      const left = Math.max(0, axis.shareOf(item.from));
      return { item, left, width: Math.min(1, axis.shareOf(item.until ?? axis.to)) - left };
    });
}

export function drawnPoints<T extends { readonly at: number }>(items: readonly T[], axis: Axis): readonly Drawn<T>[] {
  return items
    .filter(({ at }) => at >= axis.from && at <= axis.to)
    .map((item) => ({ item, left: axis.shareOf(item.at), width: 0 }));
}

/** Points that would stand on each other: only those that have this much room to the one before are labelled. */
export function spaced<T>(
  points: readonly Drawn<T>[],
  room: number,
): readonly (Drawn<T> & { readonly isLabelled: boolean })[] {
  let last = Number.NEGATIVE_INFINITY;
  return points.map((point) => {
    const isLabelled = point.left - last >= room;
    if (isLabelled) last = point.left;
    return { ...point, isLabelled };
  });
}

/** Where the label stands to the right of its point: only those that have this much room to the next are labelled. */
export function spacedToNext<T>(
  points: readonly Drawn<T>[],
  room: number,
): readonly (Drawn<T> & { readonly isLabelled: boolean })[] {
  return points.map((point, index) => {
    const next = points[index + 1]?.left ?? Number.POSITIVE_INFINITY;
    return { ...point, isLabelled: next - point.left >= room };
  });
}
