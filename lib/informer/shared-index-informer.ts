import type { Clock, Signal } from "#lib/clock/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type { ExpectedType } from "./consume-watch.ts";
import type { ChangeFilter, ObjectFilter } from "./deliver.ts";
import { DeltaProcessor } from "./delta-processor.ts";
import { Identities } from "./identities.ts";
import { Indexer, type Indexers, type Store } from "./indexer.ts";
import type { ListCauseKind, ListRecord } from "./list-cause.ts";
import type { Transform } from "./list-objects.ts";
import type { ListerWatcher } from "./lister-watcher.ts";
import { addRun, type EventHandler } from "./notification.ts";
import type { Owner } from "./owner.ts";
import { Pacer } from "./pacer.ts";
import { ProcessorListener } from "./processor-listener.ts";
import {
  ReflectorRecord,
  type Problem,
  type QueueDepth,
  type Received,
  type ReflectorState,
  type WatchLoss,
} from "./reflector-state.ts";
import { Reflector } from "./reflector.ts";
import type { Registration } from "./registration.ts";
import type { Report } from "./report.ts";
import { minimumResyncPeriodMs, ResyncSchedule } from "./resync-schedule.ts";
import { SharedProcessor } from "./shared-processor.ts";
import { verifyStore, type Verification } from "./verify-store.ts";

export interface SharedIndexInformerOptions<T extends KubeObject> {
  /** One resource with its selectors. Wrap it with `retrying` unless it retries by itself. */
  readonly source: ListerWatcher<T>;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** For reports: `v1/pods`. */
  readonly name?: string;
  /** How often handlers get their cache again. 0, the default: never, whatever a handler asks for. */
  readonly resyncPeriodMs?: number;
  readonly indexers?: Indexers<T>;
  readonly transform?: Transform<T>;
  /** Events about another kind are reported and skipped. */
  readonly expects?: ExpectedType;
  /** Whether a streaming list is tried first. Upstream: the gate `WatchListClient`. */
  readonly isStreamingEnabled?: boolean;
  /** Notifications that may wait for one handler, besides one copy of the store. */
  readonly bufferLimit?: number;
  readonly onWatchError?: (error: unknown) => void;
  readonly report?: Report;
  /** Called when a registration came or went. */
  readonly onRegistrations?: (count: number) => void;
  /** Shared by informers that share an event loop: then they share its time. */
  readonly pacer?: Pacer;
  /** Shared by informers whose registrations must not be confused. */
  readonly identities?: Identities;
}

export interface HandlerOptions<T> {
  /** 0 is never. Without it, the informer's own period. Raised to what the informer can do. */
  readonly resyncPeriodMs?: number;
  readonly name?: string;
  readonly owner?: Owner;
  /** Objects that do not pass are not told: an update becomes add, update, delete or nothing. */
  readonly filter?: ObjectFilter<T>;
  /** Asked last, about what would be told after `filter`. */
  readonly accepts?: ChangeFilter<T>;
}

export class InformerStoppedError extends Error {
  override readonly name = "InformerStoppedError";
}

export class InformerStartedError extends Error {
  override readonly name = "InformerStartedError";
  constructor() {
    super("informer has already started");
  }
}

export const defaultBufferLimit = 100_000;

/**
 * A local copy of a collection, and a notification of every change to whoever registered. Upstream:
 * `sharedIndexInformer`, with what it does not show: who is registered, and how far behind.
 */
export class SharedIndexInformer<T extends KubeObject> {
  readonly name: string;
  readonly #clock: Clock;
  readonly #options: SharedIndexInformerOptions<T>;
  readonly #identities: Identities;
  readonly #pacer: Pacer;
  readonly #report: Report;
  readonly #indexer: Indexer<T>;
  readonly #processor: SharedProcessor<T>;
  readonly #deltas: DeltaProcessor<T>;
  readonly #record: ReflectorRecord;
  readonly #synced = Promise.withResolvers<void>();
  readonly #changed = (): void => void this.#revision++;
  #transform: Transform<T> | undefined;
  #onWatchError: (error: unknown) => void;
  #resyncCheckPeriodMs: number;
  #reflector: Reflector<T> | undefined;
  #hasSynced = false;
  #isStopped = false;
  #startedAt: number | undefined;
  #revision = 0;

  constructor(options: SharedIndexInformerOptions<T>) {
    const { clock, name = "informer", indexers = {}, resyncPeriodMs = 0 } = options;
    this.name = name;
    this.#options = options;
    this.#clock = clock;
    this.#identities = options.identities ?? new Identities();
    this.#pacer = options.pacer ?? new Pacer(clock);
    this.#report = options.report ?? (() => {});
    this.#transform = options.transform;
    this.#onWatchError = options.onWatchError ?? (() => {});
    this.#resyncCheckPeriodMs = resyncPeriodMs;
    this.#record = new ReflectorRecord(this.#changed);
    this.#indexer = new Indexer(indexers, (index, error) => {
      this.#report({ kind: "indexFailed", message: `index ${index}: the object has no values`, error });
    });
    this.#processor = new SharedProcessor(clock, {
      storeSize: () => this.#indexer.size,
      bufferLimit: options.bufferLimit ?? defaultBufferLimit,
    });
    this.#deltas = new DeltaProcessor({
      clock,
      pacer: this.#pacer,
      indexer: this.#indexer,
      processor: this.#processor,
      hasSynced: () => {
        this.#hasSynced = true;
        this.#synced.resolve();
      },
    });
  }

  /** For reading only. Goes on answering after the informer was stopped. */
  get store(): Store<T> {
    return this.#indexer;
  }
  /** The first list has been processed: never false again, and says nothing about freshness. */
  get hasSynced(): boolean {
    return this.#hasSynced;
  }
  /** Resolves with the transition; never, if stopped before. */
  get synced(): Promise<void> {
    return this.#synced.promise;
  }
  get isStarted(): boolean {
    return this.#startedAt !== undefined;
  }
  get isStopped(): boolean {
    return this.#isStopped;
  }
  get startedAt(): number | undefined {
    return this.#startedAt;
  }
  get lastSyncResourceVersion(): string {
    return this.#reflector?.lastSyncResourceVersion ?? "";
  }
  get lastStoreSyncResourceVersion(): string {
    return this.#indexer.resourceVersion;
  }
  /** 0 is never. Fixed when the informer starts. */
  get resyncCheckPeriodMs(): number {
    return this.#resyncCheckPeriodMs;
  }
  /** Grows with everything that can be seen from outside; views need no rebuilding while it stands still. */
  get revision(): number {
    return this.#revision;
  }
  get state(): ReflectorState {
    return this.#record.state;
  }
  /** When the watch last showed life by an event; see also `lastBookmarkAt`. */
  get lastEventAt(): number | undefined {
    return this.#record.lastEventAt;
  }
  get lastBookmarkAt(): number | undefined {
    return this.#record.lastBookmarkAt;
  }
  /** The last sign of life of a watch: an event, a bookmark, or its opening. Another matter than `hasSynced`. */
  get freshAt(): number | undefined {
    return this.#record.freshAt;
  }
  /** Set while a watch that was open is lost. */
  get watchLoss(): WatchLoss | undefined {
    return this.#record.watchLoss;
  }
  /** The newest 20 times that the whole collection was asked for, oldest first. */
  get lists(): readonly ListRecord[] {
    return this.#record.lists;
  }
  get relistsTotal(): number {
    return this.#record.relistsTotal;
  }
  get relistsByCause(): ReadonlyMap<ListCauseKind, number> {
    return this.#record.relistsByCause;
  }
  /** Of the last failure, until a watch is open again. */
  get problem(): Problem | undefined {
    return this.#record.problem;
  }
  get received(): Readonly<Received> {
    return this.#record.received;
  }
  get queue(): Readonly<QueueDepth> {
    return this.#record.queue;
  }
  /** How long what is applied now has waited; 0 while nothing waits. */
  get queueOldestMs(): number {
    const { depth, since } = this.#record.queue;
    return depth === 0 ? 0 : Math.max(0, this.#clock.now() - since);
  }
  /** Index name to number of values that have an object. */
  get indexSizes(): Readonly<Record<string, number>> {
    return this.#indexer.indexSizes();
  }
  /** In order of registration. */
  get registrations(): readonly Registration[] {
    return this.#processor.registrations;
  }

  /**
   * A new registration for each call, also for a handler value that is registered already. A late one gets an add for
   * every stored object first, and misses nothing after it. No callback runs before this returns.
   *
   * @throws InformerStoppedError
   */
  addEventHandler(handler: EventHandler<T>, options: HandlerOptions<T> = {}): Registration {
    if (this.#isStopped) {
      throw new InformerStoppedError("handler was not added to shared informer because it has stopped already");
    }
    const { owner, filter, accepts, resyncPeriodMs = this.#options.resyncPeriodMs ?? 0 } = options;
    const requestedMs = this.#admitResyncPeriod(resyncPeriodMs);
    const id = this.#identities.nextRegistrationId();
    const listener = new ProcessorListener<T>({
      id,
      handler,
      handlerId: this.#identities.handlerId(handler),
      name: options.name ?? `${this.name} handler ${id}`,
      owner,
      filters: { filter, accepts },
      resync: new ResyncSchedule(requestedMs, this.#resyncCheckPeriodMs, this.#clock.now()),
      clock: this.#clock,
      pacer: this.#pacer,
      report: this.#report,
      changed: this.#changed,
    });
    // Store and listeners do not change between the snapshot and the next notification: no gap, no duplicate.
    const snapshot = addRun(this.isStarted ? this.#indexer.list() : [], this.#clock.now(), true);
    this.#processor.addListener(listener, snapshot, this.#hasSynced);
    this.#registrationsChanged();
    return listener;
  }

  /**
   * Removes exactly that registration; what waits for it is dropped, and a call in progress runs to its end. A
   * registration that is removed already, or of another informer, changes nothing. Whether it was there.
   */
  removeEventHandler(registration: Registration): boolean {
    const isRemoved = this.#processor.removeListener(registration);
    if (isRemoved) this.#registrationsChanged();
    return isRemoved;
  }

  /** @throws InformerStoppedError, IndexerConflictError */
  addIndexers(indexers: Indexers<T>): void {
    if (this.#isStopped) throw new InformerStoppedError("indexer was not added because it has stopped already");
    this.#indexer.addIndexers(indexers);
  }

  /** @throws InformerStartedError */
  setTransform(transform: Transform<T>): void {
    if (this.isStarted) throw new InformerStartedError();
    this.#transform = transform;
  }

  /** @throws InformerStartedError */
  setWatchErrorHandler(onWatchError: (error: unknown) => void): void {
    if (this.isStarted) throw new InformerStartedError();
    this.#onWatchError = onWatchError;
  }

  /**
   * Runs until `stop` is aborted; resolves when the last call of a handler has returned. A stopped informer cannot be
   * started again, and a second call returns at once.
   */
  async run(stop: Signal): Promise<void> {
    if (this.isStarted) {
      this.#report({ kind: "startedTwice", message: `${this.name} has been started before: run returned at once` });
      return;
    }
    this.#startedAt = this.#clock.now();
    this.#reflector = new Reflector({
      source: this.#options.source,
      deltas: this.#deltas,
      clock: this.#clock,
      random: this.#options.random,
      pacer: this.#pacer,
      record: this.#record,
      report: this.#report,
      transform: this.#transform,
      expects: this.#options.expects,
      isStreamingEnabled: this.#options.isStreamingEnabled ?? true,
      resyncCheckPeriodMs: this.#resyncCheckPeriodMs,
      resync: () => {
        if (this.#processor.shouldResync()) this.#deltas.syncAll((listener) => listener.isSyncing);
      },
      onWatchError: this.#onWatchError,
    });
    this.#processor.start();
    await this.#reflector.run(stop);
    this.#isStopped = true;
    this.#changed();
    await this.#processor.stop();
  }

  /** Asks the server: ends the watch, or the wait, and lists again. Not while it is being listed: whether it did. */
  relist(reason = "asked for"): boolean {
    return this.#reflector?.relist(reason) ?? false;
  }

  /** Delivers the cache again, as updates of each object by itself: to one registration, or to all. */
  replay(registration?: Registration): void {
    this.#deltas.syncAll((listener) => registration === undefined || listener === registration);
    this.#changed();
  }

  /** Compares the store with a paged LIST. Rejects as the source does, and when `signal` is aborted. */
  verify(signal: Signal): Promise<Verification> {
    return verifyStore({
      source: this.#options.source,
      store: this.#indexer,
      onTouched: (tell) => this.#deltas.onTouched(tell),
      clock: this.#clock,
      pacer: this.#pacer,
      signal,
    });
  }

  /** The period as it will be asked for, and the check period that follows from it before the start. */
  #admitResyncPeriod(askedMs: number): number {
    if (askedMs === 0) return 0;
    const periodMs = Math.max(askedMs, minimumResyncPeriodMs);
    if (this.#resyncCheckPeriodMs === 0 || periodMs >= this.#resyncCheckPeriodMs) {
      if (periodMs > askedMs) this.#raised(askedMs, periodMs);
      return periodMs;
    }
    if (this.isStarted) {
      this.#raised(askedMs, this.#resyncCheckPeriodMs);
      return this.#resyncCheckPeriodMs;
    }
    this.#resyncCheckPeriodMs = periodMs;
    this.#processor.checkPeriodChanged(periodMs);
    return periodMs;
  }

  #raised(fromMs: number, toMs: number): void {
    const message = `${this.name}: a resync period of ${fromMs} ms was raised to ${toMs} ms`;
    this.#report({ kind: "resyncPeriodRaised", message });
  }

  #registrationsChanged(): void {
    this.#changed();
    this.#options.onRegistrations?.(this.#processor.size);
  }
}
