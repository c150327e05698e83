import { Abort, type Signal } from "#lib/clock/index.ts";
import { keyOf, objectKey, type KubeObject, type ObjectKey } from "#lib/kube/index.ts";
import { apiStatusError, ConnectionError, type ApiStatusError } from "../api-errors.ts";
import type { ListerWatcher, ListMeta, ListOptions, ListPart, WatchOptions } from "../lister-watcher.ts";
import type { ObjectEvent, WatchEvent } from "../watch-event.ts";
import { FakeStream } from "./fake-stream.ts";

interface Change {
  readonly version: number;
  readonly event: ObjectEvent<KubeObject>;
}

/** One request as it came. */
export type FakeRequest =
  { readonly kind: "list"; readonly options: ListOptions } | { readonly kind: "watch"; readonly options: WatchOptions };

/**
 * A small API server for one resource, reached without a network: it keeps versions and history, pages, streams lists,
 * and fails as it is told.
 */
export class FakeSource implements ListerWatcher<KubeObject> {
  /** Refuse streaming lists, as servers without WatchList do. */
  canStreamLists = true;
  /** Honour `limit` at version 0, as servers without a watch cache do. */
  pagesAtZero = false;
  /** Whether a streaming list ends its initial events by itself. */
  endsInitialEvents = true;
  readonly requests: FakeRequest[] = [];

  readonly #objects = new Map<ObjectKey, KubeObject>();
  readonly #streams = new Set<FakeStream>();
  readonly #failures: { readonly kind: FakeRequest["kind"]; readonly error: Error }[] = [];
  #history: Change[] = [];
  #compactedAt = 0;
  #version = 100;
  #uids = 0;
  #isOffline = false;
  #released: PromiseWithResolvers<void> | undefined;

  get version(): string {
    return String(this.#version);
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  objects(): readonly KubeObject[] {
    return [...this.#objects.values()];
  }

  /** A second object of that name is another one. */
  create(namespace: string, name: string, labels: Readonly<Record<string, string>> = {}): KubeObject {
    return this.#write("ADDED", { namespace, name, labels, uid: `u${++this.#uids}` });
  }

  /** Answers whether there was such an object. */
  updateIfPresent(namespace: string, name: string, labels: Readonly<Record<string, string>>): boolean {
    const object = this.#objects.get(keyOf(namespace, name));
    if (object === undefined) return false;
    this.#write("MODIFIED", { ...object.metadata, labels });
    return true;
  }

  deleteIfPresent(namespace: string, name: string): boolean {
    const object = this.#objects.get(keyOf(namespace, name));
    if (object === undefined) return false;
    this.#write("DELETED", object.metadata);
    return true;
  }

  /** The next request of that kind is answered with `error`. */
  failNext(kind: FakeRequest["kind"], error: Error): void {
    this.#failures.push({ kind, error });
  }

  /** What `failNext` has left to fail does not fail any more. */
  forgive(): void {
    this.#failures.length = 0;
  }

  /** Lists are not answered before `release`. */
  hold(): void {
    this.#released = Promise.withResolvers<void>();
  }

  release(): void {
    this.#released?.resolve();
    this.#released = undefined;
  }

  /** Connections break, and new ones are refused. */
  goOffline(): void {
    this.#isOffline = true;
    this.endStreams(new ConnectionError("reset", "the connection was reset"));
  }

  goOnline(): void {
    this.#isOffline = false;
  }

  /** Without an error they are closed. */
  endStreams(error?: Error): void {
    for (const stream of this.#streams) stream.end(error);
  }

  send(...events: readonly WatchEvent<KubeObject>[]): void {
    for (const stream of this.#streams) stream.push(events);
  }

  sendBookmark(): void {
    this.send({ type: "BOOKMARK", metadata: { resourceVersion: this.version } });
  }

  sendInitialEventsEnd(): void {
    this.send(initialEventsEnd(this.version));
  }

  /** Versions up to now can no longer be watched or paged. */
  compact(): void {
    this.#compactedAt = this.#version;
  }

  /** Something else in the cluster used up versions. */
  bumpVersion(): void {
    this.#version++;
  }

  async list(options: ListOptions, signal: Signal): Promise<AsyncIterable<ListPart<KubeObject>>> {
    await this.#accept({ kind: "list", options }, signal);
    const [at = this.#version, after = ""] = options.continue === "" ? [] : tokenOf(options.continue);
    if (options.continue !== "" && at < this.#compactedAt) throw expired();
    const isLimited = options.limit > 0 && (options.resourceVersion !== "0" || this.pagesAtZero);
    const rest = [...this.#stateAt(at)].filter(([key]) => key > after).sort(([a], [b]) => (a < b ? -1 : 1));
    const page = isLimited ? rest.slice(0, options.limit) : rest;
    const last = page.at(-1);
    const remainingItemCount = rest.length - page.length;
    const token =
      remainingItemCount > 0 && last !== undefined ? { continue: `${at}|${last[0]}`, remainingItemCount } : {};
    return partsOf(
      { resourceVersion: String(at), ...token },
      page.map(([, object]) => object),
    );
  }

  async watch(options: WatchOptions, signal: Signal): Promise<AsyncIterable<readonly WatchEvent<KubeObject>[]>> {
    await this.#accept({ kind: "watch", options }, signal);
    const isInitial = options.sendInitialEvents || ["", "0"].includes(options.resourceVersion);
    if (options.sendInitialEvents && !this.canStreamLists) throw apiStatusError("no streaming lists", 422);
    const from = Number(options.resourceVersion);
    if (!isInitial && from < this.#compactedAt) throw expired();
    const stream = new FakeStream(signal, () => this.#streams.delete(stream));
    this.#streams.add(stream);
    if (isInitial) stream.push(this.objects().map((object) => ({ type: "ADDED", object: named(object) })));
    else stream.push(this.#history.filter(({ version }) => version > from).map(({ event }) => event));
    if (options.sendInitialEvents && this.endsInitialEvents) stream.push([initialEventsEnd(this.version)]);
    return stream;
  }

  async #accept(request: FakeRequest, signal: Signal): Promise<void> {
    this.requests.push(request);
    if (this.#isOffline) throw new ConnectionError("refused", "connection refused");
    const failure = this.#failures.findIndex(({ kind }) => kind === request.kind);
    const [failed] = failure === -1 ? [] : this.#failures.splice(failure, 1);
    if (failed !== undefined) throw failed.error;
    if (request.kind === "list" && this.#released !== undefined) {
      const cancelled = new Promise<void>((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      await Promise.race([this.#released.promise, cancelled]);
    }
    if (signal.aborted) throw new ConnectionError("closed", "cancelled");
  }

  #write(type: ObjectEvent<KubeObject>["type"], metadata: KubeObject["metadata"]): KubeObject {
    const object: KubeObject = { metadata: { ...metadata, resourceVersion: String(++this.#version) } };
    const key = objectKey(object);
    if (type === "DELETED") this.#objects.delete(key);
    else this.#objects.set(key, object);
    const event = { type, object: named(object) };
    this.#history.push({ version: this.#version, event });
    this.send(event);
    return object;
  }

  #stateAt(at: number): Map<ObjectKey, KubeObject> {
    const state = new Map<ObjectKey, KubeObject>();
    for (const { version, event } of this.#history) {
      if (version > at) break;
      const object: KubeObject = { metadata: event.object.metadata };
      if (event.type === "DELETED") state.delete(objectKey(object));
      else state.set(objectKey(object), object);
    }
    return state;
  }
}

export function expired(): ApiStatusError {
  return apiStatusError({ kind: "Status", code: 410, reason: "Expired", message: "too old resource version" }, 410);
}

/** A signal that nobody aborts. */
export function never(): Signal {
  return new Abort().signal;
}

function initialEventsEnd(resourceVersion: string): WatchEvent<KubeObject> {
  return {
    type: "BOOKMARK",
    metadata: { resourceVersion, annotations: { "k8s.io/initial-events-end": "true" } },
  };
}

/** Objects of a watch name their kind, items of a list do not. */
function named(object: KubeObject): KubeObject {
  return { apiVersion: "v1", kind: "Pod", ...object };
}

function tokenOf(token: string): [number, string] {
  const [version = "", key = ""] = token.split("|");
  return [Number(version), key];
}

async function* partsOf(metadata: ListMeta, items: readonly KubeObject[]): AsyncGenerator<ListPart<KubeObject>> {
  yield { kind: "metadata", metadata };
  yield { kind: "items", items };
}
