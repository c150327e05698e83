import { setFlagsFromString } from "node:v8";

const mostKept = 64;
const longestPattern = 512;
/** Known only once its engine is enabled. */
const linear = "l";

/**
 * Regular expressions that take time in proportion to the text, whatever the pattern: CEL promises RE2, and a pattern
 * that backtracks could hold up everything else for minutes. V8 has such an engine behind a flag; what it cannot do, as
 * look-around and references back, is refused.
 */
export class LinearRegExps {
  readonly #kept = new Map<string, RegExp>();

  /** @throws SyntaxError for a pattern that cannot be read, or not be run in linear time */
  test(text: string, pattern: string): boolean {
    return this.#compiled(pattern).test(text);
  }

  #compiled(pattern: string): RegExp {
    const kept = this.#kept.get(pattern);
    if (kept !== undefined) return kept;
    if (pattern.length > longestPattern) throw new SyntaxError(`a pattern has at most ${longestPattern} characters`);
    enableLinearEngine();
    const compiled = new RegExp(pattern, linear);
    // Patterns may come from objects: what is kept is bounded, and begins anew when it is full.
    if (this.#kept.size === mostKept) this.#kept.clear();
    this.#kept.set(pattern, compiled);
    return compiled;
  }
}

let isEnabled = false;

/** Of the whole process: it only makes the flag `l` known. */
function enableLinearEngine(): void {
  if (isEnabled) return;
  setFlagsFromString("--enable-experimental-regexp-engine");
  isEnabled = true;
}
