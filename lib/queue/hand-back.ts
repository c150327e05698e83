import type { PodUid } from "#lib/kube/index.ts";
import type { EventMoves } from "./event-moves.ts";
import type { InFlightElement } from "./in-flight.ts";
import { causeOf } from "./moves.ts";
import type { QueueParts } from "./queue-parts.ts";
import type { QueuedPodInfo } from "./queued-pod-info.ts";
import { ReturningPods, type ReturnVerdict } from "./returning-pods.ts";
import { nameOf } from "./transitions.ts";

export type HandBackResult =
  | { readonly ok: true }
  /** The pod was queued already. Nothing changed there, but its flight is over. */
  | { readonly ok: false; readonly alreadyIn: "active" | "backoff" | "unschedulable" };

const scheduleAttemptFailure = "ScheduleAttemptFailure";

/** The end of a flight, with or without a return to the queue. Upstream: `AddUnschedulableIfNotPresent`, `Done`. */
export class HandBack {
  readonly #parts: QueueParts;
  readonly #eventMoves: EventMoves;
  readonly #returning: ReturningPods;

  constructor(parts: QueueParts, eventMoves: EventMoves) {
    this.#parts = parts;
    this.#eventMoves = eventMoves;
    this.#returning = new ReturningPods(parts.inFlight, parts.requeueing, parts.gates);
  }

  /** Ends the flight in any case. */
  handBack(info: QueuedPodInfo, podSchedulingCycle: number): HandBackResult {
    const result = this.#takeBack(info, podSchedulingCycle);
    this.#endFlight(info.uid, undefined);
    return result;
  }

  /** @param event why it ends. */
  done(uid: PodUid, event: string): void {
    this.#endFlight(uid, event);
  }

  #takeBack(info: QueuedPodInfo, podSchedulingCycle: number): HandBackResult {
    const { unschedulablePods, activeQ, backoffQ, inFlight, gates, observers } = this.#parts;
    const { key } = info;
    const parked = unschedulablePods.get(key);
    if (parked !== undefined) {
      // The caller has filled in rejectors already.
      unschedulablePods.refresh(parked);
      return { ok: false, alreadyIn: "unschedulable" };
    }
    if (activeQ.has(key)) return { ok: false, alreadyIn: "active" };
    if (backoffQ.has(key)) return { ok: false, alreadyIn: "backoff" };
    this.#countFailure(info);
    const from = inFlight.has(info.uid) || info.place === "inFlight" ? "inFlight" : "outside";
    info.place = "inFlight";
    const decision = gates.schedulerQueueingHints
      ? this.#returning.judge(info)
      : this.#judgeByCycle(info, podSchedulingCycle);
    this.#requeue(info, decision);
    if (observers.areListening) this.#note(info, from, decision);
    return { ok: true };
  }

  #countFailure(info: QueuedPodInfo): void {
    const { metrics, clock } = this.#parts;
    if (info.hasRejectors) {
      info.unschedulableCount++;
      info.consecutiveErrorsCount = 0;
      for (const plugin of info.rejectors) metrics.unschedulable(plugin, info.schedulerName, 1);
    } else {
      info.consecutiveErrorsCount++;
    }
    info.timestamp = clock.now();
    info.backoffExpiration = undefined;
    info.wasFlushedFromUnschedulable = false;
  }

  /** Before hints: any move request since the pod was popped means that something may have changed. */
  #judgeByCycle(info: QueuedPodInfo, podSchedulingCycle: number): ReturnVerdict {
    const isMoved = this.#eventMoves.moveRequestCycle >= podSchedulingCycle || !info.hasRejectors;
    return { verdict: isMoved ? "afterBackoff" : "skip" };
  }

  /** Before hints nobody asked whether the backoff runs at all. */
  #requeue(info: QueuedPodInfo, { verdict }: ReturnVerdict): void {
    const { moves, gates } = this.#parts;
    if (verdict === "afterBackoff" && !gates.schedulerQueueingHints) moves.toBackoff(info, scheduleAttemptFailure);
    else moves.requeue(info, verdict, scheduleAttemptFailure);
  }

  #note(info: QueuedPodInfo, from: "inFlight" | "outside", decision: ReturnVerdict): void {
    const { verdict, decidedBy } = decision;
    const cause = causeOf(scheduleAttemptFailure, info, decision, decidedBy);
    this.#parts.observers.note({ kind: "handedBack", pod: nameOf(info), from, to: info.place, verdict, cause });
  }

  #endFlight(uid: PodUid, finishedBy: string | undefined): void {
    const { inFlight, observers } = this.#parts;
    const pruned: InFlightElement[] | undefined = observers.areListening ? [] : undefined;
    const flight = inFlight.done(uid, pruned && { pruned: (element) => void pruned.push(element) });
    if (flight === undefined) return;
    const { info } = flight;
    if (finishedBy !== undefined && info.place === "inFlight") info.place = "outside";
    if (pruned === undefined) return;
    if (finishedBy !== undefined) {
      const cause = { event: finishedBy };
      observers.note({ kind: "finished", pod: nameOf(info), from: "inFlight", to: "outside", cause });
    }
    observers.note({ kind: "pruned", elements: pruned });
  }
}
