import type { Clock } from "#lib/clock/index.ts";
import { objectKey, type KubeObject } from "#lib/kube/index.ts";
import type { ActiveQueue } from "./active-queue.ts";
import type { BackoffQueue } from "./backoff-queue.ts";
import type { Nominator } from "./nominator.ts";
import type { Observers } from "./observers.ts";
import type { PreEnqueue } from "./pre-enqueue.ts";
import type { Place, QueuedPodInfo } from "./queued-pod-info.ts";
import type { Verdict } from "./requeueing.ts";
import { nameOf, type Cause } from "./transitions.ts";
import type { UnschedulablePods } from "./unschedulable-pods.ts";

export interface MovesOptions {
  readonly clock: Clock;
  readonly activeQ: ActiveQueue;
  readonly backoffQ: BackoffQueue;
  readonly unschedulablePods: UnschedulablePods;
  readonly preEnqueue: PreEnqueue;
  readonly nominator: Nominator;
  readonly observers: Observers;
  readonly isPopFromBackoffQEnabled: boolean;
}

/** Why the moves of the operation under way happen, beyond the label of their event. */
export interface Reason {
  readonly plugin?: string | undefined;
  readonly object?: KubeObject | undefined;
}

const noReason: Reason = {};

/** Labels of the queue's own events that nominate a pod by its status. */
export const unschedulablePodAdd = "UnschedulablePodAdd";
export const unschedulablePodUpdate = "UnschedulablePodUpdate";

/** How a record gets from one place to another. Upstream: `moveToActiveQ`, `moveToBackoffQ`, `requeuePodWithQueueingStrategy`. */
export class Moves {
  readonly #clock: Clock;
  readonly #activeQ: ActiveQueue;
  readonly #backoffQ: BackoffQueue;
  readonly #pool: UnschedulablePods;
  readonly #preEnqueue: PreEnqueue;
  readonly #nominator: Nominator;
  readonly #observers: Observers;
  readonly #isPopFromBackoffQEnabled: boolean;

  constructor(options: MovesOptions) {
    this.#clock = options.clock;
    this.#activeQ = options.activeQ;
    this.#backoffQ = options.backoffQ;
    this.#pool = options.unschedulablePods;
    this.#preEnqueue = options.preEnqueue;
    this.#nominator = options.nominator;
    this.#observers = options.observers;
    this.#isPopFromBackoffQEnabled = options.isPopFromBackoffQEnabled;
  }

  /** Whether the record is in activeQ afterwards; otherwise it is gated, in the pool or dropped. */
  toActive(info: QueuedPodInfo, event: string, isFromBackoff: boolean, reason = noReason): boolean {
    const from = info.place;
    // With the early pop the plugins were asked on the way into backoffQ.
    if (!(this.#isPopFromBackoffQEnabled && isFromBackoff)) this.#preEnqueue.run(info);
    if (info.isGated) {
      // Kept oddity: a gated newcomer with the key of an active or backing-off pod vanishes.
      if (this.#activeQ.has(info.key) || this.#backoffQ.has(info.key)) this.#pool.refresh(info);
      else this.#park(info, event, from, reason);
      return false;
    }
    info.initialAttemptTimestamp ??= this.#clock.now();
    const parked = this.#pool.delete(info.key);
    const waiting = this.#backoffQ.delete(info.key);
    const active = this.#activeQ.add(info, event);
    if (this.#observers.areListening) {
      for (const other of [parked, waiting, active]) if (other !== info) this.#noteReplaced(other);
      this.#noteMove(info, from, event, reason);
    }
    if (event === unschedulablePodAdd || event === unschedulablePodUpdate) this.#nominator.addNominatedPod(info.pod);
    return true;
  }

  /** Whether the record is in a backoff heap afterwards; otherwise it is gated and in the pool. */
  toBackoff(info: QueuedPodInfo, event: string, reason = noReason): boolean {
    const from = info.place;
    if (this.#isPopFromBackoffQEnabled) {
      this.#preEnqueue.run(info);
      if (info.isGated) {
        this.#park(info, event, from, reason);
        return false;
      }
    }
    const parked = this.#pool.delete(info.key);
    const replaced = this.#backoffQ.add(info, event);
    if (this.#observers.areListening) {
      for (const other of [parked, replaced]) if (other !== info) this.#noteReplaced(other);
      this.#noteMove(info, from, event, reason);
    }
    return true;
  }

  /** Carries out a verdict. Returns where the record was sent; a gated one is in the pool. */
  requeue(
    info: QueuedPodInfo,
    verdict: Verdict,
    event: string,
    reason = noReason,
  ): "active" | "backoff" | "unschedulable" {
    if (verdict === "skip") {
      this.#park(info, event, info.place, reason);
      return "unschedulable";
    }
    if (verdict === "afterBackoff" && this.#backoffQ.isPodBackingOff(info)) {
      return this.toBackoff(info, event, reason) ? "backoff" : "unschedulable";
    }
    return this.toActive(info, event, false, reason) ? "active" : "unschedulable";
  }

  #park(info: QueuedPodInfo, event: string, from: Place, reason: Reason): void {
    const replaced = this.#pool.addOrUpdate(info, event);
    if (!this.#observers.areListening) return;
    this.#noteReplaced(replaced);
    this.#noteMove(info, from, event, reason);
  }

  /** A hand-back is told as a whole, and a record that stays where it is has not moved. */
  #noteMove(info: QueuedPodInfo, from: Place, event: string, reason: Reason): void {
    if (from === "inFlight" || from === info.place) return;
    const cause = causeOf(event, info, reason);
    this.#observers.note({ kind: "moved", pod: nameOf(info), from, to: info.place, cause });
  }

  #noteReplaced(other: QueuedPodInfo | undefined): void {
    if (other === undefined) return;
    const from = other.place;
    other.place = "outside";
    this.#observers.note({ kind: "moved", pod: nameOf(other), from, to: "outside", cause: { event: "Replaced" } });
  }
}

/** A gated record is where it is because of its gating plugin, whoever woke it. */
export function causeOf(event: string, info: QueuedPodInfo, reason: Reason, decidedBy?: number): Cause {
  const plugin = info.place === "gated" ? info.gatingPlugin : reason.plugin;
  return {
    event,
    ...(plugin !== undefined && { plugin }),
    ...(reason.object !== undefined && { object: objectKey(reason.object) }),
    ...(decidedBy !== undefined && { decidedBy }),
  };
}
