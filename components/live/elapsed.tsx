"use client";
import { formatAge } from "#components/ui/index.ts";
import { useNow } from "./use-live-state.ts";

const tenths = 10_000;

/** The server's time, as often as a time of this size needs it: ten times a second while tenths are shown, else once. */
export function useNowFor(isCountedInTenths: (now: number) => boolean): number {
  const seconds = useNow(1_000);
  return useNow(isCountedInTenths(seconds) ? 100 : 1_000);
}

export interface ElapsedProps {
  readonly since: number;
  /** How it is written; `0.4 s` unless given. */
  readonly format?: (ms: number) => string;
}

/** How long ago something was, by the server's clock. Draws text only, so it may stand in an SVG. */
export function Elapsed({ since, format = formatAge }: ElapsedProps) {
  const now = useNowFor((seconds) => seconds - since < tenths);
  return format(now - since);
}
