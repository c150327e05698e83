import { lookup, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";
import {
  age,
  ageColumn,
  countAt,
  derived,
  isTrue,
  labelsText,
  nameColumn,
  number,
  selectorColumn,
  templateColumns,
  type Column,
} from "./cells.ts";

const wide = [...templateColumns, selectorColumn];

export const replicaSetColumns: readonly Column[] = [
  nameColumn,
  number("Desired", "spec", "replicas"),
  number("Current", "status", "replicas"),
  number("Ready", "status", "readyReplicas"),
  ageColumn,
  ...wide,
];

export const replicationControllerColumns: readonly Column[] = replicaSetColumns.map((column) =>
  column === selectorColumn
    ? { ...column, value: (object) => labelsText(objectAt(object, "spec", "selector")) }
    : column,
);

const ready = derived(
  "Ready",
  (object) => `${countAt(object, "status", "readyReplicas")}/${countAt(object, "spec", "replicas")}`,
);

export const deploymentColumns: readonly Column[] = [
  nameColumn,
  ready,
  derived("Up-to-date", (object) => countAt(object, "status", "updatedReplicas")),
  derived("Available", (object) => countAt(object, "status", "availableReplicas")),
  ageColumn,
  ...wide,
];

export const statefulSetColumns: readonly Column[] = [nameColumn, ready, ageColumn, ...templateColumns];

export const daemonSetColumns: readonly Column[] = [
  nameColumn,
  number("Desired", "status", "desiredNumberScheduled"),
  number("Current", "status", "currentNumberScheduled"),
  number("Ready", "status", "numberReady"),
  number("Up-to-date", "status", "updatedNumberScheduled"),
  number("Available", "status", "numberAvailable"),
  derived("Node Selector", (object) => labelsText(objectAt(object, "spec", "template", "spec", "nodeSelector"))),
  ageColumn,
  ...wide,
];

export const jobColumns: readonly Column[] = [
  nameColumn,
  derived("Status", jobStatus),
  derived("Completions", completions),
  derived("Duration", duration),
  ageColumn,
  ...wide,
];

function jobStatus(job: ApiObject): string {
  if (isTrue(job, "Complete")) return "Complete";
  if (isTrue(job, "Failed")) return "Failed";
  if (job.metadata.deletionTimestamp !== undefined) return "Terminating";
  return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find((type) => isTrue(job, type)) ?? "Running";
}

function completions(job: ApiObject): string {
  const succeeded = countAt(job, "status", "succeeded");
  if (lookup(job, "spec", "completions") !== undefined) return `${succeeded}/${countAt(job, "spec", "completions")}`;
  const parallelism = countAt(job, "spec", "parallelism");
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function duration(job: ApiObject, now: number): string {
  const start = textAt(job, "status", "startTime");
  if (start === "") return "";
  const end = textAt(job, "status", "completionTime");
  return age(start, end === "" ? now : Date.parse(end));
}
