import { listAt, lookup, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";
import { ageColumn, derived, flag, labelsText, nameColumn, none, number, text, type Column } from "./cells.ts";

export const plainColumns: readonly Column[] = [nameColumn, ageColumn];

/** What is shown of a kind that nobody wrote columns for. Upstream: `rest.NewDefaultTableConvertor`. */
export const defaultColumns: readonly Column[] = [
  nameColumn,
  { name: "Created At", type: "date", value: ({ metadata }: ApiObject) => metadata.creationTimestamp ?? "" },
];

export const namespaceColumns: readonly Column[] = [nameColumn, text("Status", ["status", "phase"]), ageColumn];

export const configMapColumns: readonly Column[] = [
  nameColumn,
  derived("Data", (map) =>
    ["data", "binaryData"].reduce((sum, part) => sum + Object.keys(objectAt(map, part)).length, 0),
  ),
  ageColumn,
];

export const leaseColumns: readonly Column[] = [nameColumn, text("Holder", ["spec", "holderIdentity"]), ageColumn];

export const priorityClassColumns: readonly Column[] = [
  nameColumn,
  number("Value", "value"),
  flag("Global-Default", ["globalDefault"]),
  ageColumn,
  { ...text("PreemptionPolicy", ["preemptionPolicy"]), priority: 1 },
];

export const disruptionBudgetColumns: readonly Column[] = [
  nameColumn,
  text("Min Available", ["spec", "minAvailable"], { missing: "N/A" }),
  text("Max Unavailable", ["spec", "maxUnavailable"], { missing: "N/A" }),
  number("Allowed Disruptions", "status", "disruptionsAllowed"),
  ageColumn,
];

export const claimStateColumns: readonly Column[] = [nameColumn, derived("State", claimState), ageColumn];

function claimState(claim: ApiObject): string {
  const isLeaving = claim.metadata.deletionTimestamp !== undefined;
  const states = isLeaving ? ["deleted"] : [];
  if (lookup(claim, "status", "allocation") === undefined) states.push(...(isLeaving ? [] : ["pending"]));
  else states.push("allocated", ...(listAt(claim, "status", "reservedFor").length > 0 ? ["reserved"] : []));
  return states.join(",");
}

export const resourceSliceColumns: readonly Column[] = [
  nameColumn,
  text("Node", ["spec", "nodeName"]),
  text("Driver", ["spec", "driver"]),
  text("Pool", ["spec", "pool", "name"]),
  ageColumn,
];

export const serviceColumns: readonly Column[] = [
  nameColumn,
  text("Type", ["spec", "type"]),
  text("Cluster-IP", ["spec", "clusterIP"], { missing: none }),
  derived("External-IP", externalAddress),
  derived("Port(s)", servicePorts),
  ageColumn,
  derived("Selector", (service) => labelsText(objectAt(service, "spec", "selector")), { priority: 1 }),
];

/** Upstream: `getServiceExternalIP`. */
function externalAddress(service: ApiObject): string {
  const type = textAt(service, "spec", "type");
  if (type === "ExternalName") return textAt(service, "spec", "externalName");
  const given = lookup(service, "spec", "externalIPs");
  const balanced = listAt(service, "status", "loadBalancer", "ingress").map(
    (each) => textAt(each, "ip") || textAt(each, "hostname"),
  );
  const isBalanced = type === "LoadBalancer";
  const addresses = [...(isBalanced ? balanced.toSorted() : []), ...(Array.isArray(given) ? given.map(String) : [])];
  if (addresses.length > 0) return addresses.join(",");
  return isBalanced ? "<pending>" : none;
}

function servicePorts(service: ApiObject): string {
  const ports = listAt(service, "spec", "ports").map((port) => {
    const nodePort = textAt(port, "nodePort");
    return `${textAt(port, "port")}${nodePort === "" ? "" : `:${nodePort}`}/${textAt(port, "protocol")}`;
  });
  return ports.length === 0 ? none : ports.join(",");
}
