import { describe, expect, it } from "vitest";
import type { KubeObject, Pod } from "#lib/kube/index.ts";
import { aNode, aPod } from "#lib/kube/testing/builders.ts";
import { RecordingWriter } from "#lib/scheduler/testing/recording-writer.ts";
import { RefusedError } from "#server/hub/clusters.ts";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { expectToKeepContract } from "../testing/contract.ts";
import { buildEvents } from "../views/events.ts";
import { buildLanes } from "../views/lanes.ts";
import { EmbeddedScheduling } from "./embedded-scheduling.ts";

const pods = "v1/pods";
const window = { offset: 0, limit: 50 };
const second = 1_000;
const noSteps = { undo: { count: 0 }, redo: { count: 0 } };

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
  const scheduling = new EmbeddedScheduling({
    clock,
    board,
    writer,
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
  return { cluster, clock, writer, scheduling, errors, add, inject, pop, events, built, sizes };
}

function refusal(run: () => unknown): Pick<RefusedError, "status" | "code" | "message"> {
  try {
    run();
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
    const scheduling = new EmbeddedScheduling({ clock, board, writer, scheme: "current", reportError: () => {} });
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
    expect(scheduling.loopState()).toEqual({ isPaused: true, bindingMs: 2 * second, step: 0, next, ...noSteps });
    scheduling.set({ isPaused: false, bindingMs: 100 });
    await clock.advance(100);
    expect(scheduling.loopState()).toEqual({ isPaused: false, bindingMs: 100, step: 2, ...noSteps });
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
    expect(refusal(pop)).toMatchObject({ status: 409, code: "nothingToPop" });
    await add(aPod("a"));
    expect(pop()).toEqual({ ok: true, pod: { uid: "uid-a", namespace: "default", name: "a" } });
    expect(Object.keys(built().pods)).toEqual(["uid-a"]);
  });

  it("finish binds, parks or backs off, and says where the pod went", async () => {
    const { clock, writer, add, pop, scheduling, sizes } = await situation();
    for (const name of ["a", "b", "c"]) {
      await add(aPod(name));
      pop();
    }
    const finish = (name: string, rest: { as: "schedulable" } | { as: "error"; message: string }) =>
      scheduling.step({ step: "finish", uid: `uid-${name}`, ...rest });
    const ref = (name: string) => ({ uid: `uid-${name}`, namespace: "default", name });
    expect(finish("a", { as: "schedulable" })).toEqual({ ok: true, pod: ref("a") });
    expect(
      scheduling.step({ step: "finish", uid: "uid-b", as: "unschedulable", plugins: ["NodeResourcesFit"] }),
    ).toEqual({ ok: true, pod: ref("b"), queue: "unschedulable" });
    expect(finish("c", { as: "error", message: "by hand" })).toEqual({
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
    expect(refusal(finish("uid-a"))).toMatchObject({ status: 409, code: "notInFlight" });
    await add(aPod("a", { requests: { cpu: "64" } }));
    pop();
    expect(refusal(finish("uid-a"))).toMatchObject({ status: 409, code: "fitsNowhere" });
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
    pop();
    expect(inject(label)).toEqual({ ok: true });
    expect(events()).toMatchObject([{ label, ...event }]);
  });

  it("that no plugin asks for is told and leaves no trace", async () => {
    const { add, inject, pop, events } = await situation();
    await add(aPod("a"));
    pop();
    expect([inject("NodeUpdate"), events()]).toEqual([{ ok: true }, []]);
  });

  it("is about the object that is named", async () => {
    const { cluster, add, inject, pop, events } = await situation();
    await cluster.tell("v1/nodes", "ADDED", aNode("n2"));
    await add(aPod("a"));
    pop();
    inject("NodeUpdateNodeLabel", "n2");
    inject("UnschedulablePodUpdatePodLabel", "default/a");
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
    expect(refusal(() => inject(label))).toMatchObject({ status: 422, code: "no-such-event" });
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
    expect(refusal(() => inject(label, object))).toMatchObject({ status: 404, code: "no-such-object", message });
  });
});
