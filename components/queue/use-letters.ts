"use client";
import { useCallback, useState } from "react";
import type { Events } from "#lib/protocol/index.ts";
import { firstPop, letterOf } from "./letters.model.ts";

/** Letters of this page view: A is the oldest pod in flight when the page opened. */
export function useLetters(events: Events | undefined): (popIndex: number) => string {
  const [first, setFirst] = useState<number>();
  const next = firstPop(
    first,
    Object.values(events?.pods ?? {}).map(({ popIndex }) => popIndex),
  );
  if (next !== first) setFirst(next);
  return useCallback((popIndex: number) => lettered(popIndex, next), [next]);
}

/** A ghost may be older than the page: it was given no letter. */
function lettered(popIndex: number, first: number | undefined): string {
  return first === undefined || popIndex < first ? "·" : letterOf(popIndex - first);
}
