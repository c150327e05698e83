"use client";
import { useState } from "react";
import type { PodRow } from "#lib/protocol/index.ts";

export interface Marks {
  /** In the order in which they were selected. */
  readonly rows: readonly PodRow[];
  /** Where the next extension begins. */
  readonly anchor: number | undefined;
  readonly has: (row: PodRow) => boolean;
  readonly toggle: (row: PodRow, index: number) => void;
  readonly add: (rows: readonly PodRow[], index: number) => void;
  readonly clear: () => void;
}

interface Marked {
  readonly rows: ReadonlyMap<string, PodRow>;
  readonly anchor: number | undefined;
}

const none: Marked = { rows: new Map(), anchor: undefined };

/** Rows that somebody has selected, to take them along. A row stays selected wherever it goes. */
export function useMarks(): Marks {
  const [{ rows, anchor }, set] = useState(none);
  return {
    rows: [...rows.values()],
    anchor,
    has: ({ key }) => rows.has(key),
    toggle: (row, index) => {
      const next = new Map(rows);
      if (!next.delete(row.key)) next.set(row.key, row);
      set({ rows: next, anchor: index });
    },
    add: (more, index) =>
      set({ rows: new Map([...rows, ...more.map((row) => [row.key, row] as const)]), anchor: index }),
    clear: () => set(none),
  };
}
