import { z } from "zod";
import { instant } from "./cluster.ts";

/**
 * A part of a sentence. What changes with time is not spelled out: `since` and `until` are instants whose distance from
 * now is shown, `time` is shown as a clock time, `ms` is a duration that stands.
 */
export const sentencePart = z.union([
  z.string(),
  z.object({ since: instant }),
  z.object({ until: instant }),
  z.object({ time: instant }),
  z.object({ ms: z.number() }),
]);
export type SentencePart = z.infer<typeof sentencePart>;

/** Built once, by the diagnosis: whoever shows it lays it out and adds nothing. */
export const sentence = z.array(sentencePart);
export type Sentence = z.infer<typeof sentence>;

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `46 ms`, `9.8 s`, `46 s`, `4m 57s`, `3h 04m`, `2d 3h`. Rounds down. */
export function durationText(ms: number): string {
  const duration = Math.max(0, ms);
  if (duration < second) return `${Math.floor(duration)} ms`;
  if (duration < 10 * second) return `${(Math.floor(duration / 100) / 10).toFixed(1)} s`;
  if (duration < minute) return `${Math.floor(duration / second)} s`;
  if (duration < hour)
    return `${Math.floor(duration / minute)}m ${twoDigits(Math.floor((duration % minute) / second))}s`;
  if (duration < day) return `${Math.floor(duration / hour)}h ${twoDigits(Math.floor((duration % hour) / minute))}m`;
  return `${Math.floor(duration / day)}d ${Math.floor((duration % day) / hour)}h`;
}

/** Counted on the screen, so never in milliseconds: `0.4 s`. */
export function ageText(ms: number): string {
  const age = Math.max(0, ms);
  return age < second ? `${(Math.floor(age / 100) / 10).toFixed(1)} s` : durationText(age);
}

function twoDigits(part: number): string {
  return String(part).padStart(2, "0");
}

/** `14:32:08` where the reader is. */
function clockText(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(":");
}

/** One part as it reads `now`, in the server's milliseconds. */
function partText(part: SentencePart, now: number): string {
  if (typeof part === "string") return part;
  if ("since" in part) return ageText(now - part.since);
  if ("until" in part) return ageText(part.until - now);
  return "ms" in part ? durationText(part.ms) : clockText(part.time);
}

/** The sentence as it reads `now`. */
export function sentenceText(parts: Sentence, now: number): string {
  return parts.map((part) => partText(part, now)).join("");
}

/**
 * How many characters stand in bold: up to the first colon, else the first comma or semicolon, that mark included; else all. The colons
 * of a clock time and of a name end nothing.
 */
export function boldLength(text: string): number {
  const colon = text.search(/:(?= |$)/u);
  const end = colon >= 0 ? colon : text.search(/[,;]/u);
  return end < 0 ? text.length : end + 1;
}
