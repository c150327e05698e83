import { ParseError, type ParseResult } from "@marcbachmann/cel-js";
import { guardName, linearMatchName, readingEnvironment } from "./cel-environment.ts";
import { analyse, isGuarded, type CelAnalysis } from "./cel-guards.ts";
import { CelProblem, positionOf } from "./cel-problem.ts";
import { LinearRegExps } from "./linear-regexp.ts";

/** Milliseconds, with fractions. */
export type Stopwatch = () => number;

/** It ran longer than any filter may on one object. */
export class CelOverrunError extends Error {
  override readonly name = "CelOverrunError";
}

/** One evaluation ends here at the latest, so that nothing else waits for it. */
const longestEvaluationMs = 10;
/** Items between two looks at the stopwatch. */
const itemsPerLook = 16;

/** An expression that is ready to be asked. */
export interface CelExpression {
  /** Whether it is about updates: it says `oldObject`. */
  readonly readsOldObject: boolean;
  /** Throws what evaluation throws: a key that is missing, an overrun, an answer that is neither true nor false. */
  evaluate(object: unknown, oldObject: unknown): boolean;
}

/** @throws CelProblem with the place in the text */
export function compileCel(text: string, stopwatch: Stopwatch): CelExpression {
  const analysis = readCel(text);
  const regExps = new LinearRegExps();
  let startedAt = 0;
  const environment = readingEnvironment
    .clone()
    .registerFunction(`${guardName}(dyn): list<dyn>`, (list: unknown) =>
      guarded(list, () => {
        if (stopwatch() - startedAt > longestEvaluationMs) {
          throw new CelOverrunError(`it took more than ${longestEvaluationMs} ms on one object`);
        }
      }),
    )
    .registerFunction(`string.${linearMatchName}(string): bool`, (subject: string, pattern: string) =>
      regExps.test(subject, pattern),
    );
  const run = environment.parse(analysis.guarded);
  if (!isGuarded(run.ast)) {
    throw new CelProblem(
      "cel-malformed",
      "write it more simply: its parts cannot be told apart",
      positionOf(text, run.ast.range),
    );
  }
  return {
    readsOldObject: analysis.readsOldObject,
    evaluate: (object, oldObject) => {
      startedAt = stopwatch();
      const answer: unknown = run({ object, oldObject });
      if (typeof answer !== "boolean") throw new TypeError(`its answer is ${typeof answer}, expected bool`);
      return answer;
    },
  };
}

function readCel(text: string): CelAnalysis {
  let read: ParseResult;
  try {
    read = readingEnvironment.parse(text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new CelProblem("cel-malformed", error.summary, positionOf(text, error.range ?? { start: 0, end: 0 }));
  }
  const { valid, type, error } = read.check();
  if (!valid) {
    const range = error?.range ?? read.ast.range;
    throw new CelProblem("cel-type", error?.summary ?? "its types do not fit", positionOf(text, range));
  }
  if (type !== "bool" && type !== "dyn") {
    throw new CelProblem(
      "cel-type",
      `its answer is ${type ?? "unknown"}, expected bool`,
      positionOf(text, read.ast.range),
    );
  }
  const analysis = analyse(text, read.ast);
  for (const { pattern, node } of analysis.patterns) {
    try {
      new LinearRegExps().test("", pattern);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new CelProblem("cel-regexp", why, positionOf(text, node.range));
    }
  }
  return analysis;
}

/** The list, or the keys of a map, that looks at the time while it is gone through. */
function guarded(list: unknown, look: () => void): unknown {
  if (typeof list !== "object" || list === null) throw new TypeError("expected a list or a map to go through");
  let items = 0;
  look();
  return new Proxy(Array.isArray(list) ? list : Object.keys(list), {
    get: (target, key) => {
      if (++items % itemsPerLook === 0) look();
      return Reflect.get(target, key) as unknown;
    },
  });
}
