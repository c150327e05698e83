import { ageText, durationText } from "#lib/protocol/index.ts";

/** How numbers, durations and times are written. Pure; the exact value belongs into the tooltip of a shortened one. */

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** `1,204` up to 99,999, then `104k`, `1.2M`. Rounds down, so that it never claims more than there is. */
export function formatCount(count: number): string {
  if (count < 100_000) return grouped.format(count);
  if (count < 1_000_000) return `${Math.floor(count / 1_000)}k`;
  if (count < 10_000_000) return `${(Math.floor(count / 100_000) / 10).toFixed(1)}M`;
  return `${grouped.format(Math.floor(count / 1_000_000))}M`;
}

/** Every digit: for tooltips, and for counters whose rising is what one looks at. */
export function formatExactCount(count: number): string {
  return grouped.format(count);
}

/** `969/s`, `0.3/s`, `0/s`. */
export function formatRate(perSecond: number): string {
  const tenths = Math.round(perSecond * 10) / 10;
  return `${tenths >= 10 || Number.isInteger(tenths) ? formatCount(Math.round(tenths)) : tenths.toFixed(1)}/s`;
}

/** `57%`: 100% only when all of it is done, 0% only when none is. */
export function formatPercent(part: number, whole: number): string {
  if (whole <= 0) return "100%";
  const percent = Math.floor((part / whole) * 100);
  return `${part > 0 ? Math.max(1, percent) : 0}%`;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** `46 ms`, `9.8 s`, `46 s`, `4m 57s`, `3h 04m`, `2d 3h`: as sentences that the server writes say it. */
export const formatDuration = durationText;

/** A duration that is counted on the screen: tenths below ten seconds, `0.4 s` and not `412 ms`. */
export const formatAge = ageText;

/** A period somebody chose, without the zeros: `none`, `30 s`, `10m`, `1h 30m`. */
export function formatPeriod(ms: number | undefined): string {
  if (ms === undefined || ms === 0) return "none";
  if (ms < minute || ms % second !== 0) return formatDuration(ms);
  const parts = [
    [Math.floor(ms / hour), "h"],
    [Math.floor((ms % hour) / minute), "m"],
    [Math.floor((ms % minute) / second), "s"],
  ] as const;
  return parts.flatMap(([amount, unit]) => (amount > 0 ? [`${amount}${unit}`] : [])).join(" ");
}

export interface ClockOptions {
  /** Only inside a loupe or a tail. */
  readonly withMilliseconds?: boolean;
  /** Of the browser unless given. */
  readonly timeZone?: string;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** `14:32:08`, 24 hours. The zone stands once, in the status bar. */
export function formatClock(instant: number, { withMilliseconds = false, timeZone }: ClockOptions = {}): string {
  const key = `${timeZone ?? ""} ${withMilliseconds}`;
  let clock = clocks.get(key);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
      ...(withMilliseconds ? { fractionalSecondDigits: 3 as const } : {}),
      ...(timeZone === undefined ? {} : { timeZone }),
    });
    clocks.set(key, clock);
  }
  return clock.format(instant);
}

/** `UTC`, `GMT+1`: of the browser unless given. */
export function formatZone(instant: number, timeZone?: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZoneName: "short",
    ...(timeZone === undefined ? {} : { timeZone }),
  }).formatToParts(instant);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}

/** `1 pod`, `2 pods`. */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
