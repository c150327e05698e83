export { SentenceText } from "./sentence-text.tsx";
export { glyphOf, needsYou } from "./severity.model.ts";
export { VerdictGlyph } from "./verdict-glyph.tsx";
