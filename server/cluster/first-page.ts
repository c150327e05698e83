import { Abort, type Clock, type Instant } from "#lib/clock/index.ts";
import type { ListerWatcher } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";

/** Asked again no sooner: somebody who types asks often. */
const keptMs = 10_000;
const patienceMs = 3_000;

/** What a list of one object tells of a collection: about how many there are, or why it cannot be listed. */
export type FirstPage = { readonly objects: number | undefined } | { readonly error: unknown };

/** Asks servers about collections that no informer has listed yet, each at most once in ten seconds. */
export class FirstPages {
  readonly #clock: Clock;
  readonly #asked = new Map<string, { readonly at: Instant; readonly page: Promise<FirstPage> }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(key: string, source: ListerWatcher<KubeObject>): Promise<FirstPage> {
    const now = this.#clock.now();
    for (const [asked, { at }] of this.#asked) if (now - at > keptMs) this.#asked.delete(asked);
    const known = this.#asked.get(key);
    if (known !== undefined) return known.page;
    const page = firstPage(source, this.#clock);
    this.#asked.set(key, { at: now, page });
    return page;
  }
}

async function firstPage(source: ListerWatcher<KubeObject>, clock: Clock): Promise<FirstPage> {
  const limit = new Abort();
  const timer = clock.setTimer(patienceMs, () => limit.abort());
  let objects = 0;
  let remaining: number | undefined;
  try {
    for await (const part of await source.list({ resourceVersion: "", limit: 1, continue: "" }, limit.signal)) {
      if (part.kind === "items") objects += part.items.length;
      else remaining = (part.metadata.continue ?? "") === "" ? 0 : part.metadata.remainingItemCount;
    }
    return { objects: remaining === undefined ? undefined : objects + remaining };
  } catch (error) {
    // That it took too long says nothing about the collection.
    return limit.signal.aborted ? { objects: undefined } : { error };
  } finally {
    timer.cancel();
  }
}
