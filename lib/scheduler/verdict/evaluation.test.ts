import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { aNode, aPod } from "#lib/kube/testing/builders.ts";
import { TestCluster } from "../testing/test-cluster.ts";
import { attempt } from "../cycle.ts";
import { messageOf } from "./comparison.ts";
import { Evaluation } from "./evaluation.ts";
import { podShape } from "./pod-shape.ts";

const zone = (name: string) => ({ "topology.kubernetes.io/zone": name });
const taint = { key: "spot", effect: "NoSchedule" };
const spread = {
  maxSkew: 1,
  topologyKey: "topology.kubernetes.io/zone",
  whenUnsatisfiable: "DoNotSchedule",
  labelSelector: { matchLabels: { app: "web" } },
};

const change = fc.record({
  node: fc.integer({ min: 0, max: 4 }),
  what: fc.constantFrom("come", "go", "taint", "cordon", "fill", "empty", "web", "shrink", "move"),
});

describe("an evaluation that follows the nodes", () => {
  test.each([
    ["a pod that looks at nodes alone", aPod("p", { requests: { cpu: "2" } })],
    ["a pod that looks around", aPod("p", { labels: { app: "web" }, spec: { topologySpreadConstraints: [spread] } })],
  ])("says after every change what a fresh attempt says: %s", (_title, pod) => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const { cache, profile } = new TestCluster({ nodes: [aNode("n0", { labels: zone("a") })] });
        const options = { profile, snapshot: cache, nominatedPods: () => [] };
        const followed = new Evaluation(pod);
        for (const _ of followed.update(options, 0));
        const dirty = new Set<Parameters<Evaluation["lookAgain"]>[0]>();
        cache.observe((node) => dirty.add(node));
        for (const { node, what } of changes) {
          const name = `n${node}`;
          const labels = zone(node % 2 === 0 ? "a" : "b");
          if (what === "go") cache.removeNode(aNode(name));
          else if (what === "fill") cache.addPod(aPod(`f-${name}`, { on: name, requests: { cpu: "3" } }));
          else if (what === "web") cache.addPod(aPod(`w-${name}`, { on: name, labels: { app: "web" } }));
          else if (what === "empty") cache.removePod(aPod(`f-${name}`, { on: name }));
          else {
            const taints = what === "taint" ? [taint] : [];
            const allocatable = { cpu: what === "shrink" ? "1" : "4" };
            const there = what === "move" ? zone("c") : labels;
            cache.addNode(aNode(name, { labels: there, taints, allocatable, isCordoned: what === "cordon" }));
          }
          if (followed.isOld(cache)) for (const _ of followed.update(options, 0));
          else for (const info of dirty) followed.lookAgain(info, options, 0);
          dirty.clear();
          const fresh = attempt(pod, options);
          const message = fresh.kind === "unschedulable" || fresh.kind === "noNodes" ? fresh.message : "fits";
          expect(followed.fits > 0 ? "fits" : messageOf(followed)).toBe(message);
          expect(followed.fits).toBe(fresh.kind === "fits" ? fresh.feasible.length : 0);
        }
      }),
    );
  });

  test("knows since when a node takes the pod without interruption", () => {
    const { cache, profile } = new TestCluster({ nodes: [aNode("a")] });
    const options = { profile, snapshot: cache, nominatedPods: () => [] };
    const evaluation = new Evaluation(aPod("p", { requests: { cpu: "2" } }));
    for (const _ of evaluation.update(options, 1));
    const node = cache.node("a");
    if (node === undefined) throw new Error("the node is there");
    const x = aPod("x", { on: "a", requests: { cpu: "3" } });
    evaluation.lookAgain(node, options, 2);
    expect(evaluation.fitsSince).toBe(1);
    cache.addPod(x);
    evaluation.lookAgain(node, options, 3);
    expect(evaluation.fitsSince).toBeUndefined();
    cache.removePod(x);
    evaluation.lookAgain(node, options, 4);
    expect(evaluation.fitsSince).toBe(4);
  });
});

describe("a shape", () => {
  test("is shared by pods of one template, whatever makes each of them different", () => {
    const labels = { app: "db", "statefulset.kubernetes.io/pod-name": "db-0" };
    const other = { app: "db", "statefulset.kubernetes.io/pod-name": "db-1" };
    expect(podShape(aPod("db-0", { labels }))).toBe(podShape(aPod("db-1", { labels: other })));
    expect(podShape(aPod("db-0", { labels }))).not.toBe(podShape(aPod("x", { labels, requests: { cpu: "1" } })));
    expect(podShape(aPod("a", { priority: 1 }))).not.toBe(podShape(aPod("a", { priority: 2 })));
  });
});
