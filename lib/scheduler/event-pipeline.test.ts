import { describe, expect, test } from "vitest";
import { podUid, type Pod } from "#lib/kube/index.ts";
import { aNode, aPod } from "#lib/kube/testing/builders.ts";
import type { InformedQueue } from "./event-pipeline.ts";
import { TestCluster } from "./testing/test-cluster.ts";

/** Writes down the queue calls that informers cause. */
function listening(calls: string[]): (queue: InformedQueue) => InformedQueue {
  return (queue) => ({
    add: (pod) => {
      calls.push(`add ${pod.metadata.name}`);
      queue.add(pod);
    },
    update: (old, updated) => {
      calls.push(`update ${updated.metadata.name}`);
      queue.update(old, updated);
    },
    delete: (pod) => {
      calls.push(`delete ${pod.metadata.name}`);
      queue.delete(pod);
    },
    moveAllToActiveOrBackoffQueue: (event, old, updated, preCheck) => {
      calls.push(`move ${event.resource} ${event.actionType} ${(updated ?? old)?.metadata.name}`);
      queue.moveAllToActiveOrBackoffQueue(event, old, updated, preCheck);
    },
  });
}

function aCluster(pods: readonly Pod[] = []): { readonly cluster: TestCluster; readonly calls: string[] } {
  const calls: string[] = [];
  const cluster = new TestCluster({ nodes: [aNode("n")], pods }, { spy: listening(calls) });
  calls.length = 0;
  return { cluster, calls };
}

describe("pods that end", () => {
  test("S3 a pod that succeeds looks like one that is deleted, and frees its room", () => {
    const pod = aPod("p", { on: "n", requests: { cpu: "1" } });
    const { cluster, calls } = aCluster([pod]);
    const ended: Pod = { ...pod, status: { phase: "Succeeded" } };
    cluster.pipeline.pods.onUpdate(pod, ended);
    expect(calls).toEqual(["move AssignedPod 2 p"]);
    expect(cluster.cache.node("n")?.requested.milliCpu).toBe(0);
    calls.length = 0;
    cluster.pipeline.pods.onUpdate(ended, { ...ended, metadata: { ...ended.metadata, labels: { a: "b" } } });
    cluster.pipeline.pods.onDelete(ended);
    expect(calls).toEqual(["move AssignedPod 2 p"]);
  });

  test("S3 one that had ended when it was first seen is no event at all", () => {
    const { cluster, calls } = aCluster();
    cluster.pipeline.pods.onAdd(aPod("p", { on: "n", status: { phase: "Failed" } }));
    expect(calls).toEqual([]);
    expect(cluster.cache.podCount).toBe(0);
  });

  test("P6 a pod whose end nobody saw may have been bound: both are told", () => {
    const pod = aPod("p");
    const { cluster, calls } = aCluster([pod]);
    cluster.pipeline.pods.onDelete({ deletedFinalStateUnknown: true, object: pod });
    expect(calls).toEqual(["move AssignedPod 2 p", "delete p"]);
    expect(cluster.placeOf(pod)).toBe("none");
  });
});

test("P5 a pod recreated under its name between two looks is two pods", () => {
  const { cluster, calls } = aCluster([aPod("p", { on: "n" })]);
  cluster.pipeline.pods.onUpdate(aPod("p", { on: "n" }), aPod("p", { uid: "new" }));
  expect(calls).toEqual(["move AssignedPod 2 p", "add p"]);
  expect(cluster.cache.node("n")?.podCount).toBe(0);
});

test("P4 an update that changes nothing of a waiting pod is not told", () => {
  const pod = aPod("p");
  const { cluster, calls } = aCluster([pod]);
  cluster.pipeline.pods.onUpdate(pod, pod);
  expect(calls).toEqual([]);
});

test("P7 a nomination that is withdrawn wakes pods that are not more important", () => {
  const nominated = aPod("n1", { nominatedTo: "n", priority: 5 });
  const equal = aPod("equal", { priority: 5, requests: { cpu: "9" } });
  const higher = aPod("higher", { priority: 6, requests: { cpu: "9" } });
  const { cluster } = aCluster([nominated, equal, higher]);
  for (const pod of [equal, higher]) cluster.fail(cluster.pop(pod), ["NodeResourcesFit"]);
  const withdrawn = aPod("n1", { priority: 5, resourceVersion: "2" });
  cluster.pipeline.pods.onUpdate(nominated, withdrawn);
  expect([equal, higher].map((pod) => cluster.placeOf(pod))).toEqual(["backoff", "unschedulable"]);
});

describe("the cache", () => {
  test("P1 is told of a node before the queue, so that hints see it, and forgets one after the queue", () => {
    const seen: boolean[] = [];
    const cluster: TestCluster = new TestCluster(
      {},
      {
        spy: (queue) => ({
          ...listening([])(queue),
          moveAllToActiveOrBackoffQueue: () => void seen.push(cluster.cache.node("n") !== undefined),
        }),
      },
    );
    cluster.pipeline.nodes.onAdd(aNode("n"));
    cluster.pipeline.nodes.onDelete(aNode("n"));
    expect(seen).toEqual([true, true]);
    expect(cluster.cache.nodeCount).toBe(0);
  });

  test("S2 keeps pods aside whose node it does not know, and counts them once it does", () => {
    const { cluster } = aCluster([aPod("p", { on: "later", requests: { cpu: "1" } })]);
    expect(cluster.cache.node("later")).toBeUndefined();
    cluster.pipeline.nodes.onAdd(aNode("later"));
    expect(cluster.cache.node("later")?.requested.milliCpu).toBe(1000);
    cluster.pipeline.nodes.onDelete(aNode("later"));
    cluster.pipeline.pods.onDelete(aPod("p", { on: "later" }));
    cluster.pipeline.nodes.onAdd(aNode("later"));
    expect(cluster.cache.node("later")?.podCount).toBe(0);
  });

  test("S4 only forgets pods that are assumed", () => {
    const pod = aPod("p", { on: "n" });
    const { cluster } = aCluster([pod]);
    expect(() => cluster.cache.forgetPod(podUid(pod))).toThrow("only a pod that assumePod() put on a node");
  });
});
