"use client";
import { useEffect, useState } from "react";
import type { Lane } from "#lib/protocol/index.ts";
import { arrivals, isSmallChange } from "./lane-motion.model.ts";

/** A lane whose order changes more often than this is drawn without moving rows. */
const calmAfterMs = 400;

export interface LaneMotion {
  /** Whether a change of order may be shown as movement. */
  readonly isCalm: boolean;
  readonly joined: ReadonlySet<string>;
}

export function useLaneMotion(lane: Lane): LaneMotion {
  const [seen, setSeen] = useState<{ readonly lane: Lane; readonly joined: ReadonlySet<string> }>({
    lane,
    joined: new Set(),
  });
  const next = seen.lane === lane ? seen : { lane, joined: arrivals(seen.lane, lane) };
  if (next !== seen) setSeen(next);

  const [calmOrder, setCalmOrder] = useState(lane.order);
  useEffect(() => {
    const timer = setTimeout(() => setCalmOrder(lane.order), calmAfterMs);
    return () => clearTimeout(timer);
  }, [lane.order]);
  const [before, setBefore] = useState(lane.order);
  const [isCalm, setIsCalm] = useState(true);
  if (before !== lane.order) {
    setBefore(lane.order);
    setIsCalm(before === calmOrder && isSmallChange(before, lane.order));
  }
  return { isCalm, joined: next.joined };
}
