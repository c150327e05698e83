"use client";
import { parseAsArrayOf, parseAsInteger, parseAsString, useQueryStates } from "nuqs";
import { useMemo } from "react";

export interface Selection {
  /** Uid of the selected pod: in flight, or in a lane. */
  readonly pod: string | undefined;
  /** Number of the selected event. */
  readonly event: number | undefined;
  /** Selecting again what is selected lets it go. */
  /** Plugins that are supposed to have rejected the selected pod, instead of those that did. */
  readonly whatIf: readonly string[] | undefined;
  /** Without plugins: back to those that did. */
  readonly suppose: (plugins: readonly string[] | undefined) => void;
  readonly selectPod: (uid: string) => void;
  readonly selectEvent: (seq: number) => void;
  readonly selectBoth: (uid: string, seq: number) => void;
  readonly clearPod: () => void;
  readonly clearEvent: () => void;
}

const parsers = { pod: parseAsString, event: parseAsInteger, rej: parseAsArrayOf(parseAsString) };

/** What is selected stands in the URL: a pasted link shows the same, Back undoes a selection. */
export function useSelection(): Selection {
  const [{ pod, event, rej }, set] = useQueryStates(parsers, { history: "push", scroll: false });
  const actions = useMemo(
    () => ({
      selectPod: (uid: string) => void set((old) => ({ pod: uid === old.pod ? null : uid, event: null, rej: null })),
      selectEvent: (seq: number) => void set((old) => ({ event: seq === old.event ? null : seq })),
      selectBoth: (uid: string, seq: number) =>
        void set((old) => ({ pod: uid, event: seq, ...(uid === old.pod ? {} : { rej: null }) })),
      suppose: (plugins: readonly string[] | undefined) =>
        void set({ rej: plugins === undefined ? null : [...plugins] }, { history: "replace" }),
      clearPod: () => void set({ pod: null, rej: null }),
      clearEvent: () => void set({ event: null }),
    }),
    [set],
  );
  return { pod: pod ?? undefined, event: event ?? undefined, whatIf: rej ?? undefined, ...actions };
}
