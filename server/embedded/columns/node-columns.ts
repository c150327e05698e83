import type { JsonValue } from "#lib/protocol/index.ts";
import { listAt, lookup, type ApiObject } from "../storage/api-object.ts";
import { ageColumn, condition, derived, nameColumn, none, text, type Column } from "./cells.ts";

const unknown = { priority: 1, missing: "<unknown>" };

/** Upstream: `printNode`. */
export const nodeColumns: readonly Column[] = [
  nameColumn,
  derived("Status", nodeStatus),
  derived("Roles", nodeRoles),
  ageColumn,
  text("Version", ["status", "nodeInfo", "kubeletVersion"]),
  derived("Internal-IP", (node) => address(node, "InternalIP"), { priority: 1 }),
  derived("External-IP", (node) => address(node, "ExternalIP"), { priority: 1 }),
  text("OS-Image", ["status", "nodeInfo", "osImage"], unknown),
  text("Kernel-Version", ["status", "nodeInfo", "kernelVersion"], unknown),
  text("Container-Runtime", ["status", "nodeInfo", "containerRuntimeVersion"], unknown),
];

function nodeStatus(node: ApiObject): string {
  const ready = condition(node, "Ready");
  const known = ready === undefined ? "Unknown" : ready["status"] === "True" ? "Ready" : "NotReady";
  return lookup(node, "spec", "unschedulable") === true ? `${known},SchedulingDisabled` : known;
}

function nodeRoles({ metadata }: ApiObject): string {
  const prefix = "node-role.kubernetes.io/";
  const roles = Object.keys(metadata.labels ?? {}).filter((label) => label.startsWith(prefix));
  return roles.length === 0
    ? none
    : roles
        .map((label) => label.slice(prefix.length))
        .sort()
        .join(",");
}

function address(node: ApiObject, type: string): JsonValue {
  const found = listAt(node, "status", "addresses").find((each) => each["type"] === type);
  return found?.["address"] ?? none;
}
