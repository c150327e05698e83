import type { Instant } from "#lib/clock/index.ts";
import type { KeyedHeap } from "#lib/collections/index.ts";
import type { ObjectKey, PodUid } from "#lib/kube/index.ts";
import { Explainer, type Destination, type Explanation, type Rejectors } from "./explain.ts";
import type { InFlightReader } from "./in-flight.ts";
import { findViolations, type InvariantLimits, type Violation } from "./invariants.ts";
import { collectMetrics, type MetricFamily } from "./metric-families.ts";
import type { Nomination } from "./nominator.ts";
import type { QueueParts } from "./queue-parts.ts";
import type { QueuedPodInfo } from "./queued-pod-info.ts";

export interface QueueSizes {
  readonly active: number;
  readonly backoff: number;
  readonly errorBackoff: number;
  /** Without the gated ones. */
  readonly unschedulable: number;
  readonly gated: number;
  readonly inFlight: number;
  /** Events in the in-flight list. */
  readonly inFlightEvents: number;
}

/** A part of a list, of those that are wanted: `offset` rows are left out before it, at most `limit` are in it. */
export interface Window {
  readonly offset?: number;
  readonly limit?: number;
  readonly isWanted?: ((info: QueuedPodInfo) => boolean) | undefined;
}

export interface BackingOff {
  readonly info: QueuedPodInfo;
  readonly queue: "backoff" | "errorBackoff";
  /** `undefined` while backoff is switched off. */
  readonly until: Instant | undefined;
}

export interface GatedGroup {
  readonly plugin: string;
  readonly count: number;
  readonly oldestSince: Instant;
  readonly infos: Iterable<QueuedPodInfo>;
}

export interface NodeNominations {
  readonly node: string;
  readonly nominations: readonly Nomination[];
}

/** Reads the queue without changing it. The records it hands out are the queue's own: look, do not touch. */
export class QueueView {
  readonly #parts: QueueParts;
  readonly #explainer: Explainer;

  constructor(parts: QueueParts) {
    this.#parts = parts;
    this.#explainer = new Explainer(parts);
  }

  /** Pods in flight and concurrent events. */
  get inFlight(): InFlightReader {
    return this.#parts.inFlight;
  }

  sizes(): QueueSizes {
    const { activeQ, backoffQ, unschedulablePods, inFlight } = this.#parts;
    const gated = unschedulablePods.gatedSize;
    return {
      active: activeQ.size,
      backoff: backoffQ.poppableSize,
      errorBackoff: backoffQ.size - backoffQ.poppableSize,
      unschedulable: unschedulablePods.size - gated,
      gated,
      inFlight: inFlight.podCount,
      inFlightEvents: inFlight.eventCount,
    };
  }

  /** The record of a queued pod. */
  record(key: ObjectKey): QueuedPodInfo | undefined {
    const { activeQ, backoffQ, unschedulablePods } = this.#parts;
    return activeQ.get(key) ?? unschedulablePods.get(key) ?? backoffQ.get(key);
  }

  /** In the order in which `pop` would give them. */
  active(window: Window = {}): readonly QueuedPodInfo[] {
    return inWindow(this.#parts.activeQ.heap, window);
  }

  /** Everything in activeQ, in no particular order. */
  activeUnordered(): Iterable<QueuedPodInfo> {
    return this.#parts.activeQ.heap.values();
  }

  /** Both backoff queues, the soonest end first. */
  backingOff({ offset = 0, limit = Number.POSITIVE_INFINITY, isWanted }: Window = {}): readonly BackingOff[] {
    const end = offset + limit;
    const within = { limit: end, isWanted };
    const rows = [...this.#backingOffIn("backoff", within), ...this.#backingOffIn("errorBackoff", within)];
    const { backoffQ } = this.#parts;
    rows.sort((a, b) => compare(backoffQ.readEnd(a.info), backoffQ.readEnd(b.info)));
    return rows.slice(offset, end);
  }

  /** When it may be tried again. `undefined` for one that does not back off, and while backoff is switched off. */
  backoffUntil(info: QueuedPodInfo): Instant | undefined {
    if (info.place !== "backoff" && info.place !== "errorBackoff") return undefined;
    return this.#backingOff(info, info.place).until;
  }

  /** Everything that backs off, in no particular order. */
  *backingOffUnordered(): IterableIterator<BackingOff> {
    for (const queue of ["backoff", "errorBackoff"] as const) {
      for (const info of this.#parts.backoffQ.heapOf(queue).values()) yield this.#backingOff(info, queue);
    }
  }

  /** Parked by a rejection, the oldest record first. */
  unschedulable({ offset = 0, limit = Number.POSITIVE_INFINITY, isWanted }: Window = {}): readonly QueuedPodInfo[] {
    const infos = [...this.unschedulableUnordered()].filter(isWanted ?? (() => true));
    return infos.sort((a, b) => a.timestamp - b.timestamp).slice(offset, offset + limit);
  }

  *unschedulableUnordered(): IterableIterator<QueuedPodInfo> {
    for (const info of this.#parts.unschedulablePods.values()) if (!info.isGated) yield info;
  }

  /** Held back by a PreEnqueue plugin, by plugin. */
  gated(): readonly GatedGroup[] {
    return [...this.#parts.unschedulablePods.gatedBy()].map(([plugin, infos]) => {
      let oldestSince = Number.POSITIVE_INFINITY;
      for (const info of infos) oldestSince = Math.min(oldestSince, info.timestamp);
      return { plugin, count: infos.size, oldestSince, infos };
    });
  }

  /** Plugins that may bring back what they rejected: those that registered for an event, in any profile. */
  plugins(): readonly string[] {
    return this.#parts.events.plugins();
  }

  nominations(): readonly NodeNominations[] {
    return [...this.#parts.nominator.nodes()].map(([node, nominations]) => ({ node, nominations }));
  }

  /**
   * What each rejecting plugin makes of each event behind the pod's marker, and where the pod would go if it came back
   * now, rejected by `rejectors` (default: those of its last attempt). `undefined` for a pod that is not in flight.
   *
   * @param fromSeq events before it are not judged one by one; the destination rests on them all the same
   */
  explain(uid: PodUid, rejectors?: Rejectors, fromSeq?: number): Explanation | undefined {
    return this.#explainer.explain(uid, rejectors, fromSeq);
  }

  /** The destination of {@link explain} alone, which stops at the event that decides. */
  wouldGoTo(uid: PodUid, rejectors?: Rejectors): Destination | undefined {
    return this.#explainer.wouldGoTo(uid, rejectors);
  }

  /** What must never be true. */
  invariants(limits?: InvariantLimits): readonly Violation[] {
    return findViolations(this.#parts, limits);
  }

  /** Under upstream's names. */
  metrics(): readonly MetricFamily[] {
    return collectMetrics(this.#parts);
  }

  /** Calls of observers that threw, and what the last of them threw. */
  observerFailures(): { readonly count: number; readonly last: unknown } {
    return this.#parts.observers.failures;
  }

  #backingOffIn(queue: BackingOff["queue"], window: Window): BackingOff[] {
    return inWindow(this.#parts.backoffQ.heapOf(queue), window).map((info) => this.#backingOff(info, queue));
  }

  #backingOff(info: QueuedPodInfo, queue: BackingOff["queue"]): BackingOff {
    const end = this.#parts.backoffQ.readEnd(info);
    return { info, queue, until: Number.isFinite(end) ? end : undefined };
  }
}

function inWindow(
  heap: KeyedHeap<QueuedPodInfo>,
  { offset = 0, limit = heap.size, isWanted }: Window,
): QueuedPodInfo[] {
  if (isWanted !== undefined) return heap.sorted(isWanted).slice(offset, offset + limit);
  return heap.inPopOrder(Math.min(offset + limit, heap.size)).slice(offset);
}

/** Both may be minus infinity. */
function compare(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
