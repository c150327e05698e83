import type { JsonValue } from "#lib/protocol/index.ts";
import { lookup, textAt, type ApiObject } from "../storage/api-object.ts";
import { age, derived, nameColumn, text, type Column } from "./cells.ts";

/** Upstream: `printEvent`. */
export const eventColumns: readonly Column[] = [
  derived("Last Seen", (event, now) => age(lastSeen(event), now)),
  text("Type", ["type"]),
  text("Reason", ["reason"]),
  derived("Object", eventObject),
  text("Subobject", ["involvedObject", "fieldPath"], { priority: 1 }),
  derived("Source", eventSource, { priority: 1 }),
  derived("Message", (event) => textAt(event, "message").trim()),
  derived("First Seen", (event, now) => age(firstSeen(event), now), { priority: 1 }),
  derived("Count", eventCount, { priority: 1 }),
  { ...nameColumn, priority: 1 },
];

function firstSeen(event: ApiObject): JsonValue | undefined {
  return event["firstTimestamp"] ?? event["eventTime"] ?? undefined;
}

function lastSeen(event: ApiObject): JsonValue | undefined {
  return lookup(event, "series", "lastObservedTime") ?? event["lastTimestamp"] ?? firstSeen(event);
}

function eventCount(event: ApiObject): JsonValue {
  return lookup(event, "series", "count") ?? (Number(event["count"] ?? 0) || 1);
}

function eventObject(event: ApiObject): string {
  const kind = textAt(event, "involvedObject", "kind").toLowerCase();
  const name = textAt(event, "involvedObject", "name");
  return name === "" ? kind : `${kind}/${name}`;
}

function eventSource(event: ApiObject): string {
  const component = textAt(event, "source", "component") || textAt(event, "reportingComponent");
  const instance = textAt(event, "source", "host") || textAt(event, "reportingInstance");
  return instance === "" ? component : `${component}, ${instance}`;
}
