"use client";
import { useNow } from "#components/live/index.ts";
import { formatDuration } from "#components/ui/index.ts";

const tenths = 10_000;

/** The server's time, as often as an age of this size needs it: tenths below ten seconds, else seconds. */
export function useNowFor(isCountedInTenths: (now: number) => boolean): number {
  const seconds = useNow(1_000);
  return useNow(isCountedInTenths(seconds) ? 100 : 1_000);
}

/** How long something has been in flight: `412 ms`, `11.8 s`. Draws text only, so it may stand in an SVG. */
export function InFlightFor({ since }: { readonly since: number }) {
  const now = useNowFor((seconds) => seconds - since < tenths);
  return formatDuration(Math.max(0, now - since));
}
