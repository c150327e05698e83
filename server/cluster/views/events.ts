import { actionLabel, objectKey } from "#lib/kube/index.ts";
import type { Explanation, InFlightElement, PodElement, QueueView, Rejectors } from "#lib/queue/index.ts";
import { defaultSchedulerName, type Flight, type RejectionCounts } from "#lib/scheduler/index.ts";
import type {
  Destination,
  Events,
  HintVerdict,
  InFlightPod,
  ListElement,
  PodRef,
  Provenance,
  View,
} from "#lib/protocol/index.ts";

/** Elements beyond this are counted, not drawn: the newest are what decides. */
const mostElements = 3_000;

/** What is known about one attempt besides what the queue knows. */
export type Attempt = Pick<Flight, "phase" | "rejections" | "rejectionsOf"> & Partial<Pick<Flight, "isHeld">>;

export interface EventsSource {
  readonly queue: QueueView;
  readonly provenance: Provenance;
  attemptOf(uid: string): Attempt | undefined;
}

/** The list of concurrent events with the pods in flight in it, and for each pod what it will notice. */
export function buildEvents(source: EventsSource, { whatIf }: View<"events"> = {}): Omit<Events, "asOf"> {
  const { queue, provenance } = source;
  const { inFlight } = queue;
  const elements: Record<string, ListElement> = {};
  let drawn = 0;
  let drawnFrom = 0;
  for (const element of inFlight.elementsNewestFirst()) {
    if (drawn++ === mostElements) break;
    elements[element.seq] = listElement(element);
    drawnFrom = element.seq;
  }
  const pods = [...inFlight.pods()].map((pod) => {
    const asked = whatIf?.pod === pod.uid ? whatIf.plugins : undefined;
    return inFlightPod(pod, queue, source.attemptOf(pod.uid), { asked, drawnFrom });
  });
  return {
    provenance,
    isHistorical: inFlight.scheme === "historical",
    length: inFlight.size,
    eventCount: inFlight.eventCount,
    elements,
    plugins: [...queue.plugins()],
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

interface Shown {
  /** Plugins that are supposed to have rejected it, instead of those that did. */
  readonly asked: readonly string[] | undefined;
  /** Number of the first element that is drawn. */
  readonly drawnFrom: number;
}

function inFlightPod(
  element: PodElement,
  queue: QueueView,
  attempt: Attempt | undefined,
  { asked, drawnFrom }: Shown,
): InFlightPod {
  const { info, uid, seq, popIndex, at } = element;
  const known = attempt?.rejectionsOf === "none" ? undefined : attempt?.rejections;
  const rejections = asked === undefined ? known : supposed(asked, known);
  const explanation = queue.explain(uid, rejections === undefined ? undefined : rejectedBy(rejections), drawnFrom);
  return {
    ...refOf(element),
    seq,
    popIndex,
    phase: attempt?.phase ?? "in flight",
    ...(attempt?.isHeld === true ? { isHeld: true } : {}),
    ...(info.schedulerName === defaultSchedulerName ? {} : { scheduler: info.schedulerName }),
    since: at,
    attempts: info.attempts,
    isAttemptsAtLeast: info.isAttemptsAtLeast,
    priority: info.priority,
    rejectors: rejections === undefined ? rejectorsOfRecord(element) : counted(rejections),
    rejectorsOf: asked === undefined ? rejectorsOfAre(element, attempt) : "whatIf",
    hints: explanation === undefined ? {} : hintsOf(explanation),
    wouldGoTo: explanation === undefined ? { queue: "unschedulable" } : destinationOf(explanation),
  };
}

/** A plugin that did reject nodes keeps their number. */
function supposed(plugins: readonly string[], known: RejectionCounts | undefined): RejectionCounts {
  return new Map(plugins.map((plugin) => [plugin, known?.get(plugin)]));
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
function rejectorsOfAre({ info }: PodElement, attempt: Attempt | undefined): InFlightPod["rejectorsOf"] {
  return attempt?.rejectionsOf ?? (info.hasRejectors ? "lastAttempt" : "none");
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
