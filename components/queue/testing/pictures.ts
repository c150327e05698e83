import type { EventElement, Events, HintVerdict, InFlightPod, Lane, LaneRow, PodElement } from "#lib/protocol/index.ts";

/** Builders of what the server tells about the queue. Pods are named by their uid, popped in order from 1. */

export function event(seq: number, label = "NodeAdd", object?: string): EventElement {
  const [, resource = "Node", action = "Add"] = /^(.*?)(Add|Delete|Update.*)$/.exec(label) ?? [];
  return { kind: "event", seq, at: seq * 10, label, resource, action, ...(object === undefined ? {} : { object }) };
}

export function marker(seq: number, uid: string, popIndex = seq): PodElement {
  return { kind: "pod", seq, at: seq * 10, popIndex, uid, namespace: "shop", name: `cart-${uid}` };
}

export function pod(seq: number, uid: string, more: Partial<InFlightPod> = {}): InFlightPod {
  return {
    uid,
    namespace: "shop",
    name: `cart-${uid}`,
    seq,
    popIndex: seq,
    phase: "Filter",
    since: seq * 10,
    attempts: 1,
    isAttemptsAtLeast: false,
    priority: 100,
    rejectors: [{ plugin: "NodeResourcesFit", nodes: 31 }],
    rejectorsOf: "thisAttempt",
    hints: {},
    wouldGoTo: { queue: "unschedulable" },
    ...more,
  };
}

export const queueHint: HintVerdict = { hint: "queue", plugin: "NodeResourcesFit" };
export const skipHint: HintVerdict = { hint: "skip", plugin: "NodeResourcesFit" };

export function list(
  elements: readonly (EventElement | PodElement)[],
  pods: readonly InFlightPod[] = [],
  more: Partial<Events> = {},
): Events {
  return {
    asOf: 1_000,
    provenance: "actual",
    isHistorical: false,
    length: elements.length,
    eventCount: elements.filter(({ kind }) => kind === "event").length,
    elements: Object.fromEntries(elements.map((element) => [element.seq, element])),
    pods: Object.fromEntries(pods.map((each) => [each.uid, each])),
    plugins: ["NodeAffinity", "NodeResourcesFit", "TaintToleration"],
    ghosts: [],
    prunedTotal: 0,
    ...more,
  };
}

export function laneRow(uid: string, more: Partial<LaneRow> = {}): LaneRow {
  return {
    uid,
    namespace: "shop",
    name: `cart-${uid}`,
    priority: 100,
    attempts: 1,
    isAttemptsAtLeast: false,
    since: 0,
    plugins: [],
    ...more,
  };
}

export function lane(uids: readonly string[], more: Partial<Lane> = {}): Lane {
  return {
    count: uids.length,
    inPerSecond: 0,
    outPerSecond: 0,
    offset: 0,
    order: [...uids],
    rows: Object.fromEntries(uids.map((uid) => [uid, laneRow(uid)])),
    histogram: Array.from({ length: 24 }, () => 0),
    histogramMaxMs: 60_000,
    ...more,
  };
}
