import type { Clock } from "#lib/clock/index.ts";
import { KeyedHeap } from "#lib/collections/index.ts";
import type { ObjectKey } from "#lib/kube/index.ts";
import type { BackoffQueue } from "./backoff-queue.ts";
import type { InFlight, PodElement } from "./in-flight.ts";
import type { Observers } from "./observers.ts";
import type { QueueMetrics } from "./queue-metrics.ts";
import type { Less } from "./queue-sort.ts";
import type { Place, QueuedPodInfo } from "./queued-pod-info.ts";
import { nameOf } from "./transitions.ts";

export interface ActiveQueueOptions {
  readonly clock: Clock;
  readonly metrics: QueueMetrics;
  readonly observers: Observers;
  readonly less: Less;
  /** `undefined` while hints are off: then flights are not tracked. */
  readonly inFlight: InFlight | undefined;
  /** Where to pop when nothing is active; `undefined` while the early pop is off. */
  readonly popFrom: BackoffQueue | undefined;
}

/** Records ready to be tried, and the take-off. Upstream: `active_queue.go`. */
export class ActiveQueue {
  readonly #heap: KeyedHeap<QueuedPodInfo>;
  readonly #clock: Clock;
  readonly #metrics: QueueMetrics;
  readonly #observers: Observers;
  readonly #inFlight: InFlight | undefined;
  readonly #popFrom: BackoffQueue | undefined;
  #schedulingCycle = 0;

  constructor(options: ActiveQueueOptions) {
    this.#heap = new KeyedHeap(options.less);
    this.#clock = options.clock;
    this.#metrics = options.metrics;
    this.#observers = options.observers;
    this.#inFlight = options.inFlight;
    this.#popFrom = options.popFrom;
  }

  get size(): number {
    return this.#heap.size;
  }

  /** Pods taken into flight so far. */
  get schedulingCycle(): number {
    return this.#schedulingCycle;
  }

  get heap(): KeyedHeap<QueuedPodInfo> {
    return this.#heap;
  }

  has(key: ObjectKey): boolean {
    return this.#heap.has(key);
  }

  get(key: ObjectKey): QueuedPodInfo | undefined {
    return this.#heap.get(key);
  }

  /** Returns another record that it replaces. */
  add(info: QueuedPodInfo, event: string): QueuedPodInfo | undefined {
    const replaced = this.#heap.addOrUpdate(info);
    this.#metrics.incoming("active", event);
    info.place = "active";
    return replaced === info ? undefined : replaced;
  }

  /** Restores the order after the record changed. */
  reorder(info: QueuedPodInfo): void {
    this.#heap.addOrUpdate(info);
  }

  delete(key: ObjectKey): QueuedPodInfo | undefined {
    return this.#heap.delete(key);
  }

  /** These instead of what is here. */
  restore(infos: readonly QueuedPodInfo[], schedulingCycle: number): void {
    while (this.#heap.pop() !== undefined);
    for (const info of infos) this.#heap.addOrUpdate(info.copy());
    this.#schedulingCycle = schedulingCycle;
  }

  /** Whether `pop` would give a pod: duplicates of pods in flight do not count. */
  get canPop(): boolean {
    return (
      this.#isUsable(this.#heap) || (this.#popFrom !== undefined && this.#isUsable(this.#popFrom.heapOf("backoff")))
    );
  }

  /** The next pod, taken into flight. `undefined` when nothing is ready. */
  pop(): QueuedPodInfo | undefined {
    for (;;) {
      const active = this.#heap.pop();
      const info = active ?? this.#popFrom?.popBackoff();
      if (info === undefined) return undefined;
      if (active === undefined) this.#metrics.incoming("active", "PopFromBackoffQ");
      if (this.#takeOff(info, active === undefined ? "PopFromBackoffQ" : "Pop")) return info;
    }
  }

  /** This pod, whatever stands before it. */
  popSpecific(key: ObjectKey): QueuedPodInfo | undefined {
    const info = this.#heap.delete(key);
    return info !== undefined && this.#takeOff(info, "PopSpecificPod") ? info : undefined;
  }

  /** A duplicate of a pod in flight is dropped; its attempt counts all the same. */
  #takeOff(info: QueuedPodInfo, event: string): boolean {
    info.attempts++;
    const from = info.place;
    let element: PodElement | undefined;
    if (this.#inFlight !== undefined) {
      element = this.#inFlight.takeOff(info, this.#clock.now());
      if (element === undefined) {
        info.place = "outside";
        const cause = { event: "AlreadyInFlight" };
        this.#observers.note({ kind: "moved", pod: nameOf(info), from, to: "outside", cause });
        return false;
      }
    }
    this.#schedulingCycle++;
    info.place = "inFlight";
    if (info.hasRejectors) {
      for (const plugin of info.rejectors) this.#metrics.unschedulable(plugin, info.schedulerName, -1);
    }
    if (this.#observers.areListening) this.#notePop(info, from, element, event);
    return true;
  }

  #notePop(info: QueuedPodInfo, from: Place, element: PodElement | undefined, event: string): void {
    const { attempts } = info;
    const cause = { event };
    this.#observers.note({ kind: "popped", pod: nameOf(info), from, to: "inFlight", attempts, element, cause });
  }

  #isUsable(heap: KeyedHeap<QueuedPodInfo>): boolean {
    const top = heap.peek();
    if (top === undefined) return false;
    if (this.#inFlight?.has(top.uid) !== true) return true;
    for (const info of heap.values()) if (!this.#inFlight.has(info.uid)) return true;
    return false;
  }
}
