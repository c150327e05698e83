import type { Signal } from "#lib/clock/index.ts";
import { ApiStatusError } from "./api-errors.ts";
import { InterruptedError, orInterrupted } from "./interruption.ts";
import type { ListerWatcher, ListMeta, ListOptions } from "./lister-watcher.ts";
import { paced, type Pacer } from "./pacer.ts";

/** The list arrived, and its objects cannot be taken into the store: the transform failed. Nothing has changed. */
export class SyncFailedError extends Error {
  override readonly name = "SyncFailedError";
}

/** Changes an object before it is kept, in place or not. Throwing drops a watch event and fails a list. */
export type Transform<T> = (object: T) => T;

export interface Listed<T> {
  readonly objects: readonly T[];
  /** Of the first page. */
  readonly resourceVersion: string;
  readonly isPaginated: boolean;
}

export interface ListRequest<T> {
  readonly source: ListerWatcher<T>;
  readonly resourceVersion: string;
  /** 0 is no limit. */
  readonly pageSize: number;
  readonly transform: Transform<T> | undefined;
  readonly signal: Signal;
  readonly pacer: Pacer;
  /**
   * Called for each page when it is asked for, and for each piece that arrives. `pagesAbout`: how many pages it will be,
   * once the server has said how much remains.
   */
  readonly progress: (page: number, received: number, pagesAbout: number | undefined) => void;
}

/**
 * The whole collection, page by page. A page token that expired is answered by one request for everything, at the
 * version of the first page. Rejects with the error of a page, and with a SyncFailedError when the transform fails.
 * Upstream: `pager.ListPager`.
 */
export async function listObjects<T>(request: ListRequest<T>): Promise<Listed<T>> {
  const { resourceVersion, pageSize } = request;
  const first = await new PageReader(request, 1).read({ resourceVersion, limit: pageSize, continue: "" });
  if (continueOf(first.metadata) === "") return complete(first, { request, isPaginated: false });

  const listed = { objects: first.objects, metadata: first.metadata, transformed: first.transformed };
  let token = continueOf(first.metadata);
  let pagesAbout = first.pagesAbout;
  for (let number = 2; token !== ""; number++) {
    try {
      const reader = new PageReader(request, number, { received: listed.objects.length, pagesAbout });
      const page = await reader.read({ resourceVersion: "", limit: pageSize, continue: token });
      for (const object of page.objects) listed.objects.push(object);
      token = continueOf(page.metadata);
      pagesAbout = page.pagesAbout;
    } catch (error) {
      // Only the reason Expired counts here, Gone does not.
      if (!(error instanceof ApiStatusError) || error.reason !== "Expired") throw error;
      const whole = await new PageReader(request, number).read({ resourceVersion, limit: 0, continue: "" });
      return complete(whole, { request, isPaginated: true });
    }
  }
  return complete(listed, { request, isPaginated: true });
}

interface Page<T> {
  readonly objects: T[];
  readonly metadata: ListMeta;
  /** How many of the objects, from the first, went through the transform. */
  readonly transformed: number;
  readonly pagesAbout: number | undefined;
}

async function complete<T>(
  page: Omit<Page<T>, "pagesAbout">,
  { request, isPaginated }: { request: ListRequest<T>; isPaginated: boolean },
): Promise<Listed<T>> {
  await transformFrom(page.transformed, page.objects, request);
  return { objects: page.objects, resourceVersion: page.metadata.resourceVersion ?? "", isPaginated };
}

/**
 * One request. The objects of an answer that is known to be the whole list are transformed as they come, so that a
 * large body never stands in memory untransformed; those of a page wait until the list is complete, because a page
 * that fails makes all of them worthless.
 */
class PageReader<T> {
  readonly #request: ListRequest<T>;
  readonly #number: number;
  readonly #before: number;
  readonly #objects: T[] = [];
  #pagesAbout: number | undefined;
  #metadata: ListMeta | undefined;
  #transformed = 0;

  constructor(
    request: ListRequest<T>,
    number: number,
    before: { readonly received: number; readonly pagesAbout: number | undefined } = {
      received: 0,
      pagesAbout: undefined,
    },
  ) {
    this.#request = request;
    this.#number = number;
    this.#before = before.received;
    this.#pagesAbout = before.pagesAbout;
  }

  async read(options: ListOptions): Promise<Page<T>> {
    const { source, signal, progress } = this.#request;
    progress(this.#number, this.#before, this.#pagesAbout);
    const parts = (await orInterrupted(source.list(options, signal), signal))[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { done, value: part } = await orInterrupted(parts.next(), signal);
        if (done === true) break;
        if (part.kind === "metadata") this.#learn(part.metadata);
        else await this.#take(part.items);
        const isWhole = options.continue === "" && this.#metadata !== undefined && continueOf(this.#metadata) === "";
        if (isWhole) await this.#transform();
      }
    } catch (error) {
      void parts.return?.()?.catch(() => {});
      throw error;
    }
    return {
      objects: this.#objects,
      metadata: this.#metadata ?? {},
      transformed: this.#transformed,
      pagesAbout: this.#pagesAbout,
    };
  }

  /** The server says how much remains after this page; not where a selector makes it costly to know. */
  #learn(metadata: ListMeta): void {
    const { remainingItemCount } = metadata;
    const { pageSize } = this.#request;
    this.#metadata = metadata;
    if (pageSize > 0 && remainingItemCount !== undefined) {
      this.#pagesAbout = this.#number + Math.ceil(remainingItemCount / pageSize);
    }
  }

  async #take(items: readonly T[]): Promise<void> {
    const { pacer, signal, progress } = this.#request;
    for (const item of items) this.#objects.push(item);
    progress(this.#number, this.#before + this.#objects.length, this.#pagesAbout);
    const pause = pacer.pauseIfDue();
    if (pause !== undefined) await pause;
    if (signal.aborted) throw new InterruptedError();
  }

  async #transform(): Promise<void> {
    await transformFrom(this.#transformed, this.#objects, this.#request);
    this.#transformed = this.#objects.length;
  }
}

async function transformFrom<T>(start: number, objects: T[], { transform, pacer }: ListRequest<T>): Promise<void> {
  if (transform === undefined || start === objects.length) return;
  let index = start;
  await paced(objects.slice(start), pacer, (object) => {
    objects[index++] = transformed(object, transform);
  });
}

function transformed<T>(object: T, transform: Transform<T>): T {
  try {
    return transform(object);
  } catch (cause) {
    throw new SyncFailedError("unable to sync the list: the transform failed", { cause });
  }
}

function continueOf(metadata: ListMeta): string {
  return metadata.continue ?? "";
}
