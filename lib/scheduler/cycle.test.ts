import { describe, expect, test } from "vitest";
import type { Pod } from "#lib/kube/index.ts";
import { aNode, aPod } from "#lib/kube/testing/builders.ts";
import { bestNode } from "./score.ts";
import { TestCluster, type TestClusterOptions } from "./testing/test-cluster.ts";
import { truncateNote } from "./writer.ts";
import type { RecordedCluster } from "./testing/recorded.ts";

function attemptOf(pod: Pod, cluster: RecordedCluster, options?: TestClusterOptions) {
  return new TestCluster(cluster, options).loop.dryRun(pod);
}

test("A7 entries of the message are sorted as text, and a node with two reasons counts in both", () => {
  const small = Array.from({ length: 10 }, (_, index) =>
    aNode(`s${index}`, { allocatable: { cpu: "1", memory: "1Gi" } }),
  );
  const tainted = ["t1", "t2"].map((name) => aNode(name, { taints: [{ key: "k", effect: "NoExecute" }] }));
  const result = attemptOf(aPod("p", { requests: { cpu: "2", memory: "2Gi" } }), { nodes: [...small, ...tainted] });
  expect(result).toMatchObject({
    kind: "unschedulable",
    message:
      "0/12 nodes are available: 10 Insufficient cpu, 10 Insufficient memory, 2 node(s) had untolerated taint(s).",
  });
});

test("A11 a dry run changes nothing: asked twice it answers twice the same, and nobody is assumed", () => {
  const cluster = new TestCluster({ nodes: [aNode("n")] });
  const pod = aPod("p", { requests: { cpu: "3" } });
  expect(cluster.loop.dryRun(pod)).toEqual(cluster.loop.dryRun(pod));
  expect(cluster.cache.assumedPodCount).toBe(0);
});

describe("A6 nominated pods", () => {
  const rival = (priority: number): Pod => aPod("rival", { priority, nominatedTo: "n", requests: { cpu: "3" } });
  const pod = aPod("p", { priority: 5, requests: { cpu: "2" } });

  test.each([
    [5, "unschedulable"],
    [9, "unschedulable"],
    [4, "fits"],
  ])("of priority %i keep their room from a pod of priority 5: it is then %s", (priority, kind) => {
    expect(attemptOf(pod, { nodes: [aNode("n")], pods: [rival(priority)] })?.kind).toBe(kind);
  });

  test("A5 do not stand in their own way, and are tried on their node first", () => {
    const result = attemptOf(rival(5), { nodes: [aNode("a"), aNode("n")], pods: [rival(5)] });
    expect(result?.kind === "fits" && result.feasible.map(({ name }) => name)).toEqual(["n"]);
  });
});

test("S1 pods that are being deleted still take their room", () => {
  const dying = aPod("dying", { on: "n", requests: { cpu: "4" }, deletionTimestamp: "2026-01-01T00:00:00Z" });
  expect(attemptOf(aPod("p", { requests: { cpu: "1" } }), { nodes: [aNode("n")], pods: [dying] })?.kind).toBe(
    "unschedulable",
  );
});

test("A10 of equally free nodes the first by name is taken, whatever came first", () => {
  const cluster = new TestCluster({ nodes: [aNode("b"), aNode("a"), aNode("c")] });
  expect(bestNode(aPod("p"), [...cluster.cache.nodes()])?.name).toBe("a");
});

test("L3 notes are cut to 1024 bytes, not characters", () => {
  const note = truncateNote("ü".repeat(600));
  expect(new TextEncoder().encode(note)).toHaveLength(1024);
  expect(note.endsWith(" ...")).toBe(true);
  expect(truncateNote("short")).toBe("short");
});
