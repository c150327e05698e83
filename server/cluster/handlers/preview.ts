import type { Clock } from "#lib/clock/index.ts";
import type { SharedIndexInformer } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type { PreviewProblem, PreviewResponse } from "#lib/protocol/index.ts";
import { passes, type FilterTools, type HandlerPredicate } from "./filter.ts";

/** One turn of the event loop gets so much of it. */
const sliceMs = 8;
/** Then it answers with what it has found so far. */
const patienceMs = 1_000;
/** Objects between two looks at the stopwatch. */
const objectsPerLook = 16;

export type Matches = Required<Pick<PreviewResponse, "objects" | "matching" | "examined">> &
  Pick<PreviewResponse, "filterErrors"> & { readonly problems: readonly PreviewProblem[] };

/** How many objects of a store pass. Works in slices, for a bounded time, and changes nothing. */
export async function countMatches(
  { store }: SharedIndexInformer<KubeObject>,
  predicate: HandlerPredicate,
  { clock, stopwatch }: FilterTools,
): Promise<Matches> {
  const objects = store.list();
  const isEverything = predicate.filter === undefined && predicate.accepts === undefined;
  if (isEverything)
    return matches(predicate, { objects: objects.length, matching: objects.length, examined: objects.length });
  let matching = 0;
  let examined = 0;
  const slices = new Slices(clock, stopwatch);
  for (const object of objects) {
    if (examined % objectsPerLook === 0 && !(await slices.mayGoOn())) break;
    if (predicate.cel?.stop !== undefined) break;
    if (passes(predicate, object)) matching++;
    examined++;
  }
  return matches(predicate, { objects: objects.length, matching, examined });
}

function matches(
  { cel }: HandlerPredicate,
  counts: Required<Pick<PreviewResponse, "objects" | "matching" | "examined">>,
): Matches {
  const problems: PreviewProblem[] =
    cel?.stop === undefined ? [] : [{ field: "cel", code: "cel-slow", message: cel.stop.reason }];
  return { ...counts, ...(cel?.errors === undefined ? {} : { filterErrors: cel.errors }), problems };
}

/** Time that is taken in small pieces, and not for ever. */
class Slices {
  readonly #clock: Clock;
  readonly #stopwatch: () => number;
  readonly #startedAt: number;
  #sliceStartedAt: number;

  constructor(clock: Clock, stopwatch: () => number) {
    this.#clock = clock;
    this.#stopwatch = stopwatch;
    this.#startedAt = stopwatch();
    this.#sliceStartedAt = this.#startedAt;
  }

  /** Lets others run when a slice is over. False once all the time is used up. */
  async mayGoOn(): Promise<boolean> {
    const now = this.#stopwatch();
    if (now - this.#startedAt > patienceMs) return false;
    if (now - this.#sliceStartedAt > sliceMs) {
      await this.#clock.yield();
      this.#sliceStartedAt = this.#stopwatch();
    }
    return true;
  }
}
