"use client";
import { useClock, useConnection, usePause, useTopic } from "#components/live/index.ts";
import type { Overview } from "#lib/protocol/index.ts";
import { stalenessOf, type Staleness } from "./staleness.model.ts";

const noView = {};
/** To the second: whoever uses it is drawn once a second and not with every message. */
const asOfIn = ({ asOf }: Overview): number => Math.floor(asOf / 1_000) * 1_000;

/**
 * How old the picture of a cluster is although the server answers. A picture that stands still on purpose, or because
 * there is no connection, is told by others.
 */
export function useStaleness(cluster: string): { readonly staleness: Staleness; readonly asOf: number } {
  const topic = useTopic(cluster, "overview", noView, asOfIn);
  const connection = useConnection().state;
  const { isPaused } = usePause().state;
  const now = useClock();
  if (topic.phase !== "live" || connection.phase !== "connected" || isPaused) return { staleness: "fresh", asOf: now };
  return { staleness: stalenessOf(topic.value, now), asOf: topic.value };
}
