import { Abort, sleep, type Clock, type Instant } from "#lib/clock/index.ts";
import { deliver, type Delivery, type Filters } from "./deliver.ts";
import { HandlingTimes } from "./handling-times.ts";
import type { EventHandler, Notification, NotificationRun } from "./notification.ts";
import type { Owner } from "./owner.ts";
import type { Pacer } from "./pacer.ts";
import { PendingNotifications } from "./pending-notifications.ts";
import type { LastError, Registration, RegistrationState } from "./registration.ts";
import type { Report } from "./report.ts";
import type { ResyncSchedule } from "./resync-schedule.ts";
import { SyncTracker } from "./sync-tracker.ts";

const pauseAfterFailureMs = 1_000;
/** Of calls that return no promise, the first after a rest and every 64th are timed; those that return one all are. */
const sampledEvery = 64;

export interface ListenerOptions<T> {
  readonly id: number;
  readonly handler: EventHandler<T>;
  readonly handlerId: number;
  readonly name: string;
  readonly owner: Owner | undefined;
  readonly filters: Filters<T>;
  readonly resync: ResyncSchedule;
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly report: Report;
  /** Called after everything that can be seen from outside. */
  readonly changed: () => void;
}

type Life = "active" | "overflowed" | "removed" | "informerStopped";

/**
 * One registration: a buffer of its own and one worker that calls the handler for one notification after the other.
 * Queueing never runs the handler, so whoever adds it holds the handle before its first call.
 * Upstream: `processorListener`.
 */
export class ProcessorListener<T> implements Registration {
  readonly id: number;
  readonly name: string;
  readonly owner: Owner | undefined;
  readonly handler: EventHandler<T>;
  readonly handlerId: number;
  readonly addedAt: Instant;
  readonly handlingTimes = new HandlingTimes();
  readonly resync: ResyncSchedule;
  /** Whether it gets updates that change no version: recomputed at each resync check only. */
  isSyncing = true;

  readonly #options: ListenerOptions<T>;
  readonly #pending = new PendingNotifications<T>();
  readonly #tracker = new SyncTracker();
  readonly #left = new Abort();
  #life: Life = "active";
  #leftAt: Instant = 0;
  #isStarted = false;
  #worker: Promise<void> | undefined;
  #hasFailedJustNow = false;
  #delivered = 0;
  #failed = 0;
  #filtered = 0;
  #lastError: LastError | undefined;
  #lastWaitMs = 0;
  #busySince: Instant | undefined;

  constructor(options: ListenerOptions<T>) {
    this.#options = options;
    this.id = options.id;
    this.name = options.name;
    this.owner = options.owner;
    this.handler = options.handler;
    this.handlerId = options.handlerId;
    this.resync = options.resync;
    this.addedAt = options.clock.now();
  }

  get resyncPeriodMs(): number {
    return this.resync.periodMs;
  }
  get hasSynced(): boolean {
    return this.#tracker.hasSynced;
  }
  get synced(): Promise<void> {
    return this.#tracker.synced;
  }
  get pending(): number {
    return this.#pending.size;
  }
  get delivered(): number {
    return this.#delivered;
  }
  get failed(): number {
    return this.#failed;
  }
  get filtered(): number {
    return this.#filtered;
  }
  get lastError(): LastError | undefined {
    return this.#lastError;
  }
  get busySince(): Instant | undefined {
    return this.#busySince;
  }
  get isLeaked(): boolean {
    return this.owner?.isReleased === true && (this.#life === "active" || this.#life === "overflowed");
  }

  get lagMs(): number {
    const { oldestAt } = this.#pending;
    return oldestAt === undefined ? this.#lastWaitMs : Math.max(0, this.#options.clock.now() - oldestAt);
  }

  get state(): RegistrationState {
    if (this.#life !== "active") return { phase: this.#life, at: this.#leftAt };
    if (this.hasSynced) return { phase: "live" };
    const { delivered, total, failed } = this.#tracker.progress;
    if (failed > 0 && delivered + failed === total) return { phase: "liveUnsynced", failedInitialAdds: failed };
    return this.#tracker.hasUpstreamSynced ? { phase: "syncing", delivered, total } : { phase: "waiting" };
  }

  /** Resolves when no call is in progress any more and nothing that waits will start one by itself. */
  get idle(): Promise<void> {
    return this.#worker ?? Promise.resolve();
  }

  /** Before this, notifications wait. */
  start(): void {
    this.#isStarted = true;
    this.#work();
  }

  add(notification: Notification<T>, mostPending: number): void {
    if (this.#life !== "active") return;
    this.#pending.push(notification);
    this.#queued(mostPending);
  }

  addRun(run: NotificationRun<T>, mostPending: number): void {
    if (this.#life !== "active") return;
    this.#tracker.start(run.initialAdds);
    this.#pending.pushRun(run);
    this.#queued(mostPending);
  }

  upstreamHasSynced(): void {
    if (this.#life === "active") this.#tracker.upstreamHasSynced();
  }

  /** Drops what waits; a call in progress runs to its end. Idempotent, the first reason stays. */
  leave(reason: "removed" | "informerStopped" | "overflowed"): void {
    if (this.#life === "removed" || this.#life === "informerStopped") return;
    this.#life = reason;
    this.#leftAt = this.#options.clock.now();
    this.#pending.clear();
    this.#left.abort();
    this.#options.changed();
  }

  #queued(mostPending: number): void {
    if (this.#pending.size > mostPending) {
      const message = `${this.name}: more than ${mostPending} notifications waited, the registration was stopped`;
      this.leave("overflowed");
      this.#options.report({ kind: "bufferOverflow", message });
      return;
    }
    this.#work();
  }

  /** One worker at a time, started by a microtask: never inside the call that queues. */
  #work(): void {
    if (!this.#isStarted || this.#worker !== undefined || this.#pending.size === 0) return;
    this.#worker = Promise.resolve().then(() => this.#deliverWaiting());
  }

  async #deliverWaiting(): Promise<void> {
    for (let calls = 0; this.#pending.size > 0; calls++) {
      if (this.#hasFailedJustNow) await this.#pauseAfterFailure();
      const isSample = calls % sampledEvery === 0;
      if (isSample) {
        const pause = this.#options.pacer.pauseIfDue();
        if (pause !== undefined) await pause;
      }
      const notification = this.#pending.shift();
      if (notification === undefined) break;
      const call = this.#call(notification, isSample);
      if (call === undefined) continue;
      await call;
      calls = -1;
    }
    this.#worker = undefined;
  }

  #pauseAfterFailure(): Promise<void> {
    this.#hasFailedJustNow = false;
    return sleep(this.#options.clock, pauseAfterFailureMs, this.#left.signal);
  }

  #call(notification: Notification<T>, isSample: boolean): Promise<void> | undefined {
    const startedAt = isSample ? this.#options.clock.now() : undefined;
    if (startedAt !== undefined) this.#lastWaitMs = Math.max(0, startedAt - notification.at);
    let delivery: Delivery;
    try {
      delivery = deliver(this.handler, notification, this.#options.filters);
    } catch (error) {
      this.#failedWith(error, notification);
      return undefined;
    }
    if (delivery !== "filtered" && isPromise(delivery.returned)) return this.#await(delivery.returned, notification);
    if (startedAt !== undefined) this.handlingTimes.record(this.#options.clock.now() - startedAt);
    this.#returned(delivery, notification);
    return undefined;
  }

  async #await(returned: Promise<void>, notification: Notification<T>): Promise<void> {
    const startedAt = this.#options.clock.now();
    this.#busySince = startedAt;
    try {
      await returned;
    } catch (error) {
      this.#failedWith(error, notification);
      return;
    } finally {
      this.#busySince = undefined;
      this.handlingTimes.record(this.#options.clock.now() - startedAt);
    }
    this.#returned({ returned: undefined }, notification);
  }

  #returned(delivery: Delivery, notification: Notification<T>): void {
    if (delivery === "filtered") this.#filtered++;
    else this.#delivered++;
    if (isInitialAdd(notification)) this.#tracker.finish();
    this.#options.changed();
  }

  /** The notification is skipped. A failed initial add never counts as delivered, as upstream has it. */
  #failedWith(error: unknown, notification: Notification<T>): void {
    this.#failed++;
    this.#hasFailedJustNow = true;
    if (isInitialAdd(notification)) this.#tracker.fail();
    const message = error instanceof Error ? error.message : String(error);
    this.#lastError = { at: this.#options.clock.now(), message, error };
    this.#options.report({ kind: "handlerFailed", message: `${this.name}: ${message}`, error });
    this.#options.changed();
  }
}

function isInitialAdd<T>(notification: Notification<T>): boolean {
  return notification.kind === "add" && notification.isInInitialList;
}

function isPromise(value: void | Promise<void>): value is Promise<void> {
  return typeof value === "object" && value !== null && typeof value.then === "function";
}
