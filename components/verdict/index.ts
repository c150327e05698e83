export { PlaceLabel } from "./place-label.tsx";
export { placeGlyph, placeName, placeTone } from "./place.model.ts";
export { SentenceText } from "./sentence-text.tsx";
export { glyphOf } from "./severity.model.ts";
export { VerdictGlyph } from "./verdict-glyph.tsx";
