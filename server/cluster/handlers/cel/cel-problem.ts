/** Where in the text, counted from 1, and how much of it. */
export interface CelPosition {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** An expression that cannot be used: it cannot be read, has the wrong type, or could take too long. */
export class CelProblem extends Error {
  override readonly name = "CelProblem";
  readonly code: "cel-malformed" | "cel-type" | "cel-too-deep" | "cel-regexp";
  /** In one line, without the position. */
  readonly summary: string;
  readonly position: CelPosition;

  constructor(code: CelProblem["code"], summary: string, position: CelPosition) {
    const where =
      position.line === 1 ? `column ${position.column}` : `line ${position.line}, column ${position.column}`;
    super(`the CEL filter cannot be used: ${where}: ${summary}`);
    this.code = code;
    this.summary = summary;
    this.position = position;
  }
}

/** @param range in UTF-16 units from 0, as the parser counts; its end is not part of it */
export function positionOf(text: string, range: { readonly start: number; readonly end: number }): CelPosition {
  const before = text.slice(0, range.start);
  const lineStart = before.lastIndexOf("\n") + 1;
  return {
    line: before.split("\n").length,
    column: range.start - lineStart + 1,
    length: Math.max(1, range.end - range.start),
  };
}
