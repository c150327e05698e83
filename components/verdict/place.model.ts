import { queueNames, queueTones, type GlyphState, type QueueState, type Tone } from "#components/ui/index.ts";
import type { Place } from "#lib/protocol/index.ts";

/** A place as it is drawn. Error backoff is drawn with the backoff queue; who is outside is in no queue. */
export function drawnPlace(place: Place): QueueState | undefined {
  if (place === "outside") return undefined;
  return place === "errorBackoff" ? "backoff" : place;
}

export function placeName(place: Place): string {
  const drawn = drawnPlace(place);
  if (drawn === undefined) return "in no queue";
  return place === "errorBackoff" ? "backoffQ, after an error" : queueNames[drawn];
}

export function placeGlyph(place: Place): GlyphState {
  return drawnPlace(place) ?? "unknown";
}

export function placeTone(place: Place): Tone {
  const drawn = drawnPlace(place);
  return drawn === undefined ? "neutral" : queueTones[drawn];
}
