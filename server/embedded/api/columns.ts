import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { listAt, lookup, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";
import { age, ageColumn, nameColumn, type Column } from "./table.ts";

export const plainColumns: readonly Column[] = [nameColumn, ageColumn];

function text(name: string, path: readonly string[], { priority = 0, missing = "<none>" } = {}): Column {
  return {
    name,
    type: "string",
    priority,
    value: (object) => {
      const found = textAt(object, ...path);
      return found === "" ? missing : found;
    },
  };
}

function number(name: string, ...path: readonly string[]): Column {
  return { name, type: "integer", value: (object) => Number(lookup(object, ...path) ?? 0) };
}

export const podColumns: readonly Column[] = [
  nameColumn,
  { name: "Ready", type: "string", value: readyContainers },
  { name: "Status", type: "string", value: podStatus },
  { name: "Restarts", type: "string", value: restarts },
  ageColumn,
  text("IP", ["status", "podIP"], { priority: 1 }),
  text("Node", ["spec", "nodeName"], { priority: 1 }),
  text("Nominated Node", ["status", "nominatedNodeName"], { priority: 1 }),
  { name: "Readiness Gates", type: "string", priority: 1, value: () => "<none>" },
];

function readyContainers(pod: ApiObject): string {
  const ready = listAt(pod, "status", "containerStatuses").filter((status) => status["ready"] === true);
  return `${ready.length}/${listAt(pod, "spec", "containers").length}`;
}

function restarts(pod: ApiObject): string {
  const counts = listAt(pod, "status", "containerStatuses").map((status) => Number(status["restartCount"] ?? 0));
  return String(counts.reduce((sum, count) => sum + count, 0));
}

function podStatus(pod: ApiObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return "Terminating";
  const phase = textAt(pod, "status", "phase");
  if (phase === "Succeeded") return "Completed";
  const scheduled = condition(pod, "PodScheduled");
  return scheduled?.["reason"] === "SchedulingGated" ? "SchedulingGated" : phase;
}

function condition(object: ApiObject, type: string): JsonObject | undefined {
  return listAt(object, "status", "conditions").find((each) => each["type"] === type);
}

export const nodeColumns: readonly Column[] = [
  nameColumn,
  { name: "Status", type: "string", value: nodeStatus },
  { name: "Roles", type: "string", value: nodeRoles },
  ageColumn,
  text("Version", ["status", "nodeInfo", "kubeletVersion"], { missing: "" }),
  { name: "Internal-IP", type: "string", priority: 1, value: (node) => address(node, "InternalIP") },
  { name: "External-IP", type: "string", priority: 1, value: (node) => address(node, "ExternalIP") },
  text("OS-Image", ["status", "nodeInfo", "osImage"], { priority: 1, missing: "<unknown>" }),
  text("Kernel-Version", ["status", "nodeInfo", "kernelVersion"], { priority: 1, missing: "<unknown>" }),
  text("Container-Runtime", ["status", "nodeInfo", "containerRuntimeVersion"], { priority: 1, missing: "<unknown>" }),
];

function nodeStatus(node: ApiObject): string {
  const ready = condition(node, "Ready");
  const known = ready === undefined ? "Unknown" : ready["status"] === "True" ? "Ready" : "NotReady";
  return lookup(node, "spec", "unschedulable") === true ? `${known},SchedulingDisabled` : known;
}

function nodeRoles({ metadata }: ApiObject): string {
  const prefix = "node-role.kubernetes.io/";
  const roles = Object.keys(metadata.labels ?? {}).filter((label) => label.startsWith(prefix));
  return roles.length === 0 ? "<none>" : roles.map((label) => label.slice(prefix.length)).join(",");
}

function address(node: ApiObject, type: string): JsonValue {
  const found = listAt(node, "status", "addresses").find((each) => each["type"] === type);
  return found?.["address"] ?? "<none>";
}

export const namespaceColumns: readonly Column[] = [nameColumn, text("Status", ["status", "phase"]), ageColumn];

export const eventColumns: readonly Column[] = [
  { name: "Last Seen", type: "string", value: (event, now) => age(lastSeen(event), now) },
  text("Type", ["type"]),
  text("Reason", ["reason"]),
  { name: "Object", type: "string", value: eventObject },
  { name: "Message", type: "string", value: (event) => textAt(event, "message").trim() },
  { ...nameColumn, priority: 1 },
];

function lastSeen(event: ApiObject): JsonValue | undefined {
  const series = lookup(event, "series", "lastObservedTime");
  return series ?? event["lastTimestamp"] ?? event["eventTime"] ?? event.metadata.creationTimestamp;
}

function eventObject(event: ApiObject): string {
  const involvedObject = objectAt(event, "involvedObject");
  return `${textAt(involvedObject, "kind").toLowerCase()}/${textAt(involvedObject, "name")}`;
}

export const leaseColumns: readonly Column[] = [
  nameColumn,
  text("Holder", ["spec", "holderIdentity"], { missing: "" }),
  ageColumn,
];

export const priorityClassColumns: readonly Column[] = [
  nameColumn,
  number("Value", "value"),
  { name: "Global-Default", type: "string", value: (object) => textAt(object, "globalDefault") || "false" },
  ageColumn,
  text("PreemptionPolicy", ["preemptionPolicy"], { missing: "<unset>" }),
];

export const workloadColumns: readonly Column[] = [
  nameColumn,
  number("Desired", "spec", "replicas"),
  number("Current", "status", "replicas"),
  number("Ready", "status", "readyReplicas"),
  ageColumn,
];

export const deploymentColumns: readonly Column[] = [
  nameColumn,
  {
    name: "Ready",
    type: "string",
    value: (object) => `${count(object, "status", "readyReplicas")}/${count(object, "spec", "replicas")}`,
  },
  number("Up-to-date", "status", "updatedReplicas"),
  number("Available", "status", "availableReplicas"),
  ageColumn,
];

function count(object: ApiObject, ...path: readonly string[]): number {
  return Number(lookup(object, ...path) ?? 0);
}

export const jobColumns: readonly Column[] = [
  nameColumn,
  { name: "Status", type: "string", value: (job) => (count(job, "status", "active") > 0 ? "Running" : "Complete") },
  {
    name: "Completions",
    type: "string",
    value: (job) => `${count(job, "status", "succeeded")}/${count(job, "spec", "completions")}`,
  },
  ageColumn,
];
