"use client";
import { useState } from "react";
import type { Watched } from "#components/live/index.ts";
import type { Events, Lanes, PodRef } from "#lib/protocol/index.ts";
import type { Selection } from "./use-selection.ts";

interface Seen {
  readonly events: Watched<Events>;
  readonly lanes: Watched<Lanes>;
}

/** Who the selected pod is. Its name is kept when it leaves what is on the screen. */
export function useChosenPod({ pod: uid }: Selection, seen: Seen): PodRef | undefined {
  const [known, setKnown] = useState<PodRef>();
  const now = uid === undefined ? undefined : nameOf(uid, seen);
  if (now !== undefined && now.uid !== known?.uid) setKnown(now);
  return now ?? (known?.uid === uid ? known : undefined);
}

function nameOf(uid: string, { events, lanes }: Seen): PodRef | undefined {
  const flying = events.phase === "live" ? events.value.pods[uid] : undefined;
  if (flying !== undefined) return flying;
  if (lanes.phase !== "live") return undefined;
  const { active, backoff, unschedulable } = lanes.value;
  return active.rows[uid] ?? backoff.rows[uid] ?? unschedulable.rows[uid];
}
