import { objectKey, podChanges, podUid, type ClusterEvent, type Pod } from "#lib/kube/index.ts";
import type { EventMoves } from "./event-moves.ts";
import { unschedulablePodUpdate } from "./moves.ts";
import { isPodUpdated } from "./pod-spec-changes.ts";
import type { QueueParts } from "./queue-parts.ts";
import type { QueuedPodInfo } from "./queued-pod-info.ts";
import { nameOf } from "./transitions.ts";

/** What a newer version of a pod without a node does. Upstream: `PriorityQueue.Update`. */
export class PodUpdates {
  readonly #parts: QueueParts;
  readonly #eventMoves: EventMoves;

  constructor(parts: QueueParts, eventMoves: EventMoves) {
    this.#parts = parts;
    this.#eventMoves = eventMoves;
  }

  update(old: Pod, updated: Pod): void {
    const { gates, inFlight, unschedulablePods, moves, records, events } = this.#parts;
    const kinds = gates.schedulerQueueingHints ? eventsOf(old, updated) : [];
    if (gates.schedulerQueueingHints && inFlight.has(podUid(updated))) {
      // Q48: the nominator does not hear of it.
      for (const kind of kinds) this.#eventMoves.append(events.of(kind), old, updated);
      return;
    }
    if (this.#updateInPlace(old, updated)) return;
    const parked = unschedulablePods.get(objectKey(updated));
    if (parked === undefined) moves.toActive(records.make(updated), unschedulablePodUpdate, false);
    else this.#updateParked(parked, old, updated, kinds);
  }

  /** A record in activeQ or backing off keeps its place in line as far as the new version allows. */
  #updateInPlace(old: Pod, updated: Pod): boolean {
    const { activeQ, backoffQ } = this.#parts;
    const key = objectKey(old);
    const active = activeQ.get(key);
    const info = active ?? backoffQ.get(key);
    if (info === undefined) return false;
    this.#replaceVersion(info, old, updated);
    if (active === undefined) backoffQ.reorder(info);
    else activeQ.reorder(info);
    return true;
  }

  #updateParked(info: QueuedPodInfo, old: Pod, updated: Pod, kinds: readonly ClusterEvent[]): void {
    const { gates, requeueing, unschedulablePods, moves, events } = this.#parts;
    this.#replaceVersion(info, old, updated);
    unschedulablePods.refresh(info);
    if (!gates.schedulerQueueingHints) {
      this.#moveWithoutHints(info, old, updated);
      return;
    }
    for (const kind of kinds) {
      const incoming = events.of(kind);
      const verdict = requeueing.judge(info, incoming, old, updated);
      const reason = { plugin: requeueing.decidingPlugin, object: updated };
      const queue = moves.requeue(info, verdict, incoming.label, reason);
      // Q25: without the early pop a pod in backoffQ is judged again, and a skip then parks it as well.
      if (queue === "active" || (queue === "backoff" && gates.schedulerPopFromBackoffQ)) return;
    }
  }

  #moveWithoutHints(info: QueuedPodInfo, old: Pod, updated: Pod): void {
    if (!isPodUpdated(old, updated)) return;
    const { backoffQ, moves } = this.#parts;
    const reason = { object: updated };
    if (backoffQ.isPodBackingOff(info)) moves.toBackoff(info, unschedulablePodUpdate, reason);
    else moves.toActive(info, unschedulablePodUpdate, false, reason);
  }

  #replaceVersion(info: QueuedPodInfo, old: Pod, updated: Pod): void {
    const { nominator, records, observers } = this.#parts;
    info.updatePod(updated);
    nominator.updateNominatedPod(old, updated);
    records.sign(info);
    if (observers.areListening) observers.note({ kind: "updated", pod: nameOf(info), place: info.place });
  }
}

/** One event per kind of change. */
function eventsOf(old: Pod, updated: Pod): readonly ClusterEvent[] {
  const resource = (updated.spec?.nodeName ?? "") === "" ? "UnschedulablePod" : "AssignedPod";
  return podChanges(old, updated).map((actionType) => ({ resource, actionType }));
}
