import { describe, expect, it } from "vitest";
import { objectChanges, summarise } from "./object-changes.ts";

describe("what changed between two versions", () => {
  const pod = {
    metadata: { name: "a", resourceVersion: "1", labels: { app: "x" } },
    spec: { tolerations: [{ key: "gpu", operator: "Exists" }] },
    status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", message: "0/3 nodes" }] },
  };

  it("names list items by what names them", () => {
    const after = structuredClone(pod);
    after.metadata.resourceVersion = "2";
    after.status.conditions[0] = { type: "PodScheduled", status: "True", message: "" };
    expect(objectChanges(pod, after)).toEqual([
      { path: "status.conditions[PodScheduled].status", before: "False", after: "True" },
      { path: "status.conditions[PodScheduled].message", before: "0/3 nodes", after: '""' },
    ]);
  });

  it("tells added from removed and from changed", () => {
    const after = { ...pod, metadata: { name: "a", labels: { canary: "true" } }, status: { phase: "Running" } };
    expect(objectChanges(pod, after)).toEqual([
      { path: "metadata.labels.app", before: "x" },
      { path: "metadata.labels.canary", after: "true" },
      { path: "status.phase", before: "Pending", after: "Running" },
      {
        path: "status.conditions",
        before: '[{"type":"PodScheduled","status":"False","message":"0/3 nodes"}]',
      },
    ]);
  });

  it("puts the first change into one line and counts the others", () => {
    expect(summarise([])).toBe("no change");
    expect(summarise([{ path: "status.phase", before: "Pending", after: "Running" }])).toBe(
      "status.phase: Pending → Running",
    );
    expect(
      summarise([
        { path: "spec.nodeName", after: "n1" },
        { path: "x", before: "1" },
      ]),
    ).toBe("spec.nodeName: + n1, and 1 more");
  });

  it("stops at forty places and cuts long values", () => {
    const wide = (value: string) => Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, value]));
    const changes = objectChanges(wide("a"), wide("b".repeat(1000)));
    expect(changes.length).toBe(40);
    expect(changes[0]?.after?.length).toBe(121);
  });
});
