import type { Pod } from "#lib/kube/index.ts";
import { strangerIn } from "./beyond-judging.ts";
import type { Finding } from "./code.ts";
import {
  aliveSchedulerMs,
  flushEveryMs,
  flushMs,
  leaseExpiredMs,
  lostMs,
  neverTriedMs,
  silentSchedulerMs,
  stuckInFlightFactor,
  stuckInFlightMs,
} from "./constants.ts";
import { missedEventConditions } from "./missed-event.ts";
import { plural, say } from "./sentence.ts";
import type { Situation } from "./situation.ts";

type Rule = (situation: Situation) => Finding | undefined;

const none: readonly string[] = [];

export function createdAt({ metadata }: Pod): number {
  return Date.parse(metadata.creationTimestamp ?? "");
}

function isAlive({ scheduler, now }: Situation): boolean {
  const { leaseRenewedAt, lastActivityAt } = scheduler;
  if (leaseRenewedAt !== undefined && now - leaseRenewedAt <= leaseExpiredMs) return true;
  return lastActivityAt !== undefined && now - lastActivityAt <= aliveSchedulerMs;
}

const noScheduler: Rule = (situation) => {
  const { scheduler, now, doubt } = situation;
  if (scheduler.isOurs || doubt !== undefined) return undefined;
  const { name, leaseRenewedAt, lastActivityAt, watchedSince } = scheduler;
  const lastHeard = Math.max(watchedSince, lastActivityAt ?? watchedSince);
  const isGone =
    leaseRenewedAt === undefined
      ? now - lastHeard > silentSchedulerMs && scheduler.hasFittingPod && strangerIn(situation) === undefined
      : now - leaseRenewedAt > leaseExpiredMs;
  if (!isGone) return undefined;
  const headline =
    leaseRenewedAt === undefined
      ? say`No scheduler answers to ${name}: nothing bound or reported for ${{ since: lastHeard }}.`
      : say`No scheduler answers to ${name}: its Lease was not renewed for ${{ since: leaseRenewedAt }}.`;
  return { code: "no-scheduler", row: say`No scheduler answers to ${name}.`, headline, plugins: none };
};

const notWatched: Rule = (situation) => {
  const { scheduler } = situation;
  if (scheduler.isModelled || !isAlive(situation)) return undefined;
  return { code: "not-watched", row: say`Uses schedulerName ${scheduler.name}, which is not watched.`, plugins: none };
};

/** What became different, by the event's label. */
function whatChanged(label: string, object: string | undefined): string {
  const name = object === undefined ? "" : ` ${object}`;
  if (label === "AssignedPodDelete") return `pod${name} left`;
  if (label === "NodeAdd") return `node${name} came`;
  if (label.startsWith("NodeUpdate")) return `node${name} changed`;
  if (label.endsWith("Add")) return `${label.replace(/Add$/, "")}${name} came`;
  return `${label}${name}`;
}

const missedEvent: Rule = (situation) => {
  const { suspected, lost, mode, scheduler, place, doubt } = situation;
  // Two queues stand side by side: whether or not the loop is paused, they differ.
  if (lost !== undefined && mode === "actual" && place === "unschedulable") {
    return {
      code: "missed-event",
      row: say`Missed event suspected: Queue hint at ${{ time: lost.at }}, not retried.`,
      headline: say`Missed event suspected: ${whatChanged(lost.label, lost.object)} at ${{ time: lost.at }} and nothing retried since.`,
      plugins: lost.plugin === undefined ? none : [lost.plugin],
    };
  }
  if (suspected === undefined || mode !== "simulated" || !scheduler.isModelled || doubt !== undefined) return undefined;
  if (strangerIn(situation) !== undefined) return undefined;
  if (!missedEventConditions(suspected).every(({ holds }) => holds)) return undefined;
  const { at, label, object, plugin } = suspected.event;
  return {
    code: "missed-event",
    row: say`Missed event suspected: Queue hint at ${{ time: at }}, not retried.`,
    headline: say`Missed event suspected: ${whatChanged(label, object)} at ${{ time: at }} and nothing retried since.`,
    plugins: [plugin],
  };
};

const stuckInFlight: Rule = ({ mode, flight, usualFlightMs, now, heldEvents = 0, isPaused }) => {
  if (mode !== "actual" || flight === undefined || usualFlightMs === undefined || isPaused === true) return undefined;
  // Somebody who holds a pod knows it, and a pod that waits on Permit waits for others.
  if (flight.isHeld || flight.phase === "WaitOnPermit" || flight.phase === "Bind") return undefined;
  if (now - flight.since <= Math.max(stuckInFlightMs, stuckInFlightFactor * usualFlightMs)) return undefined;
  return {
    code: "stuck-in-flight",
    row: say`In flight for ${{ since: flight.since }}, usually ${{ ms: usualFlightMs }}. It holds ${plural(heldEvents, "event")}.`,
    plugins: none,
  };
};

const lost: Rule = ({ mode, place, flight, isAssumed, absentSince, now, pod, scheduler }) => {
  if (mode !== "actual" || !scheduler.isOurs || place !== "outside") return undefined;
  if (flight !== undefined || isAssumed === true || absentSince === undefined || now - absentSince <= lostMs)
    return undefined;
  return {
    code: "lost",
    row: say`In no queue: Pending for ${{ since: createdAt(pod) }}, held by none.`,
    plugins: none,
  };
};

const neverTried: Rule = (situation) => {
  const { mode, scheduler, hasBeenReported, otherBoundAt, now, pod, place, isOvertaken, cameAt } = situation;
  if (mode !== "simulated" || !scheduler.isModelled || hasBeenReported === true || place === "gated") return undefined;
  const since = cameAt ?? createdAt(pod);
  if (!(now - since > neverTriedMs) || isOvertaken !== true) return undefined;
  // A pod that came before we watched may have been spoken of in events that are gone.
  if (otherBoundAt === undefined || now - otherBoundAt > neverTriedMs) return undefined;
  return {
    code: "never-tried",
    row: say`Never tried: no scheduler has said anything for ${{ since }}.`,
    plugins: none,
  };
};

const flushOverdue: Rule = ({ mode, place, record, now, isPaused, flushAfterMs = flushMs }) => {
  if (mode !== "actual" || place !== "unschedulable" || record === undefined || isPaused === true) return undefined;
  if (now - record.since <= flushAfterMs + flushEveryMs) return undefined;
  const row =
    flushAfterMs === flushMs
      ? say`Unschedulable for ${{ since: record.since }}, past the 5 minute flush.`
      : say`Unschedulable for ${{ since: record.since }}, past the flush after ${{ ms: flushAfterMs }}.`;
  return { code: "flush-overdue", row, plugins: none };
};

const pluginError: Rule = ({ lastError }) =>
  lastError === undefined
    ? undefined
    : {
        code: "plugin-error",
        row: say`Plugin ${lastError.plugin} failed: ${lastError.message.replace(/\.$/, "")}.`,
        plugins: [lastError.plugin],
      };

const disagrees: Rule = (situation) => {
  const { disagreement, mode, scheduler, doubt } = situation;
  if (disagreement === undefined || mode !== "simulated" || !scheduler.isModelled || doubt !== undefined)
    return undefined;
  if (strangerIn(situation) !== undefined) return undefined;
  const { reason, theirs, ours } = disagreement;
  const find = ours === 0 ? "none" : String(ours);
  const text = ours === 0 || theirs === 0 ? reason : `${theirs} ${reason}`;
  const row =
    theirs === 0
      ? say`kube-scheduler disagrees: we find ${reason}, it reports none.`
      : say`kube-scheduler disagrees: it reports ${text}, we find ${find}.`;
  return { code: "disagrees", row, plugins: none };
};

/** What is said of somebody because something did not happen, or not as it should: only while we hear of everything. */
export const accusations: ReadonlySet<Rule> = new Set([
  noScheduler,
  missedEvent,
  stuckInFlight,
  lost,
  neverTried,
  flushOverdue,
  disagrees,
]);

/** Whether somebody schedules it at all, and does so as expected. In order. */
export const schedulerRules: readonly Rule[] = [
  noScheduler,
  notWatched,
  missedEvent,
  stuckInFlight,
  lost,
  neverTried,
  flushOverdue,
  pluginError,
  disagrees,
];
