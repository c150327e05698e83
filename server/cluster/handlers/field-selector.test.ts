import { describe, expect, it } from "vitest";
import { FieldSelectorError, parseFieldSelector } from "./field-selector.ts";

const pod = {
  metadata: { name: "a,b", namespace: "shop" },
  spec: { nodeName: "n1", priority: 0, hostNetwork: true, containers: [] },
  status: { phase: "Running" },
};

describe("a field selector", () => {
  it.each([
    ["status.phase=Running", true],
    ["status.phase==Running, spec.nodeName!=n2", true],
    ["status.phase!=Running", false],
    ["spec.priority=0", true],
    ["spec.hostNetwork=true", true],
    ["metadata.name=a\\,b", true],
    ["status.phase = Running", true],
    // What is absent is empty text, and false.
    ["spec.nominatedNodeName=", true],
    ["spec.unschedulable=false", true],
    ["spec.unschedulable!=true", true],
    ["spec.nominatedNodeName!=", false],
    ["spec.toString=", true],
    // No plain value: nothing can be said of it.
    ["spec.containers=", false],
    ["spec.containers!=x", false],
  ])("%s on a running pod is %s", (text, answer) => {
    expect(parseFieldSelector(text)(pod)).toBe(answer);
  });

  it.each(["status.phase", "=Running", "status..phase=x", "a b=c", ",", "spec.containers[0].name=a"])(
    "%j is none",
    (text) => {
      expect(() => parseFieldSelector(text)).toThrow(FieldSelectorError);
    },
  );
});
