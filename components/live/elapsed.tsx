"use client";
import { formatAge } from "#components/ui/index.ts";
import { useNow } from "./use-live-state.ts";

const tenths = 10_000;

/** How long ago something was, by the server's clock: tenths below ten seconds, else seconds. Text only. */
export function Elapsed({ since }: { readonly since: number }) {
  const seconds = useNow(1_000);
  const now = useNow(seconds - since < tenths ? 100 : 1_000);
  return formatAge(now - since);
}
