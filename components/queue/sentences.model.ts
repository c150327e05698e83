import { formatCount, formatDuration, formatPlural, queueNames } from "#components/ui/index.ts";
import type {
  Destination,
  EventElement,
  Events,
  InFlightPod,
  Overview,
  SchedulerStep,
  SchedulerStepResponse,
} from "#lib/protocol/index.ts";
import type { Column } from "./columns.model.ts";
import { eventsOf, markOf, type Mark } from "./marks.model.ts";

export const markWords = {
  decides: "Queue, decides",
  queue: "Queue",
  skip: "Skip",
  none: "no hint",
} as const satisfies Record<Mark, string>;

/** The page in one line: how many wait, who schedules, and whose word the picture is. */
export function contextSentence({ queue, loop, scheduler, provenance }: Overview): string {
  const pending = Object.values(queue).reduce((sum, pods) => sum + pods, 0);
  if (loop !== undefined) {
    return `${formatCount(pending)} pending, embedded scheduler, ${loop.isPaused ? "paused for stepping" : "running"}`;
  }
  const who = scheduler === undefined ? "no scheduler known" : [scheduler.name, scheduler.version].join(" ").trim();
  return `${formatCount(pending)} pending, ${who}${provenance === "simulated" ? ", queues by our model" : ""}`;
}

/** What the list holds, and because of whom. */
export function listSentence(events: Events, oldest: string | undefined): readonly [string, string] {
  const pods = Object.keys(events.pods).length;
  if (pods === 0 || oldest === undefined) return ["No pod is in flight, so no event is kept.", ""];
  const holds = pods === 1 ? "holds" : "hold";
  return [
    `${formatPlural(pods, "pod")} in flight ${holds} ${formatPlural(events.eventCount, "event")}.`,
    `${oldest} is the oldest: nothing before it is kept.`,
  ];
}

export function recentSentence(letter: string, behind: number): string {
  if (behind === 0) return `more recent than ${letter}: nothing yet`;
  return `more recent than ${letter}: ${formatPlural(behind, "event decides", "events decide")}`;
}

/** "If B came back unschedulable now, rejected by X, backoffQ for 4.0 s since 8143 …", in parts for the layout. */
export interface Decision {
  /** Between the letter and the plugins; the first word in bold, where it has one. */
  readonly condition: readonly [before: string, bold: string, after: string];
  readonly rejectors: InFlightPod["rejectors"];
  readonly queue: Destination["queue"];
  readonly outcome: string;
  readonly because: string;
  /** The event that decides, when there is one and it is still in the list. */
  readonly event?: EventElement;
  readonly plugin?: string;
}

export function decide(pod: InFlightPod, events: Events): Decision {
  const { wouldGoTo, rejectors } = pod;
  const element = wouldGoTo.decidedBy === undefined ? undefined : events.elements[wouldGoTo.decidedBy];
  const behind = Object.values(events.elements).filter(({ kind, seq }) => kind === "event" && seq > pod.seq).length;
  return {
    condition: conditionOf(pod),
    rejectors,
    queue: wouldGoTo.queue,
    outcome: outcomeOf(wouldGoTo, events.asOf),
    because: becauseOf(pod, behind),
    ...(element?.kind === "event" ? { event: element } : {}),
    ...(wouldGoTo.plugin === undefined ? {} : { plugin: wouldGoTo.plugin }),
  };
}

function conditionOf({ rejectorsOf, rejectors }: InFlightPod): Decision["condition"] {
  switch (rejectorsOf) {
    case "thisAttempt":
      return ["came back ", "unschedulable", " now, rejected by"];
    case "lastAttempt":
      return ["came back ", "unschedulable", " now, rejected like last time by"];
    case "whatIf":
      return rejectors.length === 0
        ? ["", "failed", " now, with no plugin rejecting it"]
        : ["came back ", "unschedulable", " now, if it were rejected by"];
    case "none":
      return ["", "failed", " now, with no plugin rejecting it"];
    default:
      return rejectorsOf satisfies never;
  }
}

function outcomeOf({ queue, backoffUntil }: Destination, asOf: number): string {
  const leftMs = (backoffUntil ?? asOf) - asOf;
  return queue === "backoff" && leftMs > 0 ? `${queueNames[queue]} for ${formatDuration(leftMs)}` : queueNames[queue];
}

function becauseOf({ wouldGoTo, rejectors }: InFlightPod, behind: number): string {
  if (wouldGoTo.decidedBy !== undefined) return "since";
  if (rejectors.length === 0) return "since what no plugin rejected is tried again after its backoff";
  if (behind === 0) return "since nothing happened behind its marker";
  return behind === 1
    ? "since the one event behind it does not help"
    : `since none of the ${formatCount(behind)} events behind it helps`;
}

/** "event 8143, AssignedPodDelete batch/etl-11, after marker B, NodeResourcesFit says Queue" */
export function eventName(event: EventElement, selected: { pod: InFlightPod; letter: string } | undefined): string {
  const what = event.object === undefined ? event.label : `${event.label} ${event.object}`;
  const parts = [`event ${event.seq}`, what];
  if (selected !== undefined) {
    parts.push(event.seq > selected.pod.seq ? `after marker ${selected.letter}` : `before marker ${selected.letter}`);
    const says = hintSentence(selected.pod, event.seq);
    if (says !== undefined) parts.push(says);
  }
  return parts.join(", ");
}

/** What a pod's rejecting plugins said about an event; undefined for an event that does not count for it. */
function hintSentence(pod: InFlightPod, seq: number): string | undefined {
  const mark = markOf(pod, seq);
  if (mark === undefined) return undefined;
  const plugin = pod.hints[seq]?.plugin ?? (mark === "decides" ? pod.wouldGoTo.plugin : undefined);
  return plugin === undefined ? markWords[mark] : `${plugin} says ${markWords[mark]}`;
}

export function columnName(column: Column, selected: { pod: InFlightPod; letter: string } | undefined): string {
  const [first] = eventsOf(column);
  if (column.kind !== "fold" || first === undefined) return first === undefined ? "" : eventName(first, selected);
  const last = column.events.at(-1) ?? first;
  return `${column.events.length} events ${first.label}, ${first.seq} to ${last.seq}, folded`;
}

export function markerName(letter: string, pod: { namespace: string; name: string }, isGone: boolean): string {
  return `marker ${letter}, ${pod.namespace}/${pod.name}, ${isGone ? "no longer in flight" : "in flight"}`;
}

/** What a step by hand came to, for those who do not see the picture change. */
export function stepSentence(step: SchedulerStep, { pod, queue }: SchedulerStepResponse): string {
  if (step.step === "inject") return `${step.event} injected.`;
  const who = pod === undefined ? "The pod" : `${pod.namespace}/${pod.name}`;
  if (step.step === "pop") return `${who} was popped.`;
  if (step.step === "hold") return `${who} is held in flight.`;
  if (step.step === "release") return `${who} goes on.`;
  return queue === undefined ? `${who} is finished.` : `${who} is finished: ${queue}.`;
}
