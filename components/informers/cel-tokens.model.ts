export type CelTokenKind = "variable" | "call" | "text" | "plain";

export interface CelToken {
  readonly at: number;
  readonly kind: CelTokenKind;
  readonly text: string;
  /** The place that the server complains about begins or lies in it. */
  readonly isWrong: boolean;
}

/** Where the server found a mistake. Both count from 1. */
export interface CelMark {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

const pattern =
  /(?<text>"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)|(?<variable>\b(?:object|oldObject)\b)|(?<call>\b[a-zA-Z_]\w*(?=\())/gu;

/** An expression in coloured pieces. Only as far as a glance needs: the server decides what it means. */
export function celTokens(source: string, mark?: CelMark): readonly CelToken[] {
  const tokens: CelToken[] = [];
  const wrong = mark === undefined ? undefined : rangeOf(source, mark);
  const push = (at: number, text: string, kind: CelTokenKind): void => {
    for (const [from, to, isWrong] of cut(at, at + text.length, wrong))
      tokens.push({ at: from, kind, text: source.slice(from, to), isWrong });
  };
  let end = 0;
  for (const { index, 0: text, groups = {} } of source.matchAll(pattern)) {
    push(end, source.slice(end, index), "plain");
    push(index, text, groups["text"] !== undefined ? "text" : groups["variable"] !== undefined ? "variable" : "call");
    end = index + text.length;
  }
  push(end, source.slice(end), "plain");
  return tokens;
}

type Range = readonly [from: number, to: number];

function cut(from: number, to: number, wrong: Range | undefined): readonly (readonly [number, number, boolean])[] {
  if (wrong === undefined) return from === to ? [] : [[from, to, false]];
  const start = Math.min(to, Math.max(from, wrong[0]));
  const stop = Math.max(start, Math.min(to, wrong[1]));
  return (
    [
      [from, start, false],
      [start, stop, true],
      [stop, to, false],
    ] as const
  ).filter(([a, b]) => a < b);
}

function rangeOf(source: string, { line, column, length }: CelMark): Range {
  const before = source.split("\n").slice(0, line - 1);
  const lineStart = before.reduce((sum, text) => sum + text.length + 1, 0);
  const from = Math.min(lineStart + column - 1, Math.max(0, source.length - 1));
  return [from, from + Math.max(1, length)];
}
