import type { Instant } from "#lib/clock/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type { InFlightElement } from "../in-flight.ts";
import type { PriorityQueue } from "../priority-queue.ts";
import type { BackingOff } from "../queue-view.ts";
import type { QueuedPodInfo } from "../queued-pod-info.ts";

/** Time 0 of every recording: 2026-01-01T00:00:00Z. */
export const recordingEpoch: Instant = 1_767_225_600_000;

/** One pod as recordings show it. The order of the keys is part of the format. */
export function rowOf(info: QueuedPodInfo, queue?: string): Readonly<Record<string, unknown>> {
  return {
    uid: info.uid,
    ...(queue !== undefined && { q: queue }),
    rv: info.pod.metadata.resourceVersion ?? "",
    attempts: info.attempts,
    unschedulableCount: info.unschedulableCount,
    consecutiveErrorsCount: info.consecutiveErrorsCount,
    unschedulablePlugins: [...info.unschedulablePlugins].sort(),
    pendingPlugins: [...info.pendingPlugins].sort(),
    gatingPlugin: info.gatingPlugin,
    timestamp: toMs(info.timestamp),
    initialAttemptTimestamp: info.initialAttemptTimestamp === undefined ? null : toMs(info.initialAttemptTimestamp),
    wasFlushed: info.wasFlushedFromUnschedulable,
    signature: info.podSignature ?? null,
  };
}

/** Everything that can be observed, in the order of keys over which recordings take their hash. */
export function stateOf(queue: PriorityQueue, isPopFromBackoffQEnabled: boolean): Readonly<Record<string, unknown>> {
  const { view } = queue;
  const active = view.active();
  const backingOff = view.backingOff();
  const backoff = backingOff.filter((row) => row.queue === "backoff");
  const errorBackoff = backingOff.filter((row) => row.queue === "errorBackoff");
  const gated = view.gated().flatMap(({ infos }) => [...infos]);
  const parked = [...view.unschedulableUnordered(), ...gated];
  const elements = [...view.inFlight.elements()];
  return {
    activeQ: active.map(({ uid }) => uid),
    backoffQ: (isPopFromBackoffQEnabled ? backoff : byEndThenUid(backoff)).map(backoffEntry),
    errorBackoffQ: byEndThenUid(errorBackoff).map(backoffEntry),
    unschedulable: parked.map(({ uid }) => uid).sort(),
    gated: gated.map(({ uid }) => uid).sort(),
    inFlightPods: elements.filter((element) => element.kind === "pod").map(({ uid }) => uid),
    inFlightEvents: elements.map(inFlightEntry),
    schedulingCycle: queue.schedulingCycle,
    moveRequestCycle: queue.moveRequestCycle,
    nominated: view
      .nominations()
      .map(({ node, nominations }) => ({ node, pods: nominations.map(({ uid }) => uid) }))
      .sort((a, b) => compareText(a.node, b.node)),
    pods: [
      ...active.map((info) => ({ info, queue: "active" })),
      ...backingOff,
      ...parked.map((info) => ({ info, queue: "unschedulable" })),
    ]
      .sort((a, b) => compareText(a.info.uid, b.info.uid) || compareText(a.queue, b.queue))
      .map(({ info, queue }) => rowOf(info, queue)),
  };
}

/** The values of the counted metrics under the names recordings use. */
export function metricsOf(queue: PriorityQueue): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const values: Record<string, Record<string, number>> = {
    pendingPods: {},
    queueIncomingPodsTotal: {},
    inflightEvents: {},
    unschedulablePods: {},
  };
  for (const family of queue.view.metrics()) {
    const place = values[metricNames.get(family.name) ?? ""];
    if (place === undefined || family.type === "histogram") continue;
    for (const { labels, value } of family.values) place[Object.values(labels).join("|")] = value;
  }
  return values;
}

const metricNames: ReadonlyMap<string, string> = new Map([
  ["scheduler_pending_pods", "pendingPods"],
  ["scheduler_queue_incoming_pods_total", "queueIncomingPodsTotal"],
  ["scheduler_inflight_events", "inflightEvents"],
  ["scheduler_unschedulable_pods", "unschedulablePods"],
]);

function toMs(instant: Instant): number {
  return Math.trunc(instant - recordingEpoch);
}

function backoffEntry({ info, until }: BackingOff): { uid: string; expires: number } {
  return { uid: info.uid, expires: until === undefined ? -1 : toMs(until) };
}

function byEndThenUid(rows: readonly BackingOff[]): BackingOff[] {
  return [...rows].sort((a, b) => (a.until ?? 0) - (b.until ?? 0) || compareText(a.info.uid, b.info.uid));
}

function inFlightEntry(element: InFlightElement): Readonly<Record<string, unknown>> {
  if (element.kind === "pod") return { pod: element.uid };
  return {
    event: element.incoming.label,
    old: objectName(element.oldObj),
    new: objectName(element.newObj),
  };
}

function objectName(object: KubeObject | undefined): string | null {
  return object?.metadata.name ?? null;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
