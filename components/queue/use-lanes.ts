"use client";
import { useState } from "react";
import { useTopic, type Watched } from "#components/live/index.ts";
import type { FoundPod, LaneName, Lanes, LaneWindow, View } from "#lib/protocol/index.ts";
import { firstWindow, isSameWindow } from "./lane-window.model.ts";

/** A pod that a link names: by uid, or by namespace and name. */
export type LinkedPod = NonNullable<View<"lanes">["find"]>;

export interface WatchedLanes {
  readonly lanes: Watched<Lanes>;
  readonly setWindow: (name: LaneName, window: LaneWindow) => void;
  /** Where the pod of the link was when the page opened. */
  readonly found: FoundPod | undefined;
}

/** The lanes under a filter, through the windows that are on the screen. Where the linked pod is, is asked once. */
export function useLanes(cluster: string, query: string, linked: LinkedPod | undefined): WatchedLanes {
  const [windows, setWindows] = useState({ active: firstWindow, backoff: firstWindow, unschedulable: firstWindow });
  const [found, setFound] = useState<FoundPod>();
  const isSought = linked !== undefined && found === undefined;
  const lanes = useTopic(cluster, "lanes", {
    ...windows,
    ...(query === "" ? {} : { q: query }),
    ...(isSought ? { find: linked } : {}),
  });
  if (isSought && lanes.phase === "live" && lanes.value.found !== undefined) setFound(lanes.value.found);
  return {
    lanes,
    setWindow: (name, window) =>
      setWindows((old) => (isSameWindow(old[name], window) ? old : { ...old, [name]: window })),
    found,
  };
}
