import { Abort, sleep, type Clock, type Signal } from "#lib/clock/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import {
  describeError,
  isExpired,
  isRetriableByWaiting,
  isTooLargeResourceVersion,
  isTooManyRequests,
} from "./api-errors.ts";
import { Backoff } from "./backoff.ts";
import { consumeWatch, type ExpectedType, type WatchContext, type WatchEnd, type WatchSink } from "./consume-watch.ts";
import { InterruptedError } from "./interruption.ts";
import { causeOf, type ListCause } from "./list-cause.ts";
import { listObjects, SyncFailedError, type Listed, type Transform } from "./list-objects.ts";
import type { ListerWatcher } from "./lister-watcher.ts";
import { OpenWatch } from "./open-watch.ts";
import { paced, type Pacer } from "./pacer.ts";
import type { ReflectorRecord } from "./reflector-state.ts";
import type { Report } from "./report.ts";
import { ResourceVersions } from "./resource-versions.ts";
import { streamingList } from "./streaming-list.ts";
import type { DeltaProcessor } from "./delta-processor.ts";

export interface ReflectorOptions<T extends KubeObject> {
  readonly source: ListerWatcher<T>;
  readonly deltas: DeltaProcessor<T>;
  readonly clock: Clock;
  /** Uniform in [0, 1): jitter of the backoff, and of the time limits of watches. */
  readonly random: () => number;
  readonly pacer: Pacer;
  readonly record: ReflectorRecord;
  readonly report: Report;
  readonly transform: Transform<T> | undefined;
  readonly expects: ExpectedType | undefined;
  readonly isStreamingEnabled: boolean;
  /** 0: never. */
  readonly resyncCheckPeriodMs: number;
  /** Called at each check; answers by queueing what is due. */
  readonly resync: () => void;
  /** Called for a round that failed before its watch was open. */
  readonly onWatchError: (error: unknown) => void;
}

/** How one round of list and watch ended. */
type RoundEnd =
  { readonly kind: "failed"; readonly error: unknown } | { readonly kind: "watchEnded"; readonly cause: ListCause };

const shortestWatchSeconds = 300;

/**
 * Lists a resource and watches it, for ever: every round ends with a wait and begins with a new list. Runs once.
 * Upstream: `Reflector`.
 */
export class Reflector<T extends KubeObject> {
  readonly #options: ReflectorOptions<T>;
  readonly #backoff: Backoff;
  readonly #versions = new ResourceVersions();
  /** Aborted to end the current round: by stop, or by `relist`. */
  #round = new Abort();
  #askedFor = "";

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#backoff = new Backoff(options.clock, options.random);
    // Ten times is minutes for a server that never answers: what is wrong is known from the first time.
    options.source.onRetry = (error) => this.#failed(error);
  }

  get lastSyncResourceVersion(): string {
    return this.#versions.last;
  }

  /** Ends watch or wait, so that the server is asked at once. While it is being asked already, does nothing: false. */
  relist(reason: string): boolean {
    const { phase } = this.#options.record.state;
    if (phase !== "watching" && phase !== "connecting" && phase !== "backingOff") return false;
    this.#askedFor = reason;
    this.#round.abort();
    return true;
  }

  /** Resolves once `stop` is aborted. Never rejects. */
  async run(stop: Signal): Promise<void> {
    const { record, clock } = this.#options;
    const abortRound = (): void => this.#round.abort();
    stop.addEventListener("abort", abortRound, { once: true });
    if (stop.aborted) this.#round.abort();
    while (!stop.aborted) {
      let cause: ListCause;
      try {
        cause = await this.#roundThenBackOff(this.#round.signal);
      } catch (error) {
        if (!(error instanceof InterruptedError)) throw error;
        cause = { kind: "asked", reason: this.#askedFor };
        record.listEnded(clock.now(), "interrupted");
      }
      if (stop.aborted) break;
      if (this.#round.signal.aborted) this.#round = new Abort();
      record.relisting(cause);
    }
    stop.removeEventListener("abort", abortRound);
    record.enter({ phase: "stopped" });
  }

  /** The wait comes after every round, also after one that ended well. Answers why there is another one. */
  async #roundThenBackOff(signal: Signal): Promise<ListCause> {
    const end = await this.#listAndWatch(signal);
    if (end.kind === "failed") {
      this.#failed(end.error);
      this.#reportWatchError(end.error);
    }
    const cause = end.kind === "failed" ? causeOf(end.error) : end.cause;
    await this.#backOff(cause.reason, signal);
    return cause;
  }

  #failed(error: unknown): void {
    const { clock, record } = this.#options;
    record.failed(clock.now(), error);
    record.watchLost(clock.now(), causeOf(error), error);
  }

  async #listAndWatch(signal: Signal): Promise<RoundEnd> {
    let watch: OpenWatch<T> | undefined;
    this.#options.record.listBegins(this.#options.clock.now());
    if (this.#options.isStreamingEnabled && this.#options.source.isWatchListUnsupported !== true) {
      watch = await this.#streamingList(signal);
    }
    if (watch === undefined) {
      const failure = await this.#list(signal);
      if (failure !== undefined) return failure;
    }
    return this.#watchWithResync(watch, signal);
  }

  /** The stream that goes on as the watch, or `undefined` where a list has to do. Not remembered: tried every round. */
  async #streamingList(signal: Signal): Promise<OpenWatch<T> | undefined> {
    const { report } = this.#options;
    const result = await streamingList({
      ...this.#context(signal),
      source: this.#options.source,
      transform: this.#options.transform,
      versions: this.#versions,
      backoff: this.#backoff,
      timeoutSeconds: () => this.#timeoutSeconds(),
    });
    if ("failed" in result) {
      const message = `falling back to a list: ${describeError(result.failed)}`;
      report({ kind: "streamingListFailed", message, error: result.failed });
      return undefined;
    }
    this.#versions.markAvailable();
    try {
      // Upstream's transform runs a second time here, so it has to be idempotent.
      const objects = await this.#transformed(result.objects);
      await this.#replace(objects, result.resourceVersion, signal);
    } catch (error) {
      result.watch.close();
      if (!(error instanceof SyncFailedError)) throw error;
      report({ kind: "streamingListFailed", message: error.message, error });
      return undefined;
    }
    return result.watch;
  }

  async #transformed(objects: readonly T[]): Promise<readonly T[]> {
    const { transform, pacer } = this.#options;
    if (transform === undefined) return objects;
    const transformed: T[] = [];
    await paced(objects, pacer, (object) => {
      try {
        transformed.push(transform(object));
      } catch (cause) {
        throw new SyncFailedError("unable to sync the streamed list: the transform failed", { cause });
      }
    });
    return transformed;
  }

  async #list(signal: Signal): Promise<RoundEnd | undefined> {
    const versions = this.#versions;
    const asked = versions.forList();
    try {
      const listed = await this.#listAt(asked, signal);
      if (asked === "0" && listed.isPaginated) versions.markPaginating();
      versions.markAvailable();
      await this.#replace(listed.objects, listed.resourceVersion, signal);
      return undefined;
    } catch (error) {
      if (error instanceof InterruptedError) throw error;
      // The list itself arrived.
      if (error instanceof SyncFailedError) versions.markAvailable();
      this.#options.record.listEnded(this.#options.clock.now(), { outcome: "failed", objects: 0, error });
      return { kind: "failed", error };
    }
  }

  /** A version that is gone, or not there yet, is answered by asking for the newest, once and at once. */
  async #listAt(resourceVersion: string, signal: Signal): Promise<Listed<T>> {
    const { source, transform, pacer, record } = this.#options;
    const pageSize = this.#versions.pageSizeFor(resourceVersion);
    const progress = (page: number, received: number, pagesAbout: number | undefined): void =>
      record.enter({ phase: "listing", page, received, ...(pagesAbout === undefined ? {} : { pagesAbout }) });
    const request = { source, resourceVersion, pageSize, transform, signal, pacer, progress };
    try {
      return await listObjects(request);
    } catch (error) {
      if (!isExpired(error) && !isTooLargeResourceVersion(error)) throw error;
      this.#versions.markUnavailable();
      return listObjects({ ...request, resourceVersion: this.#versions.forList() });
    }
  }

  async #replace(objects: readonly T[], resourceVersion: string, signal: Signal): Promise<void> {
    const { deltas, record, clock } = this.#options;
    record.received.listed += objects.length;
    await deltas.replace(objects, resourceVersion, () => signal.aborted);
    if (signal.aborted) throw new InterruptedError();
    this.#versions.follow(resourceVersion);
    record.listEnded(clock.now(), { outcome: "done", objects: objects.length, resourceVersion });
  }

  /** Resync checks run while a watch is served or retried, and at no other time. */
  async #watchWithResync(taken: OpenWatch<T> | undefined, signal: Signal): Promise<RoundEnd> {
    const { clock, resync, resyncCheckPeriodMs } = this.#options;
    if (resyncCheckPeriodMs === 0) return this.#watch(taken, signal);
    const check = (): void => {
      resync();
      timer = clock.setTimer(resyncCheckPeriodMs, check);
    };
    let timer = clock.setTimer(resyncCheckPeriodMs, check);
    try {
      return await this.#watch(taken, signal);
    } finally {
      timer.cancel();
    }
  }

  async #watch(taken: OpenWatch<T> | undefined, signal: Signal): Promise<RoundEnd> {
    const { clock, record } = this.#options;
    let next = taken;
    for (;;) {
      if (signal.aborted) {
        next?.close();
        throw new InterruptedError();
      }
      const startedAt = clock.now();
      // A stream that was taken over is past its initial events.
      let followsFromStart = true;
      if (next === undefined) {
        const { last } = this.#versions;
        followsFromStart = last !== "" && last !== "0";
        record.enter({ phase: "connecting", since: startedAt });
        const opened = await this.#openWatch(signal);
        if ("failed" in opened) {
          if (!isRetriableByWaiting(opened.failed)) return { kind: "failed", error: opened.failed };
          this.#failed(opened.failed);
          await this.#backOff(describeError(opened.failed), signal);
          continue;
        }
        next = opened.watch;
      }
      record.enter({ phase: "watching", openedAt: clock.now(), limitMs: next.limitMs });
      const end = await consumeWatch(next, this.#sink(followsFromStart), { ...this.#context(signal), startedAt });
      next = undefined;
      const cause = await this.#afterWatch(end, signal);
      if (cause !== undefined) return { kind: "watchEnded", cause };
    }
  }

  async #openWatch(signal: Signal): Promise<{ readonly watch: OpenWatch<T> } | { readonly failed: unknown }> {
    const options = {
      resourceVersion: this.#versions.last,
      resourceVersionMatch: "",
      allowWatchBookmarks: true,
      sendInitialEvents: false,
      timeoutSeconds: this.#timeoutSeconds(),
    } as const;
    try {
      return { watch: await OpenWatch.open(this.#options.source, options, signal) };
    } catch (error) {
      if (error instanceof InterruptedError) throw error;
      return { failed: error };
    }
  }

  /** `undefined`: open the watch again. Otherwise why the collection has to be listed again. */
  async #afterWatch(end: WatchEnd, signal: Signal): Promise<ListCause | undefined> {
    const { report, record, clock } = this.#options;
    switch (end.kind) {
      case "ended":
      case "initialEventsEnd":
        return undefined;
      case "veryShort": {
        const reason = "very short watch: closed within a second, without an event";
        const cause: ListCause = { kind: "shortWatch", reason };
        record.watchLost(clock.now(), cause);
        return cause;
      }
      case "failed": {
        const cause = causeOf(end.error);
        record.watchLost(clock.now(), cause, end.error);
        if (!isTooManyRequests(end.error)) {
          report({ kind: "watchEnded", message: cause.reason, error: end.error });
          return cause;
        }
        await this.#backOff(cause.reason, signal);
        return undefined;
      }
      default:
        return assertNever(end);
    }
  }

  #sink(followsFromStart: boolean): WatchSink<T> {
    const { deltas, transform, report } = this.#options;
    return {
      endsWithInitialEvents: false,
      bookmark: (resourceVersion) => deltas.bookmark(resourceVersion),
      // Synthetic events of a watch without a version come in any order: the first that is not ADDED ends them.
      version: (resourceVersion, isPastAdded) => {
        if (followsFromStart || isPastAdded) this.#versions.follow(resourceVersion);
      },
      object: (event, at) => {
        let object: T;
        try {
          object = transform === undefined ? event.object : transform(event.object);
        } catch (error) {
          // The version moves on all the same, so this change is lost until the next list.
          report({ kind: "transformFailed", message: "the transform failed, the event is dropped", error });
          return;
        }
        if (event.type === "DELETED") deltas.delete(object, at);
        else deltas.upsert(object, at);
      },
    };
  }

  async #backOff(reason: string, signal: Signal): Promise<void> {
    const { clock, record } = this.#options;
    const delayMs = this.#backoff.nextMs();
    record.enter({ phase: "backingOff", until: clock.now() + delayMs, reason });
    await sleep(clock, delayMs, signal);
    if (signal.aborted) throw new InterruptedError();
  }

  #reportWatchError(error: unknown): void {
    const { onWatchError, report } = this.#options;
    try {
      onWatchError(error);
    } catch (thrown) {
      report({ kind: "watchErrorHandlerFailed", message: describeError(thrown), error: thrown });
    }
  }

  #context(signal: Signal): WatchContext {
    const { clock, pacer, record, report, expects } = this.#options;
    return { clock, pacer, record, report, expects, signal };
  }

  #timeoutSeconds(): number {
    return Math.floor(shortestWatchSeconds * (1 + this.#options.random()));
  }
}

function assertNever(end: never): never {
  throw new Error(`unexpected end ${JSON.stringify(end)}`);
}
