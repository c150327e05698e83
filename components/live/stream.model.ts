import { applyPatch, type JsonObject } from "#lib/protocol/index.ts";

/** One subscription as it arrives: nothing yet, or a whole value and the number of the last message in it. */
export type Stream =
  | { readonly phase: "syncing" }
  | { readonly phase: "live"; readonly seq: number; readonly value: JsonObject }
  /** A message was lost. The last value stays on the screen until a new subscription has its snapshot. */
  | { readonly phase: "broken" };

export const syncing: Stream = { phase: "syncing" };

/** A snapshot may come at any time and replaces whatever there was. */
export function receiveSnapshot(seq: number, value: JsonObject): Stream {
  return { phase: "live", seq, value };
}

/** A delta applies to the value of the message before it; anything else is a gap, which only a snapshot closes. */
export function receiveDelta(stream: Stream, seq: number, patch: JsonObject): Stream {
  if (stream.phase !== "live") return { phase: "broken" };
  if (seq <= stream.seq) return stream; // the snapshot already has it
  if (seq > stream.seq + 1) return { phase: "broken" };
  return { phase: "live", seq, value: applyPatch(stream.value, patch) };
}
