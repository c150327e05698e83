import { actionLabel, objectKey } from "#lib/kube/index.ts";
import type { Explanation, InFlightElement, PodElement, QueueView } from "#lib/queue/index.ts";
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
export interface Attempt {
  readonly phase: string;
  readonly since: number;
  /** Nodes that each plugin rejected in this attempt, as far as it has come. */
  readonly rejections: ReadonlyMap<string, number>;
}

export interface EventsSource {
  readonly queue: QueueView;
  readonly provenance: Provenance;
  attemptOf(uid: string): Attempt | undefined;
}

/** The list of concurrent events with the pods in flight in it, and for each pod what it will notice. */
export function buildEvents({ queue, provenance, attemptOf }: EventsSource): Omit<Events, "asOf"> {
  const { inFlight } = queue;
  const elements: Record<string, ListElement> = {};
  let drawn = 0;
  for (const element of inFlight.elementsNewestFirst()) {
    if (drawn++ === mostElements) break;
    elements[element.seq] = listElement(element);
  }
  const pods = [...inFlight.pods()].map((pod) => inFlightPod(pod, queue, attemptOf(pod.uid)));
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
  const found = attempt?.rejections ?? new Map<string, number>();
  const explanation = queue.explain(uid, found.size === 0 ? undefined : rejectedBy(found));
  return {
    ...refOf(element),
    seq,
    popIndex,
    phase: attempt?.phase ?? "in flight",
    since: at,
    attempts: info.attempts,
    isAttemptsAtLeast: info.isAttemptsAtLeast,
    priority: info.priority,
    rejectors: found.size === 0 ? lastRejectors(element) : thisRejectors(found),
    rejectorsOf: rejectorsOf(found, element),
    hints: explanation === undefined ? {} : hintsOf(explanation),
    wouldGoTo: explanation === undefined ? { queue: "unschedulable" } : destinationOf(explanation),
  };
}

function rejectedBy(found: ReadonlyMap<string, number>) {
  return { unschedulablePlugins: new Set(found.keys()), pendingPlugins: new Set<string>() };
}

function thisRejectors(found: ReadonlyMap<string, number>): InFlightPod["rejectors"] {
  return [...found].sort(([, a], [, b]) => b - a).map(([plugin, nodes]) => ({ plugin, nodes }));
}

function lastRejectors({ info }: PodElement): InFlightPod["rejectors"] {
  return [...info.rejectors].sort().map((plugin) => ({ plugin }));
}

function rejectorsOf(found: ReadonlyMap<string, number>, { info }: PodElement): InFlightPod["rejectorsOf"] {
  if (found.size > 0) return "thisAttempt";
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
