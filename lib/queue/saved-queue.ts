import type { PodUid } from "#lib/kube/index.ts";
import type { SavedInFlight } from "./in-flight.ts";
import type { Nomination } from "./nominator.ts";
import type { QueueParts } from "./queue-parts.ts";
import type { Place, QueuedPodInfo } from "./queued-pod-info.ts";
import { nameOf, type PodName } from "./transitions.ts";

/** A queue as it stood at one moment: never changed, and can be restored any number of times. */
export interface SavedQueue {
  readonly active: readonly QueuedPodInfo[];
  readonly backoff: readonly QueuedPodInfo[];
  readonly errorBackoff: readonly QueuedPodInfo[];
  readonly parked: readonly QueuedPodInfo[];
  readonly inFlight: SavedInFlight;
  readonly nominations: readonly (readonly [node: string, nominations: readonly Nomination[]])[];
  readonly unschedulable: readonly (readonly [profile: string, plugins: ReadonlyMap<string, number>])[];
  readonly schedulingCycle: number;
  readonly moveRequestCycle: number;
}

/** Heaps are saved in their layout, so that equal records come out in the same order again. */
export function saveQueue({
  activeQ,
  backoffQ,
  unschedulablePods,
  inFlight,
  nominator,
  metrics,
}: QueueParts): Omit<SavedQueue, "moveRequestCycle"> {
  const copies = (infos: Iterable<QueuedPodInfo>): readonly QueuedPodInfo[] => Array.from(infos, (info) => info.copy());
  return {
    active: copies(activeQ.heap.values()),
    backoff: copies(backoffQ.heapOf("backoff").values()),
    errorBackoff: copies(backoffQ.heapOf("errorBackoff").values()),
    parked: copies(unschedulablePods.values()),
    inFlight: inFlight.save(),
    nominations: Array.from(nominator.nodes(), ([node, nominations]) => [node, [...nominations]] as const),
    unschedulable: Array.from(
      metrics.unschedulablePods(),
      ([profile, plugins]) => [profile, new Map(plugins)] as const,
    ),
    schedulingCycle: activeQ.schedulingCycle,
  };
}

/**
 * Puts everything back where it was, with the records that were saved. Numbers that others may have seen, of elements
 * and of take-offs, are not given out again, and what was counted stays counted. Every pod that is elsewhere by it has
 * moved because of `event`.
 */
export function restoreQueue(parts: QueueParts, saved: SavedQueue, event: string): void {
  const { activeQ, backoffQ, unschedulablePods, inFlight, nominator, metrics, observers } = parts;
  const before = placesIn(parts);
  activeQ.restore(saved.active, saved.schedulingCycle);
  for (const queue of ["backoff", "errorBackoff"] as const) {
    const heap = backoffQ.heapOf(queue);
    while (heap.pop() !== undefined);
    for (const info of saved[queue]) heap.addOrUpdate(info.copy());
  }
  unschedulablePods.restore(saved.parked);
  inFlight.restore(saved.inFlight);
  nominator.restore(saved.nominations);
  metrics.restoreUnschedulable(saved.unschedulable);
  if (!observers.areListening) return;
  const after = placesIn(parts);
  for (const [uid, { pod, place: from }] of before) {
    const to = after.get(uid)?.place ?? "outside";
    if (from !== to) observers.note({ kind: "moved", pod, from, to, cause: { event } });
  }
  for (const [uid, { pod, place: to }] of after) {
    if (!before.has(uid)) observers.note({ kind: "moved", pod, from: "outside", to, cause: { event } });
  }
}

function placesIn({
  activeQ,
  backoffQ,
  unschedulablePods,
  inFlight,
}: QueueParts): ReadonlyMap<PodUid, { readonly pod: PodName; readonly place: Place }> {
  const places = new Map<PodUid, { readonly pod: PodName; readonly place: Place }>();
  const note = (info: QueuedPodInfo): void => void places.set(info.uid, { pod: nameOf(info), place: info.place });
  for (const infos of [activeQ.heap.values(), backoffQ.values(), unschedulablePods.values()]) {
    for (const info of infos) note(info);
  }
  for (const { info, uid } of inFlight.pods()) places.set(uid, { pod: nameOf(info), place: "inFlight" });
  return places;
}
