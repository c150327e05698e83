import type { JsonObject } from "#lib/protocol/index.ts";
import { listAt, lookup, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";
import { age, ageColumn, condition, derived, isTrue, nameColumn, none, text, type Column } from "./cells.ts";

/** Upstream: `printPod`. */
export const podColumns: readonly Column[] = [
  nameColumn,
  derived("Ready", (pod) => stateOf(pod).ready),
  derived("Status", (pod) => stateOf(pod).status),
  derived("Restarts", (pod, now) => restartsText(stateOf(pod), now)),
  ageColumn,
  text("IP", ["status", "podIP"], { priority: 1, missing: none }),
  text("Node", ["spec", "nodeName"], { priority: 1, missing: none }),
  text("Nominated Node", ["status", "nominatedNodeName"], { priority: 1, missing: none }),
  derived("Readiness Gates", readinessGates, { priority: 1 }),
];

interface PodState {
  readonly ready: string;
  readonly status: string;
  readonly restarts: number;
  readonly lastRestart: string;
}

function stateOf(pod: ApiObject): PodState {
  const started = startOf(pod);
  const counted =
    started.isInitializing && !isTrue(pod, "Initialized") ? [] : listAt(pod, "status", "containerStatuses");
  const statuses = [...started.sidecars, ...counted];
  const isReady = (status: JsonObject): boolean =>
    status["ready"] === true && (started.sidecars.includes(status) || runs(status));
  const total = listAt(pod, "spec", "containers").length + started.restartable.size;
  const counting = counted.length === 0 ? listAt(pod, "status", "initContainerStatuses") : statuses;
  return {
    ready: `${statuses.filter(isReady).length}/${total}`,
    status: statusText(pod, started.reason ?? containersReason(pod, counted)),
    restarts: counting.reduce((sum, status) => sum + Number(status["restartCount"] ?? 0), 0),
    lastRestart: counting.reduce((last, status) => later(last, finishedBefore(status)), ""),
  };
}

interface Start {
  /** What an init container waits for, or why it failed. */
  readonly reason: string | undefined;
  readonly isInitializing: boolean;
  readonly restartable: ReadonlySet<string>;
  /** The statuses of those that stay. */
  readonly sidecars: readonly JsonObject[];
}

function startOf(pod: ApiObject): Start {
  const containers = listAt(pod, "spec", "initContainers");
  const restartable = new Set(
    containers.filter((each) => each["restartPolicy"] === "Always").map((each) => textAt(each, "name")),
  );
  const statuses = listAt(pod, "status", "initContainerStatuses");
  const sidecars = statuses.filter((status) => restartable.has(textAt(status, "name")) && status["started"] === true);
  const index = statuses.findIndex((status) => !sidecars.includes(status) && exitCode(status) !== 0);
  const blocking = statuses[index];
  if (blocking === undefined) return { reason: undefined, isInitializing: false, restartable, sidecars };
  const reason = `Init:${initReason(blocking) ?? `${index}/${containers.length}`}`;
  return { reason, isInitializing: true, restartable, sidecars };
}

function initReason(status: JsonObject): string | undefined {
  if (exitCode(status) !== undefined) return endText(status);
  const waiting = textAt(status, "state", "waiting", "reason");
  return waiting === "" || waiting === "PodInitializing" ? undefined : waiting;
}

/** What the containers say of themselves, the first of them before the others. */
function containersReason(pod: ApiObject, statuses: readonly JsonObject[]): string | undefined {
  const [reason] = statuses.map(reasonOf).filter((each) => each !== undefined);
  if (reason !== "Completed") return reason;
  const isRunning = statuses.some((status) => status["ready"] === true && runs(status));
  if (isRunning && isTrue(pod, "Ready")) return "Running";
  const failed = statuses.find((status) => (exitCode(status) ?? 0) !== 0);
  if (failed !== undefined) return endText(failed);
  return isRunning ? "NotReady" : reason;
}

function reasonOf(status: JsonObject): string | undefined {
  const waiting = textAt(status, "state", "waiting", "reason");
  if (waiting !== "") return waiting;
  return exitCode(status) === undefined ? undefined : endText(status);
}

function statusText(pod: ApiObject, reason: string | undefined): string {
  const phase = textAt(pod, "status", "phase");
  const own = textAt(pod, "status", "reason");
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (own === "NodeLost") return "Unknown";
    if (phase !== "Succeeded" && phase !== "Failed") return "Terminating";
  }
  if (reason !== undefined) return reason;
  if (condition(pod, "PodScheduled")?.["reason"] === "SchedulingGated") return "SchedulingGated";
  return own || phase;
}

/** `undefined` for a container that has not ended. */
function exitCode(status: JsonObject): number | undefined {
  const terminated = lookup(status, "state", "terminated");
  return terminated === undefined || terminated === null
    ? undefined
    : Number(lookup(status, "state", "terminated", "exitCode") ?? 0);
}

function endText(status: JsonObject): string {
  const { reason, signal, exitCode: code } = objectAt(status, "state", "terminated");
  if (typeof reason === "string" && reason !== "") return reason;
  return typeof signal === "number" && signal !== 0 ? `Signal:${signal}` : `ExitCode:${Number(code ?? 0)}`;
}

function runs(status: JsonObject): boolean {
  return lookup(status, "state", "running") !== undefined;
}

function finishedBefore(status: JsonObject): string {
  return textAt(status, "lastState", "terminated", "finishedAt");
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}

function restartsText({ restarts, lastRestart }: PodState, now: number): string {
  return restarts === 0 || lastRestart === "" ? String(restarts) : `${restarts} (${age(lastRestart, now)} ago)`;
}

function readinessGates(pod: ApiObject): string {
  const gates = listAt(pod, "spec", "readinessGates").map((gate) => textAt(gate, "conditionType"));
  return gates.length === 0 ? none : `${gates.filter((gate) => isTrue(pod, gate)).length}/${gates.length}`;
}
