"use client";
import { useState } from "react";
import { useTopic, type Watched } from "#components/live/index.ts";
import type { LaneName, Lanes, LaneWindow, View } from "#lib/protocol/index.ts";
import { firstWindow, isSameWindow } from "./lane-window.model.ts";

export interface WatchedLanes {
  readonly lanes: Watched<Lanes>;
  readonly setWindow: (name: LaneName, window: LaneWindow) => void;
}

/** The lanes, through the windows that are on the screen. */
export function useLanes(cluster: string): WatchedLanes {
  const [view, setView] = useState<View<"lanes">>({
    active: firstWindow,
    backoff: firstWindow,
    unschedulable: firstWindow,
  });
  return {
    lanes: useTopic(cluster, "lanes", view),
    setWindow: (name, window) => setView((old) => (isSameWindow(old[name], window) ? old : { ...old, [name]: window })),
  };
}
