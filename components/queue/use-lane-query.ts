"use client";
import { parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import { maxQueryLength } from "#lib/protocol/index.ts";

export interface LaneQuery {
  /** What stands in the address, as tokens. */
  readonly query: string;
  readonly setQuery: (query: string) => void;
  readonly draft: string;
  readonly setDraft: (draft: string) => void;
  /** What the server is asked: the draft counts already. Empty where it is longer than anybody writes. */
  readonly asked: string;
  readonly problem: string | undefined;
  readonly isOpen: boolean;
  /** Opened by a person just now, not by a link. */
  readonly isOpened: boolean;
  readonly open: () => void;
  readonly close: () => void;
}

/** The filter of the lanes. The address holds it, so that a link shows the same pods. */
export function useLaneQuery(): LaneQuery {
  const [query, set] = useQueryState("q", parseAsString.withDefault("").withOptions({ history: "replace" }));
  const [draft, setDraft] = useState("");
  const [isOpened, setIsOpened] = useState(false);
  const whole = `${query} ${draft}`.trim();
  const isTooLong = whole.length > maxQueryLength;
  const setQuery = (next: string): void => void set(next === "" ? null : next);
  return {
    query,
    setQuery,
    draft,
    setDraft,
    asked: isTooLong ? "" : whole,
    problem: isTooLong ? `The filter is longer than ${maxQueryLength} characters: nothing is left out.` : undefined,
    isOpen: isOpened || query !== "",
    isOpened,
    open: () => setIsOpened(true),
    close: () => {
      setQuery("");
      setDraft("");
      setIsOpened(false);
    },
  };
}
