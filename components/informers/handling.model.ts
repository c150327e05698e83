import { formatCount, formatDuration } from "#components/ui/index.ts";
import type { RegistrationRow } from "#lib/protocol/index.ts";

export interface HandlingBar {
  readonly key: string;
  /** `≤ 5 ms`, `longer`. */
  readonly label: string;
  readonly count: number;
  /** Of the highest bar. */
  readonly share: number;
}

/** Sampled calls by how long they took, the shortest first. */
export function handlingBars({ handlingTimes }: Pick<RegistrationRow, "handlingTimes">): readonly HandlingBar[] {
  const filled = Object.entries(handlingTimes)
    .map(([limit, count]) => ({ limit: Number(limit), count }))
    .sort((a, b) => a.limit - b.limit);
  const highest = Math.max(1, ...filled.map(({ count }) => count));
  return filled.map(({ limit, count }) => ({
    key: String(limit),
    label: limit === Number.POSITIVE_INFINITY ? "longer" : `≤ ${limitText(limit)}`,
    count,
    share: count / highest,
  }));
}

function limitText(ms: number): string {
  return ms < 1 ? `${formatCount(Math.round(ms * 1_000))} µs` : formatDuration(ms);
}
