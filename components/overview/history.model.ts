import { formatClock, formatCount, formatPeriod, formatPlural, type QueueState } from "#components/ui/index.ts";
import type { History, HistoryPoint, HistoryRange } from "#lib/protocol/index.ts";

/** How far back each range goes, in milliseconds. */
export const rangeMs = {
  "15m": 15 * 60_000,
  "1h": 60 * 60_000,
  "6h": 360 * 60_000,
} as const satisfies Record<HistoryRange, number>;

/** Oldest first. */
export function pointsOf(history: History | undefined): readonly HistoryPoint[] {
  return history === undefined ? [] : Object.values(history.points).sort((a, b) => a.at - b.at);
}

/** How many points a range holds when it is full. */
export function capacityOf(history: History | undefined, range: HistoryRange): number {
  return Math.round(rangeMs[range] / (history?.stepMs ?? 15_000));
}

/** "unchanged in 15m", "up 412 in 40 s": from the oldest point that is known to now. Nothing before there is one. */
export function changeSentence(
  points: readonly HistoryPoint[],
  queue: QueueState,
  count: number,
  asOf: number,
): string {
  const first = points[0];
  if (first === undefined) return "";
  const change = count - first[queue];
  const time = formatPeriod(Math.max(1, Math.round((asOf - first.at) / 15_000)) * 15_000);
  if (change === 0) return `unchanged in ${time}`;
  return `${change > 0 ? "up" : "down"} ${formatCount(Math.abs(change))} in ${time}`;
}

/** The list is far longer than it usually is, since somebody was popped behind whom nothing can be pruned. */
export interface Pinned {
  readonly at: number;
  readonly text: string;
}

const farLonger = 10;

/** Upstream's leak had this shape: one pod in flight for ever, and a list that only grows behind its marker. */
export function pinnedBy({
  points,
  listLengthMedian,
}: Pick<History, "points" | "listLengthMedian">): Pinned | undefined {
  const newest = Object.values(points).reduce<HistoryPoint | undefined>(
    (last, point) => (last === undefined || point.at > last.at ? point : last),
    undefined,
  );
  const { pinnedBy: pod, listLengthMax = 0 } = newest ?? {};
  if (pod === undefined || listLengthMax <= farLonger * Math.max(1, listLengthMedian)) return undefined;
  const held = Object.values(points).filter((point) => point.pinnedBy?.uid === pod.uid);
  const since = Math.min(...held.map(({ at }) => at));
  return { at: since, text: `${pod.name} popped, nothing pruned since` };
}

/** The chart in words. */
export function listLengthSentence(points: readonly HistoryPoint[], now: number, pin?: Pinned): string {
  const longest = Math.max(now, ...points.map(({ listLengthMax }) => listLengthMax));
  const why = pin === undefined ? "" : `; ${pin.text} ${formatClock(pin.at)}`;
  return `event list, now ${formatPlural(now, "element")}, longest ${formatCount(longest)}${why}`;
}
