import { expect, test } from "vitest";
import { podUid } from "#lib/kube/index.ts";
import { aNode, aPod } from "#lib/kube/testing/builders.ts";
import { ClusterCache } from "./cluster-cache.ts";
import { PresumedPods } from "./presumed-pods.ts";

const keepsAway = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: {}, topologyKey: "kubernetes.io/hostname" }],
  },
};

test("H12 presumed pods are on their nodes for who asks here, and nowhere else", () => {
  const cache = new ClusterCache();
  cache.addNode(aNode("one"));
  cache.addNode(aNode("two"));
  const presumed = new PresumedPods(cache);
  const pod = aPod("p", { requests: { cpu: "3" } });
  presumed.presume({ ...pod, spec: { ...pod.spec, affinity: keepsAway } }, "one");
  const seen = () => Array.from(presumed.nodes(), ({ name, requested }) => [name, requested.milliCpu]);
  expect(seen()).toEqual([
    ["one", 3_000],
    ["two", 0],
  ]);
  expect(Array.from(presumed.nodesWithRequiredAntiAffinity(), ({ name }) => name)).toEqual(["one"]);
  expect([cache.node("one")?.podCount, [...cache.nodesWithRequiredAntiAffinity()]]).toEqual([0, []]);
  // What becomes known of the node meanwhile is seen, too.
  cache.addPod(aPod("q", { requests: { cpu: "1" }, on: "one" }));
  expect(presumed.node("one")?.requested.milliCpu).toBe(4_000);
  // Presumed elsewhere, it is there only; forgotten, it is nowhere; forgetting it again is harmless.
  presumed.presume(pod, "two");
  expect(seen().map(([, cpu]) => cpu)).toEqual([1_000, 3_000]);
  for (let times = 0; times < 2; times++) presumed.forget(podUid(pod));
  expect([seen().map(([, cpu]) => cpu), presumed.size]).toEqual([[1_000, 0], 0]);
});
