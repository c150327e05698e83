import type { Clock } from "#lib/clock/index.ts";
import type { Notification, NotificationRun } from "./notification.ts";
import { ProcessorListener } from "./processor-listener.ts";
import type { Registration } from "./registration.ts";

export class NotARegistrationError extends Error {
  override readonly name = "NotARegistrationError";
  constructor() {
    super("removeEventHandler takes what addEventHandler returned");
  }
}

/**
 * The registrations of one informer. Everything here is one critical section per call: nothing awaits, and nothing
 * runs a handler, so no listener can delay, break or change a loop over them. Upstream: `sharedProcessor`.
 */
export class SharedProcessor<T> {
  readonly #clock: Clock;
  /** Objects in the store now: a listener may be behind by one copy of it besides its buffer. */
  readonly #storeSize: () => number;
  readonly #bufferLimit: number;
  readonly #listeners = new Set<ProcessorListener<T>>();
  /** Removed ones with a call in progress. */
  readonly #leaving = new Set<ProcessorListener<T>>();
  #isStarted = false;

  constructor(clock: Clock, { storeSize, bufferLimit }: { storeSize: () => number; bufferLimit: number }) {
    this.#clock = clock;
    this.#storeSize = storeSize;
    this.#bufferLimit = bufferLimit;
  }

  get size(): number {
    return this.#listeners.size;
  }

  /** In order of registration. */
  get registrations(): readonly Registration[] {
    return [...this.#listeners];
  }

  has(registration: Registration): boolean {
    return registration instanceof ProcessorListener && this.#listeners.has(registration);
  }

  start(): void {
    this.#isStarted = true;
    for (const listener of this.#listeners) listener.start();
  }

  /**
   * Once the informer runs, `snapshot` is the whole store as adds: listener and snapshot arrive between two
   * notifications, so it misses none and hears none twice.
   */
  addListener(listener: ProcessorListener<T>, snapshot: NotificationRun<T>, hasUpstreamSynced: boolean): void {
    this.#listeners.add(listener);
    listener.owner?.added();
    listener.addRun(snapshot, this.#mostPending());
    if (hasUpstreamSynced) listener.upstreamHasSynced();
    if (this.#isStarted) listener.start();
  }

  /**
   * What waits for it is dropped, a call in progress runs to its end. Idempotent: an unknown, foreign or already
   * removed registration is left alone.
   *
   * @throws NotARegistrationError for a value that is no registration at all
   */
  removeListener(registration: Registration): boolean {
    if (!(registration instanceof ProcessorListener)) throw new NotARegistrationError();
    const listener = registration as ProcessorListener<T>;
    if (!this.#listeners.delete(listener)) return false;
    listener.leave("removed");
    listener.owner?.removed();
    this.#leaving.add(listener);
    void listener.idle.then(() => this.#leaving.delete(listener));
    return true;
  }

  /** A sync notification changes no version and goes only to listeners whose flag is set. */
  distribute(notification: Notification<T>, isSync: boolean): void {
    const mostPending = this.#mostPending();
    for (const listener of this.#listeners) {
      if (!isSync || listener.isSyncing) listener.add(notification, mostPending);
    }
  }

  distributeRun(run: NotificationRun<T>, to: (listener: ProcessorListener<T>) => boolean): void {
    const mostPending = this.#mostPending();
    for (const listener of this.#listeners) {
      if (to(listener)) listener.addRun(run, mostPending);
    }
  }

  upstreamHasSynced(): void {
    for (const listener of this.#listeners) listener.upstreamHasSynced();
  }

  checkPeriodChanged(checkPeriodMs: number): void {
    for (const listener of this.#listeners) listener.resync.checkPeriodChanged(checkPeriodMs);
  }

  /** Asks every listener whether it is due, and remembers the answer as its sync flag. */
  shouldResync(): boolean {
    const now = this.#clock.now();
    let isAnyDue = false;
    for (const listener of this.#listeners) {
      listener.isSyncing = listener.resync.takeIfDue(now);
      isAnyDue ||= listener.isSyncing;
    }
    return isAnyDue;
  }

  /** Resolves when the last call in progress has returned. */
  async stop(): Promise<void> {
    const listeners = [...this.#listeners];
    this.#isStarted = false;
    this.#listeners.clear();
    for (const listener of listeners) {
      listener.leave("informerStopped");
      listener.owner?.removed();
    }
    await Promise.all([...listeners, ...this.#leaving].map((listener) => listener.idle));
  }

  #mostPending(): number {
    return this.#bufferLimit + this.#storeSize();
  }
}
