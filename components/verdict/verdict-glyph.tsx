import { Glyph } from "#components/ui/index.ts";
import type { Severity, VerdictCode } from "#lib/protocol/index.ts";
import { glyphOf } from "./severity.model.ts";

export interface VerdictGlyphProps {
  readonly code: VerdictCode;
  readonly severity: Severity;
  readonly size?: number;
}

/** The severity of a verdict, as a shape with its word for those who do not see it. */
export function VerdictGlyph({ code, severity, size = 12 }: VerdictGlyphProps) {
  return <Glyph state={glyphOf({ code, severity })} size={size} label={severity} />;
}
