import { textAt, type ApiObject } from "../storage/api-object.ts";
import type { SelectableFields } from "./field-selector.ts";

function at(...path: readonly string[]): (object: ApiObject) => string {
  return (object) => textAt(object, ...path);
}

function named(paths: readonly string[]): SelectableFields {
  return Object.fromEntries(paths.map((path) => [path, at(...path.split("."))]));
}

export const metadataFields: SelectableFields = named(["metadata.name", "metadata.namespace"]);

export const podFields: SelectableFields = {
  ...metadataFields,
  ...named(["spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName"]),
  ...named(["status.phase", "status.podIP", "status.nominatedNodeName"]),
  "spec.hostNetwork": (pod) => textAt(pod, "spec", "hostNetwork") || "false",
};

export const nodeFields: SelectableFields = {
  ...metadataFields,
  "spec.unschedulable": (node) => textAt(node, "spec", "unschedulable") || "false",
};

export const namespaceFields: SelectableFields = { ...metadataFields, ...named(["status.phase"]) };

const reference = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"];

export const eventFields: SelectableFields = {
  ...metadataFields,
  ...named(reference.map((field) => `involvedObject.${field}`)),
  ...named(["reason", "type", "reportingComponent"]),
  source: (event) => textAt(event, "source", "component") || textAt(event, "reportingComponent"),
};

/** The same fields under the names of `events.k8s.io`, read from an event in its stored form. */
export const eventsGroupFields: SelectableFields = {
  ...metadataFields,
  ...Object.fromEntries(reference.map((field) => [`regarding.${field}`, at("involvedObject", field)])),
  ...named(["reason", "type"]),
  reportingController: at("reportingComponent"),
};
