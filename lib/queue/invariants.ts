import type { Clock } from "#lib/clock/index.ts";
import type { ObjectKey, PodUid } from "#lib/kube/index.ts";
import type { ActiveQueue } from "./active-queue.ts";
import type { BackoffQueue } from "./backoff-queue.ts";
import type { InFlight } from "./in-flight.ts";
import type { QueuedPodInfo } from "./queued-pod-info.ts";
import type { UnschedulablePods } from "./unschedulable-pods.ts";

/** Something that must never be true, in words and with the pod it is about. */
export interface Violation {
  readonly rule:
    | "pod-in-two-places"
    | "queued-and-in-flight"
    | "marker-without-pod"
    | "pod-without-marker"
    | "list-begins-with-event"
    | "list-grows-behind-old-marker"
    | "events-lost"
    | "filed-wrong"
    | "order-broken";
  readonly message: string;
  readonly key?: ObjectKey;
  readonly uid?: PodUid;
}

/** When a long list behind one old marker is no longer normal. */
export interface InvariantLimits {
  readonly maxEventsBehindOldest: number;
  readonly maxFlightMs: number;
}

const defaultLimits: InvariantLimits = { maxEventsBehindOldest: 10_000, maxFlightMs: 60_000 };

interface Parts {
  readonly clock: Clock;
  readonly activeQ: ActiveQueue;
  readonly backoffQ: BackoffQueue;
  readonly unschedulablePods: UnschedulablePods;
  readonly inFlight: InFlight;
}

export function findViolations(parts: Parts, limits = defaultLimits): readonly Violation[] {
  return [...findMisplaced(parts), ...findListFaults(parts, limits)];
}

function* findMisplaced({ activeQ, backoffQ, unschedulablePods, inFlight }: Parts): IterableIterator<Violation> {
  const places = new Map<ObjectKey, string>();
  const stores: readonly [place: string, infos: Iterable<QueuedPodInfo>][] = [
    ["activeQ", activeQ.heap.values()],
    ["backoffQ", backoffQ.heapOf("backoff").values()],
    ["errorBackoffQ", backoffQ.heapOf("errorBackoff").values()],
    ["the pool", unschedulablePods.values()],
  ];
  for (const [place, infos] of stores) {
    for (const { key, uid } of infos) {
      const other = places.get(key);
      if (other !== undefined)
        yield { rule: "pod-in-two-places", key, uid, message: `${key} is in ${other} and ${place}` };
      else if (inFlight.has(uid))
        yield { rule: "queued-and-in-flight", key, uid, message: `${key} is in ${place} and in flight` };
      places.set(key, place);
    }
  }
  for (const info of unschedulablePods.values()) {
    const { key, uid } = info;
    if (unschedulablePods.isFiledRight(info)) continue;
    yield { rule: "filed-wrong", key, uid, message: `${key} is parked, but not filed under its rejectors` };
  }
  const heaps = {
    activeQ: activeQ.heap,
    backoffQ: backoffQ.heapOf("backoff"),
    errorBackoffQ: backoffQ.heapOf("errorBackoff"),
  };
  for (const [name, heap] of Object.entries(heaps)) {
    if (!heap.isOrdered()) yield { rule: "order-broken", message: `${name} is not in heap order` };
  }
}

function* findListFaults({ inFlight, clock }: Parts, limits: InvariantLimits): IterableIterator<Violation> {
  const flying = new Set<PodUid>();
  for (const { uid, seq, info } of inFlight.pods()) {
    flying.add(uid);
    const marker = inFlight.markerOf(uid);
    if (marker?.kind === "own" && marker.seq !== seq) {
      yield { rule: "pod-without-marker", uid, key: info.key, message: `the marker of ${info.key} is another element` };
    }
    if (marker?.kind === "foreign" && marker.isRemoved) {
      const message = `the marker of ${info.key} was removed from the list: the pod is shown nothing any more`;
      yield { rule: "events-lost", uid, key: info.key, message };
    }
  }
  if (inFlight.scheme === "current") yield* findMarkerFaults(inFlight, flying);
  const [oldest] = inFlight.pods();
  if (oldest === undefined || inFlight.eventCount <= limits.maxEventsBehindOldest) return;
  const { uid, at, info } = oldest;
  if (clock.now() - at <= limits.maxFlightMs) return;
  const message = `${inFlight.eventCount} events wait behind ${info.key}, in flight since ${at}`;
  yield { rule: "list-grows-behind-old-marker", uid, key: info.key, message };
}

function* findMarkerFaults(inFlight: InFlight, flying: Set<PodUid>): IterableIterator<Violation> {
  const missing = new Set(flying);
  let isFirst = true;
  for (const element of inFlight.elements()) {
    if (element.kind === "pod") {
      const { uid } = element;
      if (!missing.delete(uid))
        yield { rule: "marker-without-pod", uid, message: `${uid} is in the list, but not in flight` };
    } else if (isFirst) {
      yield { rule: "list-begins-with-event", message: `the list begins with event ${element.seq}` };
    }
    isFirst = false;
  }
  for (const uid of missing)
    yield { rule: "pod-without-marker", uid, message: `${uid} is in flight, but not in the list` };
}
