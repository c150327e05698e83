import { describe, expect, it } from "vitest";
import type { Pod } from "#lib/kube/index.ts";
import { aNode, aPod } from "#lib/kube/testing/builders.ts";
import { RecordingWriter } from "#lib/scheduler/testing/recording-writer.ts";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { EmbeddedScheduling } from "./embedded-scheduling.ts";
import { FakeCheckpoints } from "./testing/fake-checkpoints.ts";

const pods = "v1/pods";
const second = 1_000;
const bindingMs = 100;

/** Our scheduler at work, and one node of 4 CPU. What it binds is seen to be bound. */
async function situation() {
  const cluster = new FakeCluster();
  const { board, clock } = cluster;
  const writer = new RecordingWriter();
  const checkpoints = new FakeCheckpoints();
  const reportError = (error: unknown): never => {
    throw error;
  };
  const scheduling = new EmbeddedScheduling({ clock, board, writer, checkpoints, scheme: "current", reportError });
  scheduling.set({ isPaused: false, bindingMs });
  await clock.settle();
  await cluster.tell("v1/nodes", "ADDED", aNode("n"));
  const add = (pod: Pod) => cluster.tell(pods, "ADDED", pod);
  const place = (name: string) => scheduling.judging().queue.getPod(name, "default")?.place;
  const flight = (name: string) => scheduling.judging().flightOf(`uid-${name}`);
  return { cluster, clock, writer, scheduling, add, place, flight };
}

describe("what goes wrong in our own scheduler on purpose", () => {
  it("an attempt hangs, holds what happens meanwhile, and goes on once it may", async () => {
    const { clock, writer, scheduling, add, flight } = await situation();
    scheduling.set({ faults: [{ kind: "attempts-hang", namespace: "default" }] });
    await add(aPod("a"));
    await clock.advance(60 * second);
    expect([flight("a")?.phase, writer.bindings]).toEqual(["Filter", []]);
    await add(aPod("elsewhere", { namespace: "other" }));
    await clock.advance(second);
    expect(writer.bindings).toEqual(["other/elsewhere on n"]);
    scheduling.set({ faults: [] });
    await clock.advance(second);
    expect(writer.bindings).toEqual(["other/elsewhere on n", "default/a on n"]);
  });

  it("a binding does not return: the pod has left the queue, and holds its place", async () => {
    const { clock, writer, scheduling, add, flight, place } = await situation();
    scheduling.set({ faults: [{ kind: "bindings-hang" }] });
    await add(aPod("a", { requests: { cpu: "3" } }));
    await add(aPod("b", { requests: { cpu: "3" } }));
    await clock.advance(60 * second);
    expect([flight("a")?.phase, place("a"), place("b"), writer.bindings]).toEqual([
      "Bind",
      undefined,
      "unschedulable",
      [],
    ]);
    expect(scheduling.queue.sizes().inFlight).toBe(0);
    scheduling.set({ faults: [] });
    await clock.advance(second);
    expect(writer.bindings).toEqual(["default/a on n"]);
  });

  it("a failed pod is handed to nobody, until it changes", async () => {
    const { cluster, clock, scheduling, add, flight, place } = await situation();
    scheduling.set({ faults: [{ kind: "pods-lost" }] });
    const huge = aPod("huge", { requests: { cpu: "64" } });
    await add(huge);
    await clock.advance(400 * second);
    expect([flight("huge"), place("huge")]).toEqual([undefined, undefined]);
    scheduling.set({ faults: [] });
    const changed = { ...huge, metadata: { ...huge.metadata, resourceVersion: "99", labels: { touched: "yes" } } };
    await cluster.tell(pods, "MODIFIED", changed);
    await clock.advance(second);
    expect(place("huge")).toBe("unschedulable");
  });

  it("parked pods are flushed as late as they were told to, and not at all while nobody looks", async () => {
    const { clock, scheduling, add } = await situation();
    const attempts = () => scheduling.judging().queue.getPod("huge", "default")?.attempts;
    await add(aPod("huge", { requests: { cpu: "64" } }));
    scheduling.set({ parkedMs: 5 * second, faults: [{ kind: "no-flush" }] });
    await clock.advance(600 * second);
    expect(attempts()).toBe(1);
    scheduling.set({ faults: [] });
    await clock.advance(31 * second);
    expect(attempts()).toBe(2);
    expect(scheduling.judging().flushAfterMs?.()).toBe(5 * second);
  });
});

describe("pods that are bound together", () => {
  const labels = {
    "pod-group.scheduling.sigs.k8s.io": "training",
    "pod-group.scheduling.sigs.k8s.io/min-available": "3",
  };
  const worker = (name: string) => aPod(name, { labels });

  it("wait on Permit with their places held, and go together", async () => {
    const { clock, writer, add, flight } = await situation();
    await add(worker("a"));
    await add(worker("b"));
    await clock.advance(60 * second);
    const waitsFor = { plugin: "Coscheduling", have: 2, wanted: 3 };
    expect([flight("a"), flight("b")]).toMatchObject([
      { phase: "WaitOnPermit", waitsFor },
      { phase: "WaitOnPermit", waitsFor },
    ]);
    await add(worker("c"));
    await clock.advance(second);
    expect(writer.bindings.sort()).toEqual(["default/a on n", "default/b on n", "default/c on n"]);
  });

  it("give their places back together when the time is up", async () => {
    const { clock, writer, add, place } = await situation();
    await add(worker("a"));
    await add(worker("b"));
    await clock.advance(301 * second);
    expect([place("a"), place("b"), writer.bindings]).toEqual(["unschedulable", "unschedulable", []]);
    expect(writer.patches.map(({ condition }) => condition?.message)).toEqual([
      "0/1 nodes are available: 1 rejected due to timeout after waiting 5m0s at plugin Coscheduling.",
      "0/1 nodes are available: 1 rejection in Unreserve.",
    ]);
  });

  it("keep nobody else from being tried, however many wait", async () => {
    const { clock, writer, add } = await situation();
    for (const name of ["a", "b", "c", "d", "e", "f", "g"])
      await add(aPod(name, { labels: { ...labels, "pod-group.scheduling.sigs.k8s.io/min-available": "9" } }));
    await add(aPod("other"));
    await clock.advance(second);
    expect(writer.bindings).toEqual(["default/other on n"]);
  });
});
