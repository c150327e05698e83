import { formatAge, formatCount, formatPeriod } from "#components/ui/index.ts";
import type { Lane, LaneName, LaneRow } from "#lib/protocol/index.ts";

const second = 1_000;
/** An age line is full at this age: upstream's pool flush, and what a pod in activeQ should not wait for. */
const ageLimitMs = { active: 8 * second, unschedulable: 300 * second } as const;
/** From here to the flush an age is set in bold. */
const overdueFrom = 0.85;
const histogramBuckets = 24;

export const laneOrders = {
  active: "by priority",
  backoff: "by expiry",
  unschedulable: "oldest first, flushed at 5m",
} as const satisfies Record<LaneName, string>;

/** How much of its limit a pod has used up, 0 to 1: in backoffQ of its own backoff, which fills as it expires. */
export function ageShare(lane: LaneName, row: LaneRow, now: number): number {
  const age = now - row.since;
  const limit = lane === "backoff" ? (row.backoffUntil ?? now) - row.since : ageLimitMs[lane];
  if (limit <= 0) return 1;
  return Math.min(1, Math.max(0, age / limit));
}

/** Age, in backoffQ the time that is left. */
export function laneTime(lane: LaneName, row: LaneRow, now: number): string {
  return formatAge(lane === "backoff" ? (row.backoffUntil ?? now) - now : now - row.since);
}

/** Only the pool has a limit that is an event of its own: the flush. */
export function isNearFlush(lane: LaneName, row: LaneRow, now: number): boolean {
  return lane === "unschedulable" && ageShare(lane, row, now) >= overdueFrom;
}

/** Whether a time is counted in tenths, and so has to move ten times a second. */
export function isCountedInTenths(lane: LaneName, row: LaneRow, now: number): boolean {
  const shown = lane === "backoff" ? (row.backoffUntil ?? now) - now : now - row.since;
  return shown < 10 * second;
}

/** `3×`, and where earlier attempts are unknown the lower bound that we do know. */
export function attemptsText({ attempts, isAttemptsAtLeast }: LaneRow): string {
  return `${isAttemptsAtLeast ? "≥" : ""}${attempts}×`;
}

export function attemptsWords({ attempts, isAttemptsAtLeast }: LaneRow): string {
  const words = `${attempts} ${attempts === 1 ? "attempt" : "attempts"}`;
  return isAttemptsAtLeast ? `at least ${words}` : words;
}

/** In lanes only: without `Node` or `Pod` in front, unless nothing telling is left (`NodeAffinity`, `NodePorts`). */
export function shortPlugin(plugin: string): string {
  return /^(?:Node|Pod)(?=[A-Z][a-z]+[A-Z])/.test(plugin) ? plugin.slice(plugin.startsWith("Node") ? 4 : 3) : plugin;
}

/** A filter that lets nobody pass is not an empty queue. */
export function noPodText({ of = 0 }: Pick<Lane, "of">): string {
  return of === 0 ? "No pod is here." : "No pod here matches.";
}

/** "1 to 11 of 1,204" */
export function footerText(first: number, last: number, count: number): string {
  if (count === 0) return "none";
  const to = Math.min(count, last + 1);
  return `${formatCount(Math.min(first + 1, to))} to ${formatCount(to)} of ${formatCount(count)}`;
}

/** Ends of the histogram's axis. */
export function axisOf(lane: LaneName, { histogramMaxMs }: Lane): readonly [string, string] {
  return [lane === "backoff" ? "now" : "0", formatPeriod(histogramMaxMs)];
}

/** From which bucket on a pod is about to be flushed. */
export function strongFrom(lane: LaneName): number {
  return lane === "unschedulable" ? histogramBuckets - 2 : Number.POSITIVE_INFINITY;
}

/** The histogram as a finding. */
export function histogramFinding(lane: LaneName, { histogram, histogramMaxMs }: Lane): string {
  const total = histogram.reduce((sum, pods) => sum + pods, 0);
  if (total === 0) return "no pods";
  let seen = 0;
  const median = histogram.findIndex((pods) => (seen += pods) * 2 >= total);
  const within = formatPeriod(Math.ceil((((median + 1) / histogram.length) * histogramMaxMs) / second) * second);
  return lane === "backoff" ? `half of them retry within ${within}` : `half of them have waited less than ${within}`;
}
