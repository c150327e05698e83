import type { ApiObject } from "../storage/api-object.ts";
import type { Conversion } from "./resource.ts";

/** Events are kept as `v1` has them; `events.k8s.io/v1` calls the same fields by other names. */
const renamed = [
  ["involvedObject", "regarding"],
  ["message", "note"],
  ["source", "deprecatedSource"],
  ["firstTimestamp", "deprecatedFirstTimestamp"],
  ["lastTimestamp", "deprecatedLastTimestamp"],
  ["count", "deprecatedCount"],
  ["reportingComponent", "reportingController"],
] as const;

const toEventsGroup = new Map<string, string>(renamed);
const toCore = new Map<string, string>(renamed.map(([core, events]) => [events, core]));

function rename(object: ApiObject, names: ReadonlyMap<string, string>, apiVersion: string): ApiObject {
  const renamed = Object.entries(object).map(([name, value]) => [names.get(name) ?? name, value] as const);
  return { ...Object.fromEntries(renamed), apiVersion, kind: object.kind, metadata: object.metadata };
}

export const eventConversion: Conversion = {
  fromStorage: (event) => rename(event, toEventsGroup, "events.k8s.io/v1"),
  toStorage: (event) => rename(event, toCore, "v1"),
};
