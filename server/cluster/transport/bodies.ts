import type { Clock, Instant } from "#lib/clock/index.ts";
import { DecodeError, decodeWatchEvent, type ListMeta, type ListPart, type WatchEvent } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type { Codec, ListPiece } from "./codec.ts";

/** Everything else waits while a body is decoded, so it lets others run after this time. */
const stretchMs = 8;

/** Counts from when it last let others run. A body whose pieces come slowly lets them run by itself. */
class Stretch {
  readonly #clock: Clock;
  #since: Instant;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.now();
  }

  async yieldIfLong(): Promise<void> {
    if (this.#clock.now() - this.#since < stretchMs) return;
    await this.#clock.yield();
    this.#since = this.#clock.now();
  }
}

export async function* listParts<T extends KubeObject>(
  body: AsyncIterable<Buffer>,
  codec: Codec,
  clock: Clock,
): AsyncGenerator<ListPart<T>, void, void> {
  const decoder = codec.list();
  const stretch = new Stretch(clock);
  for await (const piece of body) {
    yield* partsOf<T>(decoder.push(piece));
    await stretch.yieldIfLong();
  }
  yield* partsOf<T>(decoder.end());
}

function* partsOf<T extends KubeObject>({ items, metadata }: ListPiece): Generator<ListPart<T>, void, void> {
  if (metadata !== undefined) yield { kind: "metadata", metadata: listMeta(metadata) };
  if (items.length === 0) return;
  for (const item of items) if (!isObject(item)) throw new DecodeError("an item of the list has no metadata");
  yield { kind: "items", items: items as readonly T[] };
}

/** Ends when the body ends, also in the middle of an event. Events before an undecodable one are handed over. */
export async function* watchEvents<T extends KubeObject>(
  body: AsyncIterable<Buffer>,
  codec: Codec,
  clock: Clock,
): AsyncGenerator<readonly WatchEvent<T>[], void, void> {
  const decoder = codec.watch();
  const stretch = new Stretch(clock);
  for await (const piece of body) {
    yield* eventsOf<T>((values) => decoder.push(piece, values));
    await stretch.yieldIfLong();
  }
  yield* eventsOf<T>((values) => decoder.end(values));
}

function* eventsOf<T extends KubeObject>(
  split: (values: unknown[]) => void,
): Generator<readonly WatchEvent<T>[], void, void> {
  const values: unknown[] = [];
  const events: WatchEvent<T>[] = [];
  let failure: { readonly error: unknown } | undefined;
  try {
    split(values);
  } catch (error) {
    failure = { error };
  }
  try {
    for (const value of values) events.push(decodeWatchEvent<T>(value));
  } catch (error) {
    failure = { error };
  }
  if (events.length > 0) yield events;
  if (failure !== undefined) throw failure.error;
}

function listMeta(metadata: unknown): ListMeta {
  if (metadata === null) return {};
  if (typeof metadata !== "object") throw new DecodeError("the metadata of the list is no object");
  const { resourceVersion, continue: token, remainingItemCount } = metadata as Readonly<Record<string, unknown>>;
  return {
    ...(typeof resourceVersion === "string" ? { resourceVersion } : {}),
    ...(typeof token === "string" ? { continue: token } : {}),
    ...(typeof remainingItemCount === "number" ? { remainingItemCount } : {}),
  };
}

function isObject(item: unknown): item is KubeObject {
  if (typeof item !== "object" || item === null || !("metadata" in item)) return false;
  return typeof item.metadata === "object" && item.metadata !== null;
}
