import { describe, expect, it } from "vitest";
import type { KubeObject, Pod } from "#lib/kube/index.ts";
import { aNode, aPod } from "#lib/kube/testing/builders.ts";
import { RecordingWriter } from "#lib/scheduler/testing/recording-writer.ts";
import { RefusedError } from "#server/hub/clusters.ts";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { expectToKeepContract } from "../testing/contract.ts";
import { buildEvents } from "../views/events.ts";
import { buildLanes } from "../views/lanes.ts";
import { buildScheduler } from "../views/scheduler.ts";
import { EmbeddedScheduling } from "./embedded-scheduling.ts";
import { FakeCheckpoints } from "./testing/fake-checkpoints.ts";

const pods = "v1/pods";
const window = { offset: 0, limit: 50 };
const second = 1_000;
const demo = { id: "demo", name: "demo", mode: "embedded", phase: "connected", server: "https://d" } as const;
const noSteps = { undo: { count: 0 }, redo: { count: 0 } };
const untroubled = { parkedMs: 300 * second, faults: [] };

interface Situation {
  readonly isPaused?: boolean;
  readonly scheme?: "current" | "historical";
}

/** An embedded cluster with one small node, and our scheduler in it. Paused, unless the test wants it to run. */
async function situation({ isPaused = true, scheme = "current" }: Situation = {}) {
  const cluster = new FakeCluster();
  const { board, clock } = cluster;
  const writer = new RecordingWriter();
  const errors: unknown[] = [];
  const checkpoints = new FakeCheckpoints();
  const scheduling = new EmbeddedScheduling({
    clock,
    board,
    writer,
    checkpoints,
    scheme,
    reportError: (error) => void errors.push(error),
  });
  scheduling.set({ isPaused, bindingMs: 2 * second });
  await clock.settle();
  await cluster.tell("v1/nodes", "ADDED", aNode("n1"));
  const add = (pod: Pod) => cluster.tell(pods, "ADDED", pod);
  const inject = (event: string, object?: string) =>
    scheduling.step({ step: "inject", event, ...(object === undefined ? {} : { object }) });
  const pop = () => scheduling.step({ step: "pop" });
  const events = () => Object.values(built().elements).flatMap((each) => (each.kind === "event" ? [each] : []));
  const built = () => {
    const { queue, flow, provenance } = scheduling;
    const value = buildEvents(scheduling);
    expectToKeepContract("events", value);
    expectToKeepContract(
      "lanes",
      buildLanes({ clock, queue, flow, provenance }, { active: window, backoff: window, unschedulable: window }),
    );
    return value;
  };
  const sizes = () => scheduling.queue.sizes();
  return { cluster, clock, writer, scheduling, checkpoints, errors, add, inject, pop, events, built, sizes };
}

async function refusal(run: () => Promise<unknown>): Promise<Pick<RefusedError, "status" | "code" | "message">> {
  try {
    await run();
  } catch (error) {
    if (error instanceof RefusedError) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}

describe("our scheduler in the embedded cluster", () => {
  it("binds what fits after its binding time, and parks what fits nowhere", async () => {
    const { clock, writer, add, sizes, built, scheduling, errors } = await situation({ isPaused: false });
    await add(aPod("fits"));
    await add(aPod("wide", { requests: { cpu: "64" } }));
    expect(writer.bindings).toEqual([]);
    expect(built().pods["uid-fits"]).toMatchObject({ phase: "WaitOnPermit", rejectors: [] });
    expect(scheduling.attemptOf("uid-wide")).toMatchObject({ phase: "PostFilter", rejectionsOf: "thisAttempt" });
    await clock.advance(2 * second);
    expect(writer.bindings).toEqual(["default/fits on n1"]);
    expect(sizes()).toMatchObject({ active: 0, unschedulable: 1, inFlight: 0 });
    expect(writer.patches).toMatchObject([{ pod: "default/wide", condition: { reason: "Unschedulable" } }]);
    expect([scheduling.provenance, errors]).toEqual(["actual", []]);
  });

  it("tries at full speed what waits at its start, and from then on at the pace that is set", async () => {
    const cluster = new FakeCluster();
    const { board, clock } = cluster;
    const writer = new RecordingWriter();
    const scheduling = new EmbeddedScheduling({
      clock,
      board,
      writer,
      checkpoints: new FakeCheckpoints(),
      scheme: "current",
      reportError: () => {},
    });
    scheduling.set({ isPaused: true });
    await clock.settle();
    await cluster.tell("v1/nodes", "ADDED", aNode("n1"));
    for (const name of ["a", "b", "c"]) await cluster.tell(pods, "ADDED", aPod(name));
    scheduling.set({ isPaused: false });
    await clock.settle();
    await clock.advance(1);
    expect(writer.bindings.length).toBeGreaterThanOrEqual(2);
    await clock.advance(10 * second);
    await cluster.tell(pods, "ADDED", aPod("late"));
    await clock.advance(second);
    expect(writer.bindings).not.toContain("default/late on n1");
    await clock.advance(second);
    expect(writer.bindings).toContain("default/late on n1");
  });

  it("says how it is set and whom it takes next, and stands still while it is paused", async () => {
    const { clock, writer, add, scheduling, sizes } = await situation();
    await add(aPod("low", { priority: 1 }));
    await add(aPod("high", { priority: 100 }));
    await clock.advance(60 * second);
    expect([sizes().active, writer.bindings]).toEqual([2, []]);
    const next = { uid: "uid-high", namespace: "default", name: "high", priority: 100 };
    expect(scheduling.loopState()).toEqual({
      isPaused: true,
      bindingMs: 2 * second,
      ...untroubled,
      step: 0,
      next,
      ...noSteps,
    });
    scheduling.set({ isPaused: false, bindingMs: 100 });
    await clock.advance(100);
    expect(scheduling.loopState()).toEqual({ isPaused: false, bindingMs: 100, ...untroubled, step: 2, ...noSteps });
    expect(writer.bindings).toEqual(["default/high on n1", "default/low on n1"]);
    scheduling.set({ isPaused: true });
    scheduling.set({ bindingMs: 5 });
    expect(scheduling.loopState()).toMatchObject({ isPaused: true, bindingMs: 5 });
  });

  it.each(["current", "historical"] as const)("runs the %s event list when it is told to", async (scheme) => {
    const { built } = await situation({ scheme });
    expect(built().isHistorical).toBe(scheme === "historical");
  });

  it("does nothing any more once it is stopped", async () => {
    const { clock, writer, add, scheduling } = await situation({ isPaused: false });
    await add(aPod("a"));
    scheduling.stop();
    await add(aPod("b"));
    await clock.advance(60 * second);
    expect(writer.bindings).toEqual([]);
  });
});

describe("steps by hand", () => {
  it("pop takes the first pod into flight, and nobody where there is none", async () => {
    const { add, pop, built } = await situation();
    expect(await refusal(pop)).toMatchObject({ status: 409, code: "nothingToPop" });
    await add(aPod("a"));
    expect(await pop()).toEqual({ ok: true, pod: { uid: "uid-a", namespace: "default", name: "a" } });
    expect(Object.keys(built().pods)).toEqual(["uid-a"]);
  });

  it("finish binds, parks or backs off, and says where the pod went", async () => {
    const { clock, writer, add, pop, scheduling, sizes } = await situation();
    for (const name of ["a", "b", "c"]) {
      await add(aPod(name));
      await pop();
    }
    const finish = (name: string, rest: { as: "schedulable" } | { as: "error"; message: string }) =>
      scheduling.step({ step: "finish", uid: `uid-${name}`, ...rest });
    const ref = (name: string) => ({ uid: `uid-${name}`, namespace: "default", name });
    expect(await finish("a", { as: "schedulable" })).toEqual({ ok: true, pod: ref("a") });
    expect(
      await scheduling.step({ step: "finish", uid: "uid-b", as: "unschedulable", plugins: ["NodeResourcesFit"] }),
    ).toEqual({ ok: true, pod: ref("b"), queue: "unschedulable" });
    expect(await finish("c", { as: "error", message: "by hand" })).toEqual({
      ok: true,
      pod: ref("c"),
      queue: "errorBackoff",
    });
    await clock.settle();
    expect([writer.bindings, sizes()]).toMatchObject([["default/a on n1"], { inFlight: 0, unschedulable: 1 }]);
  });

  it("finish of what is not in flight, or fits nowhere, is refused", async () => {
    const { add, pop, scheduling } = await situation();
    const finish = (uid: string) => () => scheduling.step({ step: "finish", uid, as: "schedulable" });
    expect(await refusal(finish("uid-a"))).toMatchObject({ status: 409, code: "notInFlight" });
    await add(aPod("a", { requests: { cpu: "64" } }));
    await pop();
    expect(await refusal(finish("uid-a"))).toMatchObject({ status: 409, code: "fitsNowhere" });
  });
});

describe("an injected event", () => {
  const csiNode: KubeObject = { metadata: { name: "n1", uid: "uid-csi" } };
  const told = {
    "v1/nodes": aNode("n2"),
    "storage.k8s.io/v1/csinodes": csiNode,
    [pods]: aPod("placed", { on: "n1" }),
  };

  it.each([
    ["NodeAdd", { resource: "Node", action: "Add", object: "n1" }],
    ["NodeDelete", { resource: "Node", action: "Delete" }],
    ["NodeUpdateNodeTaint", { resource: "Node", action: "UpdateNodeTaint" }],
    ["storage.k8s.io/CSINodeAdd", { resource: "storage.k8s.io/CSINode", action: "Add", object: "n1" }],
    ["AssignedPodDelete", { resource: "AssignedPod", action: "Delete", object: "default/placed" }],
    ["UnschedulablePodUpdatePodLabel", { resource: "UnschedulablePod", action: "UpdatePodLabel", object: "default/a" }],
  ])("%s is one of its resource and action, about the first object it suits", async (label, event) => {
    const { cluster, add, inject, pop, events } = await situation();
    for (const [key, object] of Object.entries(told)) await cluster.tell(key, "ADDED", object);
    await add(aPod("a"));
    await pop();
    expect(await inject(label)).toEqual({ ok: true });
    expect(events()).toMatchObject([{ label, ...event }]);
  });

  it("that no plugin asks for is told and leaves no trace", async () => {
    const { add, inject, pop, events } = await situation();
    await add(aPod("a"));
    await pop();
    expect([await inject("NodeUpdate"), events()]).toEqual([{ ok: true }, []]);
  });

  it("is about the object that is named", async () => {
    const { cluster, add, inject, pop, events } = await situation();
    await cluster.tell("v1/nodes", "ADDED", aNode("n2"));
    await add(aPod("a"));
    await pop();
    await inject("NodeUpdateNodeLabel", "n2");
    await inject("UnschedulablePodUpdatePodLabel", "default/a");
    expect(events().map(({ object }) => object)).toEqual(["n2", "default/a"]);
  });

  it.each([
    "",
    "Add",
    "Node",
    "NodeAdded",
    "nodeAdd",
    "PodAdd",
    "FooAdd",
    "constructorAdd",
    "*All",
    "UnschedulableTimeout",
  ])("%j is none", async (label) => {
    const { inject } = await situation();
    expect(await refusal(() => inject(label))).toMatchObject({ status: 422, code: "no-such-event" });
  });

  it.each([
    ["NodeAdd", "n9", "there is no Node n9 to tell of"],
    ["AssignedPodDelete", undefined, "there is no AssignedPod to tell of"],
    // It has no node yet.
    ["AssignedPodDelete", "default/a", "there is no AssignedPod default/a to tell of"],
    ["storage.k8s.io/CSINodeAdd", undefined, "there is no storage.k8s.io/CSINode to tell of"],
  ])("%s about %s needs an object", async (label, object, message) => {
    const { add, inject } = await situation();
    await add(aPod("a"));
    expect(await refusal(() => inject(label, object))).toMatchObject({ status: 404, code: "no-such-object", message });
  });
});

describe("a step that is taken back", () => {
  /** `a` fits, `wide` does not; both are in flight, and both steps can be taken back. */
  const twoInFlight = async (options: Situation = {}) => {
    const played = await situation(options);
    const { add, pop, scheduling, sizes } = played;
    await add(aPod("a", { priority: 2 }));
    await add(aPod("wide", { priority: 1, requests: { cpu: "64" } }));
    await pop();
    await pop();
    const finish = (name: string, how: { as: "schedulable" } | { as: "error"; message: string }) =>
      scheduling.step({ step: "finish", uid: `uid-${name}`, ...how });
    const park = (name: string) =>
      scheduling.step({ step: "finish", uid: `uid-${name}`, as: "unschedulable", plugins: ["NodeResourcesFit"] });
    const { inFlight } = sizes();
    expect(inFlight).toBe(2);
    return { ...played, finish, park };
  };
  const step = (scheduling: EmbeddedScheduling) => {
    const { undo, redo } = scheduling.loopState();
    return [undo.next, redo.next];
  };

  it("pop: the pod is where it was, and in flight again when it is done again", async () => {
    const { scheduling, built, sizes, clock } = await twoInFlight();
    expect(step(scheduling)).toEqual(["pop default/wide", undefined]);
    expect(await scheduling.undo()).toEqual({ ok: true, step: "pop default/wide", resourceVersion: "0" });
    expect([Object.keys(built().pods), sizes().active]).toEqual([["uid-a"], 1]);
    expect(step(scheduling)).toEqual(["pop default/a", "pop default/wide"]);
    await scheduling.undo();
    expect([Object.keys(built().pods), sizes().active]).toEqual([[], 2]);
    await scheduling.redo();
    await scheduling.redo();
    expect([Object.keys(built().pods), sizes().active]).toEqual([["uid-a", "uid-wide"], 0]);
    expect(scheduling.attemptOf("uid-wide")).toMatchObject({ isHeld: true, rejectionsOf: "thisAttempt" });
    const causes = [...scheduling.transitions.of("uid-wide").rows].map(({ cause }) => cause.event);
    expect(causes).toEqual(["UnschedulablePodAdd", "Pop", "Undo", "Redo"]);
    await clock.settle();
    expect(scheduling.queue.invariants()).toEqual([]);
  });

  it("inject: the event was never told", async () => {
    const { scheduling, inject, park, events } = await twoInFlight();
    await inject("NodeAdd");
    expect(events()).toHaveLength(1);
    await scheduling.undo();
    expect(events()).toEqual([]);
    expect(await park("wide")).toMatchObject({ queue: "unschedulable" });
  });

  it("finish: the pod is in flight again, with the events it had, and can be finished otherwise", async () => {
    const { scheduling, inject, park, finish, events, sizes, built } = await twoInFlight();
    await inject("NodeAdd");
    expect(await finish("wide", { as: "error", message: "by hand" })).toMatchObject({ queue: "errorBackoff" });
    await finish("a", { as: "error", message: "by hand" });
    expect([events(), sizes().inFlight]).toEqual([[], 0]);
    await scheduling.undo();
    await scheduling.undo();
    expect([events().length, sizes()]).toMatchObject([1, { inFlight: 2, errorBackoff: 0 }]);
    expect(Object.keys(built().pods)).toEqual(["uid-a", "uid-wide"]);
    expect(await park("wide")).toMatchObject({ queue: "unschedulable" });
    expect(step(scheduling)).toEqual(["finish default/wide as unschedulable", undefined]);
  });

  it("finish as schedulable: the place on the node is free again, and can be given again", async () => {
    const { scheduling, finish, writer, clock, built } = await twoInFlight();
    await finish("a", { as: "schedulable" });
    await clock.settle();
    expect(writer.bindings).toEqual(["default/a on n1"]);
    await scheduling.undo();
    expect(Object.keys(built().pods)).toEqual(["uid-a", "uid-wide"]);
    await finish("a", { as: "schedulable" });
    await clock.settle();
    expect(writer.bindings).toEqual(["default/a on n1", "default/a on n1"]);
  });

  it("hold: the pod goes on by itself once the scheduler does", async () => {
    const { scheduling, clock, writer, add } = await situation({ isPaused: false });
    await add(aPod("a"));
    scheduling.set({ isPaused: true });
    await scheduling.step({ step: "hold", uid: "uid-a" });
    expect(scheduling.attemptOf("uid-a")).toMatchObject({ isHeld: true });
    await scheduling.undo();
    expect(scheduling.attemptOf("uid-a")).toMatchObject({ isHeld: false, phase: "WaitOnPermit" });
    scheduling.set({ isPaused: false });
    await clock.advance(2 * second);
    expect(writer.bindings).toEqual(["default/a on n1"]);
  });

  it("takes back what else has happened to the cluster, and hears of nothing that is as it was", async () => {
    const { cluster, scheduling, checkpoints, add, sizes, events } = await twoInFlight();
    await add(aPod("late"));
    const gone = aPod("late");
    checkpoints.onRestore = async () => {
      cluster
        .source(pods)
        .send({ type: "DELETED", object: { ...gone, metadata: { ...gone.metadata, resourceVersion: "5000" } } });
      await cluster.clock.settle();
    };
    expect(sizes().active).toBe(1);
    await scheduling.undo();
    expect([sizes().active, sizes().inFlight, events()]).toEqual([1, 1, []]);
    expect(scheduling.loopState().next).toMatchObject({ name: "wide" });
  });

  it("is told what the cluster has that it did not know, and what it lost", async () => {
    const { cluster, scheduling, checkpoints, sizes, pop } = await twoInFlight();
    checkpoints.onRestore = async () => {
      const versioned = (pod: Pod, resourceVersion: string) => ({
        ...pod,
        metadata: { ...pod.metadata, resourceVersion },
      });
      cluster.source(pods).send({ type: "ADDED", object: versioned(aPod("found", { priority: 9 }), "5001") });
      cluster.source(pods).send({ type: "DELETED", object: versioned(aPod("wide"), "5002") });
      await cluster.clock.settle();
    };
    await scheduling.undo();
    expect(sizes()).toMatchObject({ active: 1, inFlight: 1 });
    expect(await pop()).toMatchObject({ pod: { name: "found" } });
  });

  it("is refused while the scheduler runs, where there is none, and leaves everything when the cluster fails", async () => {
    const { scheduling, checkpoints, sizes, built, add } = await twoInFlight();
    checkpoints.failure = new Error("the embedded cluster is gone");
    await expect(scheduling.undo()).rejects.toThrow("the embedded cluster is gone");
    await expect(scheduling.step({ step: "pop" })).rejects.toThrow("the embedded cluster is gone");
    checkpoints.failure = undefined;
    expect(Object.keys(built().pods)).toEqual(["uid-a", "uid-wide"]);
    await scheduling.undo();
    await scheduling.undo();
    expect(await refusal(() => scheduling.undo())).toMatchObject({ status: 409, code: "nothing-to-undo" });
    await scheduling.redo();
    await scheduling.redo();
    expect(await refusal(() => scheduling.redo())).toMatchObject({ status: 409, code: "nothing-to-redo" });
    scheduling.set({ isPaused: false });
    expect(await refusal(() => scheduling.undo())).toMatchObject({ status: 409, code: "not-paused" });
    scheduling.set({ isPaused: true });
    expect(scheduling.loopState()).toMatchObject(noSteps);
    expect(checkpoints.kept).toEqual(new Set());
    await add(aPod("later"));
    expect(sizes().inFlight).toBeGreaterThan(0);
  });

  it("is forgotten when another step is taken instead, and a step that was refused is none", async () => {
    const { scheduling, checkpoints, inject, pop } = await twoInFlight();
    await scheduling.undo();
    expect(await refusal(() => inject("Nonsense"))).toMatchObject({ code: "no-such-event" });
    expect(step(scheduling)).toEqual(["pop default/a", "pop default/wide"]);
    expect(checkpoints.kept.size).toBe(2);
    await pop();
    expect(step(scheduling)).toEqual(["pop default/wide", undefined]);
    for (let time = 0; time < 60; time++) await inject("NodeAdd");
    expect(scheduling.loopState().undo.count).toBe(50);
    expect(checkpoints.kept.size).toBe(50);
  });
});

describe("the historical queue", () => {
  /** `old` flies when the marker event comes, `young` is popped behind it, `old` is done: then a node that helps comes. */
  const lostOne = async (scheme: "current" | "historical") => {
    const played = await situation({ scheme });
    const { add, pop, inject, scheduling } = played;
    await add(aPod("old", { priority: 2 }));
    await add(aPod("young", { priority: 1 }));
    await pop();
    await inject("NodeAdd");
    await pop();
    await scheduling.step({ step: "finish", uid: "uid-old", as: "schedulable" });
    await inject("NodeAdd");
    await scheduling.step({ step: "finish", uid: "uid-young", as: "unschedulable", plugins: ["NodeResourcesFit"] });
    expectToKeepContract("scheduler", buildScheduler(demo, scheduling));
    return played;
  };

  it("loses an event, and the correct one beside it says which pod, which event and which plugin", async () => {
    const { clock, scheduling, sizes } = await lostOne("historical");
    expect(sizes().unschedulable).toBe(1);
    expect(scheduling.facts()).toMatchObject({
      lostTotal: 1,
      lost: {
        "uid-young": {
          name: "young",
          at: clock.now(),
          event: { label: "NodeAdd", at: clock.now(), object: "n1" },
          plugin: "NodeResourcesFit",
          correct: "backoff",
          historical: "unschedulable",
        },
      },
    });
  });

  it("tries the pod again after five minutes, and the loss says so", async () => {
    const { clock, scheduling } = await lostOne("historical");
    await clock.advance(5 * 60 * second + 31 * second);
    expect(scheduling.facts().lost?.["uid-young"]).toMatchObject({
      wokenBy: "UnschedulableTimeout",
      historical: "active",
      correct: "active",
    });
  });

  it("has lost nothing any more once that was taken back, and again when it is done again", async () => {
    const { scheduling } = await lostOne("historical");
    await scheduling.undo();
    expect(scheduling.facts()).toMatchObject({ lostTotal: 0, lost: {} });
    await scheduling.redo();
    expect(scheduling.facts()).toMatchObject({ lostTotal: 1, lost: { "uid-young": { historical: "unschedulable" } } });
  });

  it("is alone in that", async () => {
    const { scheduling, sizes } = await lostOne("current");
    expect(sizes()).toMatchObject({ backoff: 1, unschedulable: 0 });
    expect(scheduling.facts()).not.toHaveProperty("lost");
  });
});
