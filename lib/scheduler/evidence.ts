import type { Instant } from "#lib/clock/index.ts";
import { semanticallyEqual, type Condition, type Event, type Pod } from "#lib/kube/index.ts";
import type { RejectionCounts } from "./flight.ts";
import { parseRejectionMessage } from "./rejection-message.ts";

/** What the scheduler said about a pod that it could not place. */
export interface FailureEvidence {
  readonly source: "condition" | "event";
  readonly message: string;
  /** Nobody rejected the pod: the attempt broke down, or there was nobody to reject it. */
  readonly isError: boolean;
  readonly rejections: RejectionCounts;
}

/** Stands for plugins outside the default profile, which give reasons of their own. */
export const unknownPlugin = "unknown plugin";

const nobody: RejectionCounts = new Map();

function scheduledCondition({ status }: Pod): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === "PodScheduled");
}

/** The failure that a pod's condition tells of. A gated pod has one as well, but not from an attempt. */
export function failureIn(pod: Pod): FailureEvidence | undefined {
  const condition = scheduledCondition(pod);
  if (condition?.status !== "False") return undefined;
  if (condition.reason !== "Unschedulable" && condition.reason !== "SchedulerError") return undefined;
  return evidenceOf("condition", condition.message ?? "", condition.reason === "SchedulerError");
}

/** A failure that the update brought. The scheduler writes the condition only when it changes. */
export function newFailure(old: Pod, updated: Pod): FailureEvidence | undefined {
  return semanticallyEqual(scheduledCondition(old), scheduledCondition(updated)) ? undefined : failureIn(updated);
}

/** It says FailedScheduling as well, and means that no node which it could add would take the pod. */
const karpenter = "karpenter";

/** Who wrote an event: the controller, or the component that it is in. */
export function speakerOf({ reportingController, reportingComponent, deprecatedSource, source }: Event): string {
  const names = [reportingController, reportingComponent, deprecatedSource?.component, source?.component];
  return names.find((name) => name !== undefined && name !== "") ?? "";
}

/** `undefined` for an event that does not tell of a failed attempt. */
export function failureInEvent(event: Event): FailureEvidence | undefined {
  if (event.reason !== "FailedScheduling" || speakerOf(event) === karpenter) return undefined;
  const message = event.note ?? event.message ?? "";
  if (message.startsWith("skip schedule deleting pod:")) return undefined;
  return evidenceOf("event", message, parseRejectionMessage(message) === undefined);
}

export function subjectOf(event: Event): string | undefined {
  return event.regarding?.uid ?? event.involvedObject?.uid;
}

/** When the scheduler last said so, by its own clock. */
export function timeOf(event: Event): Instant | undefined {
  const written =
    event.series?.lastObservedTime ?? event.lastTimestamp ?? event.deprecatedLastTimestamp ?? event.eventTime;
  const instant = written === undefined ? Number.NaN : Date.parse(written);
  return Number.isNaN(instant) ? undefined : instant;
}

function evidenceOf(source: FailureEvidence["source"], message: string, isError: boolean): FailureEvidence {
  return { source, message, isError, rejections: isError ? nobody : rejectionsIn(message) };
}

/** Somebody we do not know rejects as well: it is parked like others, though nothing we hear of will wake it. */
function rejectionsIn(message: string): RejectionCounts {
  const parsed = parseRejectionMessage(message);
  if (parsed === undefined) return nobody;
  return parsed.unknownReasons.length === 0 ? parsed.plugins : new Map(parsed.plugins).set(unknownPlugin, undefined);
}
