import { actionLabel, objectKey } from "#lib/kube/index.ts";
import type { Explanation, InFlightElement, PodElement, QueueView, Rejectors } from "#lib/queue/index.ts";
import type { Flight, RejectionCounts } from "#lib/scheduler/index.ts";
import type {
  Destination,
  Events,
  HintVerdict,
  InFlightPod,
  ListElement,
  PodRef,
  Provenance,
} from "#lib/protocol/index.ts";

/** Elements beyond this are counted, not drawn: the newest are what decides. */
const mostElements = 500;

/** What is known about one attempt besides what the queue knows. */
export type Attempt = Pick<Flight, "phase" | "rejections" | "rejectionsOf">;

export interface EventsSource {
  readonly queue: QueueView;
  readonly provenance: Provenance;
  attemptOf(uid: string): Attempt | undefined;
}

/** The list of concurrent events with the pods in flight in it, and for each pod what it will notice. */
export function buildEvents(source: EventsSource): Omit<Events, "asOf"> {
  const { queue, provenance } = source;
  const { inFlight } = queue;
  const elements: Record<string, ListElement> = {};
  let drawn = 0;
  for (const element of inFlight.elementsNewestFirst()) {
    if (drawn++ === mostElements) break;
    elements[element.seq] = listElement(element);
  }
  const pods = [...inFlight.pods()].map((pod) => inFlightPod(pod, queue, source.attemptOf(pod.uid)));
  return {
    provenance,
    isHistorical: inFlight.scheme === "historical",
    length: inFlight.size,
    eventCount: inFlight.eventCount,
    elements,
    pods: Object.fromEntries(pods.map((pod) => [pod.uid, pod])),
    ghosts: inFlight.lastPruned().map(listElement),
    prunedTotal: inFlight.prunedTotal,
  };
}

function listElement(element: InFlightElement): ListElement {
  const { seq, at } = element;
  if (element.kind === "pod") return { kind: "pod", seq, at, popIndex: element.popIndex, ...refOf(element) };
  const { incoming, newObj, oldObj } = element;
  const object = newObj ?? oldObj;
  return {
    kind: "event",
    seq,
    at,
    label: incoming.label,
    resource: incoming.event.resource,
    action: actionLabel(incoming.event.actionType),
    ...(object === undefined ? {} : { object: objectKey(object) }),
  };
}

function inFlightPod(element: PodElement, queue: QueueView, attempt: Attempt | undefined): InFlightPod {
  const { info, uid, seq, popIndex, at } = element;
  const rejections = attempt?.rejectionsOf === "none" ? undefined : attempt?.rejections;
  const explanation = queue.explain(uid, rejections === undefined ? undefined : rejectedBy(rejections));
  return {
    ...refOf(element),
    seq,
    popIndex,
    phase: attempt?.phase ?? "in flight",
    since: at,
    attempts: info.attempts,
    isAttemptsAtLeast: info.isAttemptsAtLeast,
    priority: info.priority,
    rejectors: rejections === undefined ? rejectorsOfRecord(element) : counted(rejections),
    rejectorsOf: attempt === undefined ? rejectorsOfRecordAre(element) : attempt.rejectionsOf,
    hints: explanation === undefined ? {} : hintsOf(explanation),
    wouldGoTo: explanation === undefined ? { queue: "unschedulable" } : destinationOf(explanation),
  };
}

function rejectedBy(rejections: RejectionCounts): Rejectors {
  return { unschedulablePlugins: new Set(rejections.keys()), pendingPlugins: new Set() };
}

/** Most nodes first. */
function counted(rejections: RejectionCounts): InFlightPod["rejectors"] {
  const rows = [...rejections].sort(([, a = 0], [, b = 0]) => b - a);
  return rows.map(([plugin, nodes]) => ({ plugin, ...(nodes === undefined ? {} : { nodes }) }));
}

function rejectorsOfRecord({ info }: PodElement): InFlightPod["rejectors"] {
  return [...info.rejectors].sort().map((plugin) => ({ plugin }));
}

/** Pop leaves the rejectors of the last attempt on the record. */
function rejectorsOfRecordAre({ info }: PodElement): InFlightPod["rejectorsOf"] {
  return info.hasRejectors ? "lastAttempt" : "none";
}

/** One answer per event: Queue if some rejecting plugin says so, Skip if those that registered for it all skip. */
function hintsOf({ events }: Explanation): InFlightPod["hints"] {
  const hints: Record<string, HintVerdict> = {};
  for (const { element, verdict, plugin, answers } of events) {
    const skipping = answers.find(({ answer }) => answer === "Skip");
    if (verdict !== "skip") hints[element.seq] = { hint: "queue", plugin: plugin ?? "every event counts" };
    else if (skipping !== undefined) hints[element.seq] = { hint: "skip", plugin: skipping.plugin };
  }
  return hints;
}

/** Error backoff is drawn with the backoff queue, a gated pod with the pool it is stored in. */
const drawnIn = {
  active: "active",
  backoff: "backoff",
  errorBackoff: "backoff",
  unschedulable: "unschedulable",
  gated: "unschedulable",
} as const satisfies Record<Explanation["destination"]["to"], Destination["queue"]>;

function destinationOf({ destination: { to, decidedBy, plugin, backoffUntil } }: Explanation): Destination {
  return {
    queue: drawnIn[to],
    ...(decidedBy === undefined ? {} : { decidedBy }),
    ...(plugin === undefined ? {} : { plugin }),
    ...(backoffUntil === undefined ? {} : { backoffUntil }),
  };
}

function refOf({ uid, pod }: PodElement): PodRef {
  return { uid, namespace: pod.metadata.namespace ?? "", name: pod.metadata.name ?? "" };
}
