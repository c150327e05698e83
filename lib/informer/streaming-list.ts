import { sleep, type Instant } from "#lib/clock/index.ts";
import { objectKey, type KubeObject, type ObjectKey } from "#lib/kube/index.ts";
import { describeError, isExpired, isRetriableByWaiting, isTooLargeResourceVersion } from "./api-errors.ts";
import type { Backoff } from "./backoff.ts";
import { consumeWatch, type WatchContext, type WatchEnd } from "./consume-watch.ts";
import { InterruptedError } from "./interruption.ts";
import { causeOf } from "./list-cause.ts";
import type { Transform } from "./list-objects.ts";
import type { ListerWatcher } from "./lister-watcher.ts";
import { OpenWatch } from "./open-watch.ts";
import type { ResourceVersions } from "./resource-versions.ts";
import type { ObjectEvent } from "./watch-event.ts";

/** What a streaming list brought, and the stream, which goes on as the watch. */
export interface StreamedList<T> {
  readonly objects: readonly T[];
  readonly resourceVersion: string;
  readonly watch: OpenWatch<T>;
}

export interface StreamingListRequest<T> extends WatchContext {
  readonly source: ListerWatcher<T>;
  readonly versions: ResourceVersions;
  readonly backoff: Backoff;
  readonly transform: Transform<T> | undefined;
  readonly timeoutSeconds: () => number;
}

/** Upstream repeats without a pause for ever; here there is one from the third time in a row. */
const repeatsWithoutPause = 2;
const pauseMs = 200;
const slowAfterMs = 10_000;

/**
 * A watch that begins with everything there is and says where that ends. Repeats itself where it can; answers with
 * the error where the caller has to fall back to a list. Upstream: `Reflector.watchList`.
 *
 * @throws InterruptedError when the signal is aborted, also in the wait between two attempts, where upstream goes on
 */
export async function streamingList<T extends KubeObject>(
  request: StreamingListRequest<T>,
): Promise<StreamedList<T> | { readonly failed: unknown }> {
  let repeatedAtOnce = 0;
  for (;;) {
    if (repeatedAtOnce > repeatsWithoutPause) await sleep(request.clock, pauseMs, request.signal);
    if (request.signal.aborted) throw new InterruptedError();
    const attempt = new Attempt(request);
    const end = await attempt.run();
    switch (end.kind) {
      case "initialEventsEnd":
        return attempt.streamed();
      case "ended":
        repeatedAtOnce++;
        break;
      case "veryShort":
        return { failed: new Error("very short watch: the server closed the stream at once") };
      case "failed": {
        const repeat = await afterFailure(end.error, request);
        if (repeat === "never") return { failed: end.error };
        repeatedAtOnce = repeat === "atOnce" ? repeatedAtOnce + 1 : 0;
        break;
      }
      default:
        return assertNever(end);
    }
  }
}

type Repeat = "atOnce" | "afterWaiting" | "never";

/** Waits where the error asks for it, and says what follows. */
async function afterFailure<T>(error: unknown, request: StreamingListRequest<T>): Promise<Repeat> {
  const { clock, signal, record, backoff, versions } = request;
  if (isRetriableByWaiting(error)) {
    const delayMs = backoff.nextMs();
    record.failed(clock.now(), error);
    record.watchLost(clock.now(), causeOf(error), error);
    record.enter({ phase: "backingOff", until: clock.now() + delayMs, reason: describeError(error) });
    await sleep(clock, delayMs, signal);
    return "afterWaiting";
  }
  if (!isExpired(error) && !isTooLargeResourceVersion(error)) return "never";
  versions.markUnavailable();
  return "atOnce";
}

class Attempt<T extends KubeObject> {
  readonly #request: StreamingListRequest<T>;
  /** The temporary store. Keys are those of the untransformed objects. */
  readonly #objects = new Map<ObjectKey, T>();
  #resourceVersion = "";
  #watch: OpenWatch<T> | undefined;

  constructor(request: StreamingListRequest<T>) {
    this.#request = request;
  }

  async run(): Promise<WatchEnd> {
    const { source, versions, signal, clock, record } = this.#request;
    const startedAt = clock.now();
    record.enter({ phase: "streaming", received: 0 });
    const options = {
      resourceVersion: versions.forStreamingList(),
      resourceVersionMatch: "NotOlderThan",
      allowWatchBookmarks: true,
      sendInitialEvents: true,
      timeoutSeconds: this.#request.timeoutSeconds(),
    } as const;
    try {
      this.#watch = await OpenWatch.open(source, options, signal);
    } catch (error) {
      if (error instanceof InterruptedError) throw error;
      return { kind: "failed", error };
    }
    const warning = warnWhileSlow(this.#request);
    try {
      return await consumeWatch(this.#watch, this.#sink(), { ...this.#request, startedAt });
    } finally {
      warning.cancel();
    }
  }

  streamed(): StreamedList<T> {
    if (this.#watch === undefined) throw new Error("a streaming list that was not opened has no end");
    return { objects: [...this.#objects.values()], resourceVersion: this.#resourceVersion, watch: this.#watch };
  }

  #sink() {
    return {
      endsWithInitialEvents: true,
      object: (event: ObjectEvent<T>) => this.#take(event),
      bookmark: () => {},
      version: (resourceVersion: string, isPastAdded: boolean) => {
        if (isPastAdded) this.#resourceVersion = resourceVersion;
      },
    };
  }

  #take({ type, object }: ObjectEvent<T>): void {
    const { transform, report, record } = this.#request;
    const key = objectKey(object);
    if (type === "DELETED") {
      this.#objects.delete(key);
      return;
    }
    try {
      this.#objects.set(key, transform === undefined ? object : transform(object));
    } catch (error) {
      report({ kind: "transformFailed", message: `${key}: the transform failed, the object is left out`, error });
    }
    record.enter({ phase: "streaming", received: this.#objects.size });
  }
}

/** Says every ten seconds that the end of the initial events is missing, unless events still come. */
function warnWhileSlow<T>({ clock, record, report }: StreamingListRequest<T>): { cancel(): void } {
  const check = (): void => {
    const lastAt: Instant = Math.max(record.lastEventAt ?? 0, record.lastBookmarkAt ?? 0);
    if (clock.now() - lastAt >= slowAfterMs) {
      const message = "a streaming list waits for the end of its initial events, and nothing came for ten seconds";
      report({ kind: "streamingListSlow", message });
    }
    timer = clock.setTimer(slowAfterMs, check);
  };
  let timer = clock.setTimer(slowAfterMs, check);
  return { cancel: () => timer.cancel() };
}

function assertNever(end: never): never {
  throw new Error(`unexpected end ${JSON.stringify(end)}`);
}
