import { describe, expect, it } from "vitest";
import type { ApiObject } from "../storage/api-object.ts";
import { eventsGroupFields, podFields } from "./fields.ts";
import { parseFieldSelector } from "./field-selector.ts";
import { parseLabelSelector } from "./label-selector.ts";
import { StatusError } from "./status.ts";

const pod: ApiObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web-1", namespace: "shop", labels: { app: "web", tier: "front", weight: "5" } },
  spec: { nodeName: "node-1", schedulerName: "default-scheduler" },
  status: { phase: "Running" },
};

describe("label selectors", () => {
  it.each([
    ["app=web", true],
    ["app==web,tier!=back", true],
    ["app in (web, api),!canary", true],
    ["app notin (web)", false],
    ["missing notin (web)", true],
    ["missing!=web", true],
    ["tier", true],
    ["!tier", false],
    ["weight>4,weight<6", true],
    ["weight>5", false],
  ])("%s: %s", (text, expected) => {
    expect(parseLabelSelector(text)?.matches(pod.metadata.labels)).toBe(expected);
  });

  it("selects everything when it is empty", () => {
    expect(parseLabelSelector(" ")).toBeUndefined();
  });

  it("is a bad request when nobody can read it", () => {
    expect(() => parseLabelSelector("app in web")).toThrow(StatusError);
  });
});

describe("field selectors", () => {
  it.each([
    ["metadata.name=web-1", true],
    ["metadata.namespace==shop,spec.nodeName=node-1", true],
    ["status.phase!=Succeeded,status.phase!=Failed", true],
    ["status.phase!=Running", false],
    ["spec.schedulerName=kube-inflight", false],
    ["status.nominatedNodeName=", true],
    ["spec.hostNetwork=false", true],
  ])("%s: %s", (text, expected) => {
    expect(parseFieldSelector(text, podFields)?.(pod)).toBe(expected);
  });

  it("reads the names of events.k8s.io from an event as it is kept", () => {
    const event = { ...pod, involvedObject: { kind: "Pod", name: "web-1" }, reason: "FailedScheduling" };
    const text = "regarding.kind=Pod,regarding.name=web-1,reason=FailedScheduling";
    expect(parseFieldSelector(text, eventsGroupFields)?.(event)).toBe(true);
  });

  it.each(["spec.unknown=1", "constructor=1"])("refuses %s, a field that cannot be selected by", (text) => {
    expect(() => parseFieldSelector(text, podFields)).toThrow("field label not supported");
  });
});
