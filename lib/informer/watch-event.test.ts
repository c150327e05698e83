import { describe, expect, it } from "vitest";
import { DecodeError } from "./api-errors.ts";
import { decodeWatchEvent, isInitialEventsEnd } from "./watch-event.ts";

const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "x", resourceVersion: "1" } };

describe("I15 one event of a watch", () => {
  it.each(["ADDED", "MODIFIED", "DELETED"] as const)("%s carries its object", (type) => {
    expect(decodeWatchEvent({ type, object: pod })).toEqual({ type, object: pod });
  });

  it("a bookmark carries metadata, and the annotated one ends the initial events", () => {
    const annotations = { "k8s.io/initial-events-end": "true" };
    const event = decodeWatchEvent({
      type: "BOOKMARK",
      object: { ...pod, metadata: { ...pod.metadata, annotations } },
    });
    if (event.type !== "BOOKMARK") throw new Error("no bookmark");
    expect([event.metadata.resourceVersion, isInitialEventsEnd(event.metadata)]).toEqual(["1", true]);
    expect(isInitialEventsEnd({ annotations: { "k8s.io/initial-events-end": "false" } })).toBe(false);
  });

  it("an ERROR carries what the server said", () => {
    const object = { kind: "Status", code: 410, reason: "Expired", message: "too old" };
    expect(decodeWatchEvent({ type: "ERROR", object })).toMatchObject({
      type: "ERROR",
      error: { code: 410, reason: "Expired" },
    });
  });

  it.each([
    ["a text", "ADDED"],
    ["an unknown type", { type: "RENAMED", object: pod }],
    ["no type", { object: pod }],
    ["no object", { type: "ADDED" }],
    ["an object without apiVersion", { type: "ADDED", object: { kind: "Pod", metadata: {} } }],
    ["an object without kind", { type: "ADDED", object: { apiVersion: "v1", metadata: {} } }],
    ["an object without metadata", { type: "ADDED", object: { apiVersion: "v1", kind: "Pod" } }],
  ])("refuses %s", (_what, value) => expect(() => decodeWatchEvent(value)).toThrow(DecodeError));
});
