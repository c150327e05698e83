"use client";
import { parseAsInteger, parseAsString, useQueryStates } from "nuqs";

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

/** What is selected stands in the URL: a pasted link shows the same, Back undoes a selection. */
export function useSelection(): Selection {
  const [{ pod, event }, set] = useQueryStates(
    { pod: parseAsString, event: parseAsInteger },
    { history: "push", scroll: false },
  );
  return {
    pod: pod ?? undefined,
    event: event ?? undefined,
    selectPod: (uid) => void set({ pod: uid === pod ? null : uid, event: null }),
    selectEvent: (seq) => void set({ event: seq === event ? null : seq }),
    selectBoth: (uid, seq) => void set({ pod: uid, event: seq }),
    clearPod: () => void set({ pod: null }),
    clearEvent: () => void set({ event: null }),
  };
}
