import type { Clock, Instant } from "#lib/clock/index.ts";
import { KeyedHeap } from "#lib/collections/index.ts";
import type { ObjectKey } from "#lib/kube/index.ts";
import type { QueueMetrics } from "./queue-metrics.ts";
import type { Less } from "./queue-sort.ts";
import type { QueuedPodInfo } from "./queued-pod-info.ts";

/** Width of the window that backoff ends are rounded down to, so that pods of one second leave by priority. */
export const orderingWindowMs = 1_000;
const nsPerMs = 1_000_000;

/** The end of a backoff that there is none of: long ago. */
export const noBackoff: Instant = Number.NEGATIVE_INFINITY;

export interface BackoffOptions {
  readonly clock: Clock;
  readonly metrics: QueueMetrics;
  readonly less: Less;
  readonly podInitialBackoffMs: number;
  /** 0 switches backoff off. */
  readonly podMaxBackoffMs: number;
  /** Whether pods may be popped from here early: then ends are aligned and equal ends are ordered by `less`. */
  readonly isPopFromBackoffQEnabled: boolean;
}

/**
 * Records that wait for the end of their backoff: those rejected by plugins, and apart from them those that came back
 * with an error, which are never popped early. Upstream: `backoff_queue.go`.
 */
export class BackoffQueue {
  readonly #clock: Clock;
  readonly #metrics: QueueMetrics;
  readonly #initialNs: number;
  readonly #maxNs: number;
  readonly #isAligned: boolean;
  readonly #backoffQ: KeyedHeap<QueuedPodInfo>;
  readonly #errorBackoffQ: KeyedHeap<QueuedPodInfo>;

  constructor(options: BackoffOptions) {
    this.#clock = options.clock;
    this.#metrics = options.metrics;
    this.#initialNs = Math.round(options.podInitialBackoffMs * nsPerMs);
    this.#maxNs = Math.round(options.podMaxBackoffMs * nsPerMs);
    this.#isAligned = options.isPopFromBackoffQEnabled;
    const { less } = options;
    const byEnd: Less = (a, b) => this.backoffEnd(a) < this.backoffEnd(b);
    const byEndThenSort: Less = (a, b) => {
      const endOfA = this.backoffEnd(a);
      const endOfB = this.backoffEnd(b);
      return endOfA < endOfB || (endOfA === endOfB && less(a, b));
    };
    this.#backoffQ = new KeyedHeap(this.#isAligned ? byEndThenSort : byEnd);
    this.#errorBackoffQ = new KeyedHeap(byEnd);
  }

  get size(): number {
    return this.#backoffQ.size + this.#errorBackoffQ.size;
  }

  /** Those that may be popped early. */
  get poppableSize(): number {
    return this.#backoffQ.size;
  }

  has(key: ObjectKey): boolean {
    return this.#backoffQ.has(key) || this.#errorBackoffQ.has(key);
  }

  get(key: ObjectKey): QueuedPodInfo | undefined {
    return this.#backoffQ.get(key) ?? this.#errorBackoffQ.get(key);
  }

  /** To errorBackoffQ if nobody rejected it, as the record stands now. Returns another record that it replaces. */
  add(info: QueuedPodInfo, event: string): QueuedPodInfo | undefined {
    const [heap, other] = info.hasRejectors
      ? [this.#backoffQ, this.#errorBackoffQ]
      : [this.#errorBackoffQ, this.#backoffQ];
    const moved = other.delete(info.key);
    const replaced = heap.addOrUpdate(info);
    // A record that only changes heaps did not come in.
    if (moved === undefined) this.#metrics.incoming("backoff", event);
    info.place = info.hasRejectors ? "backoff" : "errorBackoff";
    const gone = replaced ?? moved;
    return gone === info ? undefined : gone;
  }

  /** Restores the order after the record under this key changed. */
  reorder(info: QueuedPodInfo): void {
    (this.#backoffQ.has(info.key) ? this.#backoffQ : this.#errorBackoffQ).addOrUpdate(info);
  }

  delete(key: ObjectKey): QueuedPodInfo | undefined {
    const rejected = this.#backoffQ.delete(key);
    return this.#errorBackoffQ.delete(key) ?? rejected;
  }

  /** The top of backoffQ, whatever its end. */
  popBackoff(): QueuedPodInfo | undefined {
    return this.#backoffQ.pop();
  }

  /** Takes out every record whose backoff is over, backoffQ first. */
  popAllBackoffCompleted(): QueuedPodInfo[] {
    const now = this.#clock.now();
    const completed: QueuedPodInfo[] = [];
    for (const heap of [this.#backoffQ, this.#errorBackoffQ]) {
      for (let top = heap.peek(); top !== undefined && !this.#isBackingOffAt(top, now); top = heap.peek()) {
        heap.pop();
        completed.push(top);
      }
    }
    return completed;
  }

  isPodBackingOff(info: QueuedPodInfo): boolean {
    return this.#isBackingOffAt(info, this.#clock.now());
  }

  /** Cached in the record until its next hand-back. {@link noBackoff} where there is none. */
  backoffEnd(info: QueuedPodInfo): Instant {
    const count = failuresOf(info);
    if (this.#maxNs === 0 || count === 0) return noBackoff;
    info.backoffExpiration ??= this.#end(info.timestamp, count);
    return info.backoffExpiration;
  }

  /** The end that a record handed back at `at` after `count` failures would get. Without side effects. */
  endAfter(at: Instant, count: number): Instant {
    return this.#maxNs === 0 || count === 0 ? noBackoff : this.#end(at, count);
  }

  /** Whether a backoff with this end is still running. The current window counts as backing off. */
  isRunning(end: Instant, now: Instant): boolean {
    return end >= this.#align(now);
  }

  /** The end of {@link backoffEnd} without caching it. */
  readEnd(info: QueuedPodInfo): Instant {
    const count = failuresOf(info);
    if (this.#maxNs === 0 || count === 0) return noBackoff;
    return info.backoffExpiration ?? this.#end(info.timestamp, count);
  }

  *values(): IterableIterator<QueuedPodInfo> {
    yield* this.#backoffQ.values();
    yield* this.#errorBackoffQ.values();
  }

  heapOf(queue: "backoff" | "errorBackoff"): KeyedHeap<QueuedPodInfo> {
    return queue === "backoff" ? this.#backoffQ : this.#errorBackoffQ;
  }

  #isBackingOffAt(info: QueuedPodInfo, now: Instant): boolean {
    return this.isRunning(this.backoffEnd(info), now);
  }

  #end(from: Instant, count: number): Instant {
    return this.#align(from + this.#durationNs(count) / nsPerMs);
  }

  /** Doubles with every failure. Powers of two, because a shift would wrap round at the 32nd attempt. */
  #durationNs(count: number): number {
    const factor = 2 ** (count - 1);
    return this.#initialNs > Math.floor(this.#maxNs / factor) ? this.#maxNs : this.#initialNs * factor;
  }

  #align(instant: Instant): Instant {
    return this.#isAligned ? Math.floor(instant / orderingWindowMs) * orderingWindowMs : instant;
  }
}

/** Errors count for themselves as long as they last. */
function failuresOf(info: QueuedPodInfo): number {
  return info.consecutiveErrorsCount > 0 ? info.consecutiveErrorsCount : info.unschedulableCount;
}
