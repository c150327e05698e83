import type { Instant } from "#lib/clock/index.ts";
import { objectKey, type Pod } from "#lib/kube/index.ts";
import { isAssigned } from "../pod-info.ts";
import { strangerIn } from "./beyond-judging.ts";
import { cannotTell } from "./cause.ts";
import type { Finding } from "./code.ts";
import { backoffAttempts, flushMs, staleNominationMs } from "./constants.ts";
import { createdAt } from "./scheduler-rules.ts";
import { plural, say } from "./sentence.ts";
import type { Situation } from "./situation.ts";

type Rule = (situation: Situation) => Finding | undefined;

const none: readonly string[] = [];

const features: Rule = ({ cause }) => (cause?.code === "features" ? cause : undefined);

const staleNomination: Rule = ({ nomination, now, mode, doubt }) => {
  if (nomination === undefined) return undefined;
  const { node, state, since } = nomination;
  const plugins = none;
  if (state === "gone") return { code: "stale-nomination", row: say`Nominated to ${node}, which is gone.`, plugins };
  if (state !== "noLongerFits" || doubt !== undefined || now - since <= staleNominationMs) return undefined;
  const headline = mode === "simulated" ? say`Nominated to ${node}, which no longer fits by our model.` : undefined;
  const row = say`Nominated to ${node}, which no longer fits.`;
  return { code: "stale-nomination", row, ...(headline && { headline }), plugins };
};

export function boundAt({ status }: Pod): Instant | undefined {
  const condition = status?.conditions?.find(({ type, status: value }) => type === "PodScheduled" && value === "True");
  const at = Date.parse(condition?.lastTransitionTime ?? status?.startTime ?? "");
  return Number.isNaN(at) ? undefined : at;
}

const notStarted: Rule = ({ pod }) => {
  if (!isAssigned(pod)) return undefined;
  // Whom nobody bound was made on its node.
  const since = boundAt(pod) ?? createdAt(pod);
  const row = say`Bound to ${pod.spec?.nodeName ?? ""} ${{ since }} ago, not started: not a scheduling problem.`;
  return { code: "not-started", row, plugins: none };
};

const preempting: Rule = ({ nomination, now }) => {
  if (nomination?.state !== "terminating") return undefined;
  const { node, terminating, goneBy } = nomination;
  const row = say`Making room on ${node}: ${plural(terminating, "pod")} terminating, ${{ until: goneBy ?? now }} left.`;
  return { code: "preempting", row, plugins: none };
};

const permitWait: Rule = ({ permit, mode }) => {
  if (permit === undefined || mode !== "actual") return undefined;
  const { plugin, have, wanted } = permit;
  return {
    code: "permit-wait",
    row: say`Waiting at Permit: ${plugin} has ${have} of ${wanted} pods.`,
    plugins: [plugin],
  };
};

const phases = {
  PreFilter: "filtering",
  Filter: "filtering",
  PostFilter: "looking for pods to preempt",
  Score: "scoring",
  WaitOnPermit: "waiting to be bound",
  Bind: "binding",
  AwaitingEvidence: "waiting for kube-scheduler's word",
} as const satisfies Record<NonNullable<Situation["flight"]>["phase"], string>;

const inFlight: Rule = ({ flight, isAssumed }) => {
  if (flight !== undefined) {
    const row = say`Being scheduled now: ${phases[flight.phase]}, ${{ since: flight.since }}.`;
    return { code: "in-flight", row, plugins: none };
  }
  // Assumed and in nobody's flight any more: the binding is written, and about to be seen.
  return isAssumed === true
    ? { code: "in-flight", row: say`Being scheduled now: ${phases.Bind}.`, plugins: none }
    : undefined;
};

const gated: Rule = ({ pod }) => {
  const [gate, ...others] = pod.spec?.schedulingGates ?? [];
  if (gate === undefined) return undefined;
  const row = say`Held by gate ${gate.name} until it is removed.`;
  const names = [gate, ...others].map(({ name }) => name).join(", ");
  const headline = others.length === 0 ? row : say`Held by gates ${names} until they are removed.`;
  return { code: "gated", row, headline, plugins: ["SchedulingGates"] };
};

const preEnqueue: Rule = ({ place, record }) => {
  if (place !== "gated" || record === undefined || record.gatingPlugin === "") return undefined;
  const { gatingPlugin, gatingMessage = "no reason given" } = record;
  return { code: "pre-enqueue", row: say`Held by ${gatingPlugin}: ${gatingMessage}.`, plugins: [gatingPlugin] };
};

/** It fits, it failed before, and there still is time until the next try. */
const fitsNow: Rule = (situation) => {
  const { fittingNode, place, record, doubt, flushAfterMs = flushMs } = situation;
  if (fittingNode === undefined || record === undefined || doubt !== undefined) return undefined;
  if (strangerIn(situation) !== undefined) return undefined;
  if (place !== "unschedulable" && place !== "backoff" && place !== "errorBackoff") return undefined;
  const due = record.backoffUntil ?? record.since + flushAfterMs;
  return { code: "fits-now", row: say`Fits on ${fittingNode} now, retry due in ${{ until: due }}.`, plugins: none };
};

const backoff: Rule = ({ place, record }) => {
  if (place !== "backoff" && place !== "errorBackoff") return undefined;
  if (record?.backoffUntil === undefined || record.attempts > backoffAttempts) return undefined;
  const attempt = record.isAttemptsAtLeast ? `${record.attempts} or later` : String(record.attempts);
  const row = say`Backing off: attempt ${attempt} failed, retries in ${{ until: record.backoffUntil }}.`;
  return { code: "backoff", row, plugins: none };
};

const queued: Rule = ({ place, ahead }) => {
  if (place !== "active") return undefined;
  const { count = 0, first } = ahead ?? {};
  const row =
    count === 0 || first === undefined
      ? say`Waiting its turn: no pod is ahead of it.`
      : say`Waiting its turn: ${plural(count, "pod")} with higher priority or older, first ${objectKey(first)}.`;
  return { code: "queued", row, plugins: none };
};

const unknown: Rule = (situation) => {
  const { doubt, scheduler, cause, fittingNode } = situation;
  if (doubt !== undefined) return cannotTell(doubt);
  if (!scheduler.isModelled) return cannotTell(`nothing has been heard of a scheduler named ${scheduler.name} yet`);
  if (cause !== undefined) return undefined;
  const stranger = strangerIn(situation);
  if (stranger !== undefined) return cannotTell(stranger);
  return fittingNode === undefined
    ? cannotTell("its nodes have not been looked at yet")
    : cannotTell(`it fits on ${fittingNode}, and no queue holds it yet`);
};

const cause: Rule = ({ cause: found }) => found;

/** Where the pod is, and what that means. In order; the last one always has an answer. */
export const placeRules: readonly Rule[] = [
  features,
  staleNomination,
  notStarted,
  preempting,
  permitWait,
  inFlight,
  gated,
  preEnqueue,
  fitsNow,
  backoff,
  queued,
  unknown,
  cause,
];
