"use client";
import { useState } from "react";
import type { Lane } from "#lib/protocol/index.ts";
import { freeze, refresh, type FrozenLane } from "./frozen-lane.model.ts";

/** The order to draw a lane in: undefined, the server's; while somebody is inside, that of the moment they came. */
export function useFrozenLane(lane: Lane, isInside: boolean): FrozenLane | undefined {
  const [frozen, setFrozen] = useState<FrozenLane>();
  const next = isInside ? (frozen === undefined ? freeze(lane) : refresh(frozen, lane)) : undefined;
  if (next !== frozen) setFrozen(next);
  return next;
}
