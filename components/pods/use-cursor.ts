"use client";
import { useState } from "react";

export interface CursorOptions {
  readonly count: number;
  /** Undefined: not known yet. */
  readonly keyAt: (index: number) => string | undefined;
  /** The rows that are drawn: where a row that has moved is looked for. */
  readonly from: number;
  readonly to: number;
}

export interface Cursor {
  readonly index: number | undefined;
  /** Where it comes to, `by` rows further. */
  readonly moved: (by: 1 | -1) => number | undefined;
  readonly put: (index: number | undefined) => void;
}

/** The row that the keys are about. It goes along with its row; where that is gone, it stays in its place. */
export function useCursor({ count, keyAt, from, to }: CursorOptions): Cursor {
  const [at, setAt] = useState<{ readonly index: number; readonly key: string | undefined }>();
  const index = at === undefined || count === 0 ? undefined : indexOf(at);
  const key = index === undefined ? undefined : keyAt(index);
  // What it stands on once it is known, and where that has gone.
  if (at !== undefined && index !== undefined && key !== undefined && (at.index !== index || at.key !== key))
    setAt({ index, key });

  function indexOf({ index: last, key: wanted }: { readonly index: number; readonly key: string | undefined }): number {
    if (wanted !== undefined && keyAt(last) !== wanted)
      for (let other = from; other <= to; other++) if (keyAt(other) === wanted) return other;
    return Math.min(last, count - 1);
  }

  return {
    index,
    moved: (by) =>
      count === 0 ? undefined : Math.min(count - 1, Math.max(0, (index ?? (by > 0 ? from - 1 : count)) + by)),
    put: (next) => setAt(next === undefined ? undefined : { index: next, key: keyAt(next) }),
  };
}
