import type { Clock, Instant } from "#lib/clock/index.ts";
import { compileCel, type CelExpression, type Stopwatch } from "./cel-expression.ts";

/** On so many objects an evaluation may take longer than `slowMs`, each time it is tried. */
const mostSlowObjects = 3;
const slowMs = 2;

export interface CelStop {
  readonly at: Instant;
  readonly reason: string;
}

/**
 * The expression of one registration. An evaluation that fails counts as no match, and is counted. One that is slow on
 * three objects is stopped for good: from then on nothing matches.
 */
export class CelFilter {
  readonly #expression: CelExpression;
  readonly #clock: Clock;
  readonly #stopwatch: Stopwatch;
  readonly #slowObjects = new Set<unknown>();
  #errors = 0;
  #lastError = "";
  #stop: CelStop | undefined;

  /** @throws CelProblem with the place in the text */
  constructor(text: string, clock: Clock, stopwatch: Stopwatch) {
    this.#expression = compileCel(text, stopwatch);
    this.#clock = clock;
    this.#stopwatch = stopwatch;
  }

  get readsOldObject(): boolean {
    return this.#expression.readsOldObject;
  }

  get errors(): { readonly count: number; readonly last: string } | undefined {
    return this.#errors === 0 ? undefined : { count: this.#errors, last: this.#lastError };
  }

  get stop(): CelStop | undefined {
    return this.#stop;
  }

  /** @param identity of the object: slow on one of them is slow on one, however often it changes. */
  matches(object: unknown, oldObject: unknown, identity: unknown): boolean {
    if (this.#stop !== undefined) return false;
    const startedAt = this.#stopwatch();
    const answer = this.#evaluate(object, oldObject);
    if (this.#stopwatch() - startedAt > slowMs) this.#wasSlow(object, oldObject, identity);
    if (typeof answer === "boolean") return answer;
    this.#errors++;
    this.#lastError = answer;
    return false;
  }

  /** The answer, or what went wrong. */
  #evaluate(object: unknown, oldObject: unknown): boolean | string {
    try {
      return this.#expression.evaluate(object, oldObject);
    } catch (error) {
      // The evaluator's errors show the source over several lines; the first says what it is.
      const message = error instanceof Error ? error.message : String(error);
      return message.split("\n", 1)[0] ?? "";
    }
  }

  /** Once more, to tell a slow expression from a machine that had something else to do. */
  #wasSlow(object: unknown, oldObject: unknown, identity: unknown): void {
    const startedAt = this.#stopwatch();
    this.#evaluate(object, oldObject);
    if (this.#stopwatch() - startedAt <= slowMs) return;
    this.#slowObjects.add(identity);
    if (this.#slowObjects.size < mostSlowObjects) return;
    const reason = `its CEL filter took more than ${slowMs} ms on ${mostSlowObjects} objects`;
    this.#stop = { at: this.#clock.now(), reason };
    this.#slowObjects.clear();
  }
}
