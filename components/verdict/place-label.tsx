import { Glyph, QueueLabel } from "#components/ui/index.ts";
import type { Place } from "#lib/protocol/index.ts";
import { drawnPlace, placeName } from "./place.model.ts";

/** Where a pod is, by shape, word and hue. */
export function PlaceLabel({ place }: { readonly place: Place }) {
  const drawn = drawnPlace(place);
  if (drawn !== undefined) return <QueueLabel queue={drawn} />;
  return (
    <span>
      <Glyph state="unknown" /> {placeName(place)}
    </span>
  );
}
