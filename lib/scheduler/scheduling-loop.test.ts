import { describe, expect, test } from "vitest";
import { actionType, podUid, type Pod } from "#lib/kube/index.ts";
import { aNode, aPod } from "#lib/kube/testing/builders.ts";
import { TestCluster } from "./testing/test-cluster.ts";

const nodeAdd = { resource: "Node", actionType: actionType.Add } as const;
const uid = (pod: Pod) => podUid(pod);

/** Runs the loop until `act` is over and everything it set going has settled. */
async function running(test: TestCluster, act: () => void | Promise<void>): Promise<void> {
  const run = test.loop.run();
  await test.clock.advance(0);
  await act();
  await test.clock.advance(0);
  test.loop.stop();
  await run;
}

/** The pod as the API shows it once it is bound. */
function bound(pod: Pod, node: string): Pod {
  return { ...pod, metadata: { ...pod.metadata, resourceVersion: "9" }, spec: { ...pod.spec, nodeName: node } };
}

describe("two pods in flight, an event arrives, the first finishes, the second comes back", () => {
  const story = (inFlightScheme: "current" | "historical"): TestCluster => {
    const first = aPod("first", { priority: 2 });
    const second = aPod("second", { priority: 1, requests: { cpu: "8" } });
    const test = new TestCluster({ nodes: [aNode("small")] }, { inFlightScheme });
    test.pipeline.pods.onAdd(first);
    test.loop.popNext();
    // An event that only the first pod needs: the historical marker of the second one points at it.
    test.loop.injectEvent(nodeAdd, undefined, aNode("tiny", { allocatable: { cpu: "1" } }));
    test.pipeline.pods.onAdd(second);
    test.loop.popNext();
    expect(test.loop.finish(uid(first), { as: "schedulable" })).toMatchObject({ ok: true });
    test.loop.injectEvent(nodeAdd, undefined, aNode("big", { allocatable: { cpu: "16" } }));
    test.loop.finish(uid(second), { as: "unschedulable", plugins: ["NodeResourcesFit"] });
    return test;
  };

  test("it notices the event and backs off", () => {
    const cluster = story("current");
    expect(cluster.placeOf(aPod("second"))).toBe("backoff");
    expect(cluster.queue.view.sizes()).toMatchObject({ inFlight: 0, inFlightEvents: 0 });
  });

  test("the historical queue loses the event and parks it", () => {
    expect(story("historical").placeOf(aPod("second"))).toBe("unschedulable");
  });
});

describe("an attempt", () => {
  test("L2 A10 binds a pod to the node with most room, and says so", async () => {
    const cluster = new TestCluster({
      nodes: [aNode("busy"), aNode("idle")],
      pods: [aPod("resident", { on: "busy", requests: { cpu: "3" } }), aPod("p", { requests: { cpu: "1" } })],
    });
    await running(cluster, () => undefined);
    expect(cluster.writer.bindings).toEqual(["default/p on idle"]);
    expect(cluster.writer.events).toMatchObject([
      { reason: "Scheduled", action: "Binding", note: "Successfully assigned default/p to idle" },
    ]);
    expect(cluster.placeOf(aPod("p"))).toBe("none");
  });

  test("L2 keeps several pods in flight while they wait on Permit, and an assumed pod takes its room at once", async () => {
    const pods = ["c", "b", "a"].map((name, priority) => aPod(name, { priority, requests: { cpu: "2" } }));
    const cluster = new TestCluster({ nodes: [aNode("n")], pods }, { bindingTimeMs: 500 });
    await running(cluster, async () => {
      expect(cluster.loop.flights().map(({ phase, node }) => `${phase} ${node}`)).toEqual([
        "WaitOnPermit n",
        "WaitOnPermit n",
      ]);
      expect(cluster.placeOf(aPod("c"))).toBe("unschedulable");
      expect(cluster.writer.bindings).toEqual([]);
      await cluster.clock.advance(500);
      expect(cluster.writer.bindings).toHaveLength(2);
      expect(cluster.queue.view.sizes().inFlight).toBe(0);
    });
  });

  test("L3 that fails hands the pod back with its rejectors, a condition and an event", async () => {
    const taints = [{ key: "gpu", effect: "NoSchedule" }];
    const cluster = new TestCluster({
      nodes: [aNode("tainted", { taints }), aNode("full", { allocatable: { cpu: "1" } })],
      pods: [aPod("p", { requests: { cpu: "2" } })],
    });
    await running(cluster, () => undefined);
    const message =
      "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s). no new claims to deallocate, " +
      "preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.";
    expect(cluster.writer.patches).toEqual([
      {
        pod: "default/p",
        condition: { type: "PodScheduled", status: "False", reason: "Unschedulable", message },
        nominatedNodeName: "",
      },
    ]);
    expect(cluster.writer.events).toMatchObject([{ type: "Warning", reason: "FailedScheduling", note: message }]);
    const info = cluster.queue.getPod("p", "default");
    expect([...(info?.unschedulablePlugins ?? [])].sort()).toEqual(["NodeResourcesFit", "TaintToleration"]);
    expect(cluster.placeOf(aPod("p"))).toBe("unschedulable");
  });

  test("A9 that preemption could help names nobody to evict and is not nominated", async () => {
    const cluster = new TestCluster({
      nodes: [aNode("n")],
      pods: [aPod("small", { on: "n", requests: { cpu: "4" } }), aPod("p", { priority: 9, requests: { cpu: "2" } })],
    });
    await running(cluster, () => undefined);
    expect(cluster.writer.patches).toMatchObject([
      { condition: { message: "0/1 nodes are available: 1 Insufficient cpu." }, nominatedNodeName: "" },
    ]);
  });

  test("A8 without any node backs off instead of being parked", async () => {
    const cluster = new TestCluster({ pods: [aPod("p")] });
    await running(cluster, () => undefined);
    expect(cluster.placeOf(aPod("p"))).toBe("backoff");
    expect(cluster.writer.patches[0]?.condition).toMatchObject({
      reason: "Unschedulable",
      message: "no nodes available to schedule pods",
    });
  });

  test("L5 that says the same again is not written again", async () => {
    const message = "no nodes available to schedule pods";
    const condition = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
    const cluster = new TestCluster({ pods: [aPod("p", { status: { conditions: [condition] } })] });
    await running(cluster, () => undefined);
    expect(cluster.writer.patches).toEqual([]);
    expect(cluster.writer.events).toHaveLength(1);
  });

  test("L1 of a pod that is being deleted only leaves an event", async () => {
    const cluster = new TestCluster({
      nodes: [aNode("n")],
      pods: [aPod("p", { deletionTimestamp: "2026-01-01T00:00:00Z" })],
    });
    await running(cluster, () => undefined);
    expect(cluster.writer.events).toMatchObject([{ note: "skip schedule deleting pod: default/p" }]);
    expect(cluster.placeOf(aPod("p"))).toBe("none");
    expect(cluster.queue.view.sizes().inFlight).toBe(0);
  });

  test("A11 of an object that cannot be read is an error of that pod alone", async () => {
    const broken = aPod("broken", { priority: 1, requests: { cpu: "many" } });
    const cluster = new TestCluster({ nodes: [aNode("n")], pods: [broken, aPod("p")] });
    await running(cluster, () => undefined);
    expect(cluster.writer.bindings).toEqual(["default/p on n"]);
    expect(cluster.writer.patches[0]?.condition).toMatchObject({ reason: "SchedulerError" });
    expect(cluster.placeOf(broken)).toBe("backoff");
  });
});

describe("a binding", () => {
  test("L6 that the API refuses gives the place back, tells the others and retries as an error", async () => {
    const winner = aPod("winner", { priority: 1, requests: { cpu: "4" } });
    const loser = aPod("loser", { requests: { cpu: "4" } });
    const cluster = new TestCluster({ nodes: [aNode("n")], pods: [winner, loser] }, { bindingTimeMs: 100 });
    await running(cluster, async () => {
      expect(cluster.placeOf(loser)).toBe("unschedulable");
      cluster.writer.bindError = new Error('pods "winner" is forbidden');
      await cluster.clock.advance(100);
    });
    // It was woken, and popped early because nobody else was waiting.
    expect(cluster.loop.flights()).toMatchObject([{ uid: "uid-loser", phase: "WaitOnPermit" }]);
    expect(cluster.placeOf(winner)).toBe("backoff");
    expect(cluster.queue.getPod("winner", "default")?.consecutiveErrorsCount).toBe(1);
    expect(cluster.cache.assumedPodCount).toBe(1);
    expect(cluster.writer.patches.at(-1)?.condition).toMatchObject({
      reason: "SchedulerError",
      message: 'running Bind plugin "DefaultBinder": pods "winner" is forbidden',
    });
  });

  test("S4 seen by the informer confirms the assumed pod", async () => {
    const pod = aPod("p", { requests: { cpu: "1" } });
    const cluster = new TestCluster({ nodes: [aNode("n")], pods: [pod] });
    cluster.writer.onBind = () => cluster.pipeline.pods.onUpdate(pod, bound(pod, "n"));
    await running(cluster, () => undefined);
    expect(cluster.cache.assumedPodCount).toBe(0);
    expect(cluster.cache.node("n")?.requested.milliCpu).toBe(1000);
  });

  test("P8 of a pod that goes away while it waits on Permit is given up", async () => {
    const pod = aPod("p", { requests: { cpu: "1" } });
    const cluster = new TestCluster({ nodes: [aNode("n")], pods: [pod] }, { bindingTimeMs: 100 });
    await running(cluster, async () => {
      cluster.pipeline.pods.onDelete(pod);
      await cluster.clock.advance(100);
    });
    expect(cluster.writer.bindings).toEqual([]);
    expect(cluster.cache.node("n")?.requested.milliCpu).toBe(0);
    expect(cluster.queue.view.sizes()).toMatchObject({ inFlight: 0, unschedulable: 0 });
  });
});

describe("a person", () => {
  test("L7 pauses: nobody is popped, and nobody in flight is bound until it resumes", async () => {
    const cluster = new TestCluster({ nodes: [aNode("n")], pods: [aPod("a")] }, { bindingTimeMs: 100 });
    await running(cluster, async () => {
      cluster.loop.pause();
      cluster.loop.pause();
      cluster.pipeline.pods.onAdd(aPod("b"));
      await cluster.clock.advance(1_000);
      expect(cluster.writer.bindings).toEqual([]);
      expect(cluster.placeOf(aPod("b"))).toBe("active");
      cluster.loop.resume();
      await cluster.clock.advance(100);
      expect(cluster.writer.bindings).toEqual(["default/a on n", "default/b on n"]);
    });
  });

  test("L8 pops a pod, holds it, and lets it go on by itself", async () => {
    const cluster = new TestCluster({ nodes: [aNode("n")], pods: [aPod("a")] });
    expect(cluster.loop.popNext()).toEqual({ ok: true, uid: "uid-a" });
    expect(cluster.loop.popNext()).toMatchObject({ ok: false, code: "nothingToPop" });
    expect(cluster.loop.flights()).toMatchObject([{ phase: "PreFilter", isHeld: true, rejectionsOf: "thisAttempt" }]);
    expect(cluster.loop.release(uid(aPod("a")))).toMatchObject({ ok: true });
    await cluster.clock.advance(0);
    expect(cluster.writer.bindings).toEqual(["default/a on n"]);
    expect(cluster.loop.release(uid(aPod("a")))).toMatchObject({ ok: false, code: "notInFlight" });
  });

  test("L9 sees a pod that fits nowhere in PostFilter, where an event that comes meanwhile still counts", async () => {
    const cluster = new TestCluster({ nodes: [aNode("small")] }, { postFilterTimeMs: 500 });
    void cluster.loop.run();
    cluster.pipeline.pods.onAdd(aPod("a", { requests: { cpu: "9" } }));
    await cluster.clock.advance(100);
    expect(cluster.loop.flights()).toMatchObject([{ phase: "PostFilter", rejectionsOf: "thisAttempt" }]);
    cluster.pipeline.nodes.onAdd(aNode("large", { allocatable: { cpu: "16" } }));
    await cluster.clock.advance(500);
    expect(cluster.writer.bindings).toEqual(["default/a on large"]); // parked, it would have waited for another event
    cluster.loop.stop();
  });

  test("L9 sees nobody popped while as many are in flight as may be", async () => {
    const pods = ["a", "b", "c"].map((name) => aPod(name));
    const cluster = new TestCluster({ nodes: [aNode("n")], pods }, { bindingTimeMs: 1000, maxInFlight: 2 });
    void cluster.loop.run();
    await cluster.clock.advance(500);
    expect(cluster.loop.flights()).toHaveLength(2);
    await cluster.clock.advance(600);
    expect(cluster.loop.flights()).toHaveLength(1);
    expect(cluster.writer.bindings).toHaveLength(2);
    cluster.loop.stop();
  });

  test("L8 is told which plugins reject a pod that is held", async () => {
    const cluster = new TestCluster({ nodes: [aNode("n")], pods: [aPod("a", { requests: { cpu: "9" } })] });
    cluster.loop.release(uid(aPod("a")));
    cluster.loop.popNext();
    cluster.loop.release(uid(aPod("a")));
    await cluster.clock.settle();
    cluster.queue.activate([aPod("a")]);
    cluster.loop.popNext();
    const [flight] = cluster.loop.flights();
    expect(flight).toMatchObject({ rejectionsOf: "thisAttempt" });
    expect([...(flight?.rejections ?? [])]).toEqual([["NodeResourcesFit", 1]]);
  });

  test("L10 cannot finish a pod as schedulable that fits nowhere", () => {
    const cluster = new TestCluster({ nodes: [aNode("n")], pods: [aPod("a", { requests: { cpu: "9" } })] });
    cluster.loop.popNext();
    expect(cluster.loop.finish(uid(aPod("a")), { as: "schedulable" })).toEqual({
      ok: false,
      code: "fitsNowhere",
      message: "pod default/a fits nowhere: 0/1 nodes are available: 1 Insufficient cpu.",
    });
    expect(cluster.loop.finish(uid(aPod("a")), { as: "error", message: "boom" })).toMatchObject({ ok: true });
    expect(cluster.placeOf(aPod("a"))).toBe("backoff");
  });

  test("L8 holds a pod on Permit: its binding time ends and nothing happens", async () => {
    const cluster = new TestCluster({ nodes: [aNode("n")], pods: [aPod("a")] }, { bindingTimeMs: 100 });
    await running(cluster, async () => {
      cluster.loop.hold(uid(aPod("a")));
      await cluster.clock.advance(1_000);
      expect(cluster.writer.bindings).toEqual([]);
      cluster.loop.finish(uid(aPod("a")), { as: "unschedulable", plugins: ["NodeAffinity"] });
    });
    expect(cluster.placeOf(aPod("a"))).toBe("unschedulable");
    expect(cluster.cache.assumedPodCount).toBe(0);
  });
});

test("L11 an observer that throws keeps neither the pod from flying nor the others from hearing", () => {
  const cluster = new TestCluster({ pods: [aPod("a")] });
  const heard: string[] = [];
  cluster.loop.observe(() => {
    throw new Error("observer");
  });
  const unobserve = cluster.loop.observe(() => void heard.push("changed"));
  expect(cluster.loop.popNext()).toMatchObject({ ok: true });
  const { length } = heard;
  expect(length).toBeGreaterThan(0);
  unobserve();
  unobserve();
  cluster.loop.hold(uid(aPod("a")));
  expect(heard).toHaveLength(length);
});

test("L8 a pod that is held in PostFilter and let go is handed back with what its attempt found", async () => {
  const cluster = new TestCluster({ nodes: [aNode("small")] }, { postFilterTimeMs: 500 });
  await running(cluster, async () => {
    cluster.pipeline.pods.onAdd(aPod("a", { requests: { cpu: "9" } }));
    await cluster.clock.advance(100);
    cluster.loop.hold(uid(aPod("a")));
    await cluster.clock.advance(1_000);
    expect(cluster.loop.flights()).toMatchObject([{ phase: "PostFilter", isHeld: true }]);
    cluster.loop.release(uid(aPod("a")));
    expect(cluster.placeOf(aPod("a"))).toBe("unschedulable");
  });
});

test("L8 a pod whose time was up during a pause, and that a person finished, is bound once", async () => {
  const cluster = new TestCluster({ nodes: [aNode("n")], pods: [aPod("a")] }, { bindingTimeMs: 100 });
  await running(cluster, async () => {
    cluster.loop.pause();
    await cluster.clock.advance(1_000);
    cluster.loop.finish(uid(aPod("a")), { as: "schedulable" });
    cluster.loop.resume();
    await cluster.clock.settle();
    expect(cluster.writer.bindings).toEqual(["default/a on n"]);
  });
});

test("L4 a pod that was recreated while it was tried is not handed back, and nothing is said of it", () => {
  const cluster = new TestCluster({ nodes: [aNode("n")], pods: [aPod("a", { requests: { cpu: "9" } })] });
  cluster.loop.popNext();
  cluster.pipeline.pods.onUpdate(aPod("a"), aPod("a", { uid: "another" }));
  cluster.loop.release(uid(aPod("a")));
  expect(cluster.writer.events).toEqual([]);
  expect(cluster.queue.view.sizes()).toMatchObject({ active: 1, unschedulable: 0, inFlight: 0 });
});

describe("L12 flights that are restored", () => {
  const wide = aPod("wide", { requests: { cpu: "9" } });
  const play = async () => {
    const cluster = new TestCluster(
      { nodes: [aNode("n")], pods: [aPod("a"), wide] },
      { bindingTimeMs: 500, postFilterTimeMs: 500 },
    );
    const run = cluster.loop.run();
    await cluster.clock.advance(100);
    cluster.loop.pause();
    const saved = { queue: cluster.queue.save(), flights: cluster.loop.save() };
    const phases = () => cluster.loop.flights().map(({ pod, phase, node }) => [pod.metadata.name, phase, node]);
    const back = () => {
      cluster.queue.restore(saved.queue, "Undo");
      if (cluster.cache.isAssumed(uid(aPod("a")))) cluster.cache.forgetPod(uid(aPod("a")));
      cluster.cache.assumePod(bound(aPod("a"), "n"));
      cluster.loop.restore(saved.flights);
    };
    const end = async () => {
      cluster.loop.stop();
      await run;
    };
    return { cluster, phases, back, end };
  };
  const before = [
    ["a", "WaitOnPermit", "n"],
    ["wide", "PostFilter", undefined],
  ];

  test("are what they were, and go on when their time is up", async () => {
    const { cluster, phases, back, end } = await play();
    expect(phases()).toEqual(before);
    cluster.loop.finish(uid(aPod("a")), { as: "unschedulable", plugins: ["NodePorts"] });
    cluster.loop.finish(uid(wide), { as: "error", message: "by hand" });
    expect(phases()).toEqual([]);
    back();
    expect(phases()).toEqual(before);
    cluster.loop.resume();
    await cluster.clock.advance(399);
    expect(phases()).toEqual(before);
    await cluster.clock.advance(1);
    expect([phases(), cluster.writer.bindings]).toEqual([[], ["default/a on n"]]);
    expect(cluster.placeOf(wide)).toBe("unschedulable");
    await end();
  });

  test("are finished once, however often they were restored", async () => {
    const { cluster, back, end } = await play();
    for (let time = 0; time < 3; time++) {
      cluster.loop.finish(uid(wide), { as: "unschedulable", plugins: ["NodeResourcesFit"] });
      expect(cluster.placeOf(wide)).toBe("unschedulable");
      back();
    }
    cluster.loop.resume();
    await cluster.clock.advance(10_000);
    expect(cluster.writer.bindings).toEqual(["default/a on n"]);
    await end();
  });
});
