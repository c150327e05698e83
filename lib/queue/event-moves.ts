import type { KubeObject, Pod } from "#lib/kube/index.ts";
import type { NamespaceLabels } from "./affinity-terms.ts";
import { concernsCrossTopology } from "./assigned-pods.ts";
import type { QueueParts } from "./queue-parts.ts";
import type { QueuedPodInfo } from "./queued-pod-info.ts";
import type { IncomingEvent } from "./registered-events.ts";

/** Which pods an event may move at all. */
export type PreEnqueueCheck = (pod: Pod) => boolean;

/**
 * What an event does: it moves the parked pods it may help, and goes on record for those in flight.
 * Upstream: `moveAllToActiveOrBackoffQueue`, `movePodsToActiveOrBackoffQueue`.
 */
export class EventMoves {
  readonly #parts: QueueParts;
  readonly #namespaceLabels: NamespaceLabels | undefined;
  #moveRequestCycle = -1;

  constructor(parts: QueueParts, namespaceLabels: NamespaceLabels | undefined) {
    this.#parts = parts;
    this.#namespaceLabels = namespaceLabels;
  }

  /** The scheduling cycle of the last move request. */
  get moveRequestCycle(): number {
    return this.#moveRequestCycle;
  }

  requestMove(): void {
    this.#moveRequestCycle = this.#parts.activeQ.schedulingCycle;
  }

  restoreCycle(moveRequestCycle: number): void {
    this.#moveRequestCycle = moveRequestCycle;
  }

  moveAll(
    incoming: IncomingEvent,
    oldObj: KubeObject | undefined,
    newObj: KubeObject | undefined,
    preCheck?: PreEnqueueCheck,
  ): void {
    if (!incoming.isInteresting) return;
    const pool = this.#parts.unschedulablePods;
    if (pool.size > 0) {
      pool.forEachConcerned(incoming, (info) => {
        if (preCheck === undefined || preCheck(info.pod)) this.#moveIfWorth(info, incoming, oldObj, newObj);
      });
    }
    this.#record(incoming, oldObj, newObj);
  }

  /** These parked pods only. */
  movePods(
    infos: readonly QueuedPodInfo[],
    incoming: IncomingEvent,
    oldObj: KubeObject | undefined,
    newObj: KubeObject | undefined,
  ): void {
    if (!incoming.isInteresting) return;
    for (const info of infos) {
      if (info.isGated && !incoming.plugins.has(info.gatingPlugin)) continue;
      this.#moveIfWorth(info, incoming, oldObj, newObj);
    }
    this.#record(incoming, oldObj, newObj);
  }

  /** The parked pods that may care about a bound pod. */
  crossTopology(assigned: Pod, incoming: IncomingEvent, old: Pod | undefined): void {
    const concerned = [...this.#parts.unschedulablePods.values()].filter((info) =>
      concernsCrossTopology(info, assigned, this.#namespaceLabels),
    );
    this.movePods(concerned, incoming, old, assigned);
  }

  /** Goes on record if anything is in flight. */
  append(incoming: IncomingEvent, oldObj: KubeObject | undefined, newObj: KubeObject | undefined): void {
    const { inFlight, observers, clock } = this.#parts;
    const element = inFlight.appendIfAnyInFlight(incoming, oldObj, newObj, clock.now());
    if (element !== undefined && observers.areListening) observers.note({ kind: "appended", element });
  }

  #moveIfWorth(
    info: QueuedPodInfo,
    incoming: IncomingEvent,
    oldObj: KubeObject | undefined,
    newObj: KubeObject | undefined,
  ): void {
    const { requeueing, unschedulablePods, moves } = this.#parts;
    const verdict = requeueing.judge(info, incoming, oldObj, newObj);
    if (verdict === "skip") return;
    unschedulablePods.delete(info.key);
    const reason = { plugin: requeueing.decidingPlugin, object: newObj ?? oldObj };
    moves.requeue(info, verdict, incoming.label, reason);
  }

  /** Whether anybody was moved does not matter: pods in flight have to see it. */
  #record(incoming: IncomingEvent, oldObj: KubeObject | undefined, newObj: KubeObject | undefined): void {
    this.requestMove();
    this.append(incoming, oldObj, newObj);
  }
}
