import type { Clock } from "#lib/clock/index.ts";
import type { ChangeFilter, ObjectFilter } from "#lib/informer/index.ts";
import { objectKey, parseSelectorText, type KubeObject } from "#lib/kube/index.ts";
import type { HandlerFilter, PreviewProblem } from "#lib/protocol/index.ts";
import { CelFilter, CelProblem } from "./cel/index.ts";
import { parseFieldSelector } from "./field-selector.ts";

/** What one registration wants to hear of. Nothing typed is nothing asked for. */
export interface HandlerPredicate {
  /** Of an object; absent for every object. */
  readonly filter?: ObjectFilter<KubeObject>;
  /** Of a change, for a CEL expression that looks at the object before. */
  readonly accepts?: ChangeFilter<KubeObject>;
  /** Shows what became of the CEL expression. */
  readonly cel?: CelFilter;
}

export interface FilterTools {
  readonly clock: Clock;
  /** Milliseconds, with fractions. */
  readonly stopwatch: () => number;
}

/** The predicate, or all that is wrong with its fields. A CEL expression counts for this one predicate. */
export function readFilter(
  { namespace = "", labelSelector = "", fieldSelector = "", cel = "" }: HandlerFilter,
  { clock, stopwatch }: FilterTools,
): HandlerPredicate | { readonly problems: readonly PreviewProblem[] } {
  const problems: PreviewProblem[] = [];
  const read = <R>(text: string, parse: (text: string) => R, problem: (error: unknown) => PreviewProblem) => {
    if (text.trim() === "") return undefined;
    try {
      return parse(text);
    } catch (error) {
      problems.push(problem(error));
      return undefined;
    }
  };
  const labels = read(labelSelector, parseSelectorText, (error) => ({
    field: "labelSelector",
    code: "selector-malformed",
    message: `the label selector cannot be read: ${messageOf(error)}`,
  }));
  const fields = read(fieldSelector, parseFieldSelector, (error) => ({
    field: "fieldSelector",
    code: "field-selector-malformed",
    message: `the field selector cannot be read: ${messageOf(error)}`,
  }));
  const expression = read(cel, (text) => new CelFilter(text, clock, stopwatch), celProblem);
  if (problems.length > 0) return { problems };
  const all: ObjectFilter<KubeObject>[] = [];
  if (namespace !== "") all.push(({ metadata }) => metadata.namespace === namespace);
  if (labels !== undefined) all.push(({ metadata }) => labels.matches(metadata.labels));
  if (fields !== undefined) all.push(fields);
  if (expression?.readsOldObject === false) all.push((object) => expression.matches(object, null, objectKey(object)));
  return {
    ...(all.length === 0 ? {} : { filter: (object: KubeObject) => all.every((passes) => passes(object)) }),
    ...(expression === undefined ? {} : { cel: expression }),
    ...(expression?.readsOldObject === true
      ? {
          accepts: (object: KubeObject, before: KubeObject | undefined) =>
            expression.matches(object, before ?? null, objectKey(object)),
        }
      : {}),
  };
}

/** Whether an object of the store would be told as an add. */
export function passes({ filter, accepts }: HandlerPredicate, object: KubeObject): boolean {
  return (filter?.(object) ?? true) && (accepts?.(object, undefined) ?? true);
}

function celProblem(error: unknown): PreviewProblem {
  if (!(error instanceof CelProblem)) throw error;
  return { field: "cel", code: error.code, message: error.message, ...error.position };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
