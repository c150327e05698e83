"use client";
import { parseAsInteger, parseAsString, useQueryStates } from "nuqs";
import { useMemo } from "react";

export interface Selection {
  /** Uid of the selected pod: in flight, or in a lane. */
  readonly pod: string | undefined;
  /** Number of the selected event. */
  readonly event: number | undefined;
  /** Selecting again what is selected lets it go. */
  readonly selectPod: (uid: string) => void;
  readonly selectEvent: (seq: number) => void;
  readonly selectBoth: (uid: string, seq: number) => void;
  readonly clearPod: () => void;
  readonly clearEvent: () => void;
}

const parsers = { pod: parseAsString, event: parseAsInteger };

/** What is selected stands in the URL: a pasted link shows the same, Back undoes a selection. */
export function useSelection(): Selection {
  const [{ pod, event }, set] = useQueryStates(parsers, { history: "push", scroll: false });
  const actions = useMemo(
    () => ({
      selectPod: (uid: string) => void set((old) => ({ pod: uid === old.pod ? null : uid, event: null })),
      selectEvent: (seq: number) => void set((old) => ({ event: seq === old.event ? null : seq })),
      selectBoth: (uid: string, seq: number) => void set({ pod: uid, event: seq }),
      clearPod: () => void set({ pod: null }),
      clearEvent: () => void set({ event: null }),
    }),
    [set],
  );
  return { pod: pod ?? undefined, event: event ?? undefined, ...actions };
}
