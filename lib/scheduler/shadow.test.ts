import { afterEach, describe, expect, test } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { podUid, type Condition, type Event, type Node, type Pod } from "#lib/kube/index.ts";
import { aNode, aPod, type PodSituation } from "#lib/kube/testing/builders.ts";
import { readConfiguration } from "./configuration.ts";
import { Shadow, type ShadowOptions } from "./shadow.ts";

const start = Date.UTC(2026, 0, 1);
const second = 1_000;
const minute = 60_000;
const tooSmall = "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: none.";

let running: Shadow | undefined;
afterEach(() => running?.stop());

interface Listed {
  readonly nodes?: readonly Node[];
  readonly pods?: readonly Pod[];
  readonly events?: readonly Event[];
}

class Story {
  readonly clock = new FakeClock(start);
  readonly shadow: Shadow;

  constructor(listed: Listed = {}, options: Partial<ShadowOptions> = {}) {
    this.shadow = new Shadow({ clock: this.clock, ...options });
    running = this.shadow;
    // Pods before nodes: what is listed must not wake anybody, in whatever order it comes.
    for (const event of listed.events ?? []) this.shadow.events.onAdd(event);
    for (const pod of listed.pods ?? []) this.shadow.pods.onAdd(pod);
    for (const node of listed.nodes ?? []) this.shadow.pipeline.nodes.onAdd(node);
    this.shadow.begin();
  }

  placeOf(name: string): string {
    const info = this.shadow.queue.getPod(name, "default");
    if (info !== undefined) return info.place;
    return this.shadow.flights().some(({ pod }) => pod.metadata.name === name) ? "inFlight" : "none";
  }

  update(old: Pod, situation: Partial<Pod>): Pod {
    const resourceVersion = `${Number(old.metadata.resourceVersion) + 1}`;
    const updated = { ...old, ...situation, metadata: { ...old.metadata, resourceVersion } };
    this.shadow.pods.onUpdate(old, updated);
    return updated;
  }

  says(old: Pod, message: string, reason = "Unschedulable"): Pod {
    return this.update(old, { status: { phase: "Pending", conditions: [failed(message, reason)] } });
  }
}

function failed(message: string, reason = "Unschedulable"): Condition {
  return { type: "PodScheduled", status: "False", reason, message };
}

function big(name: string, situation: PodSituation = {}): Pod {
  return aPod(name, { requests: { cpu: "8" }, ...situation });
}

function rejected(name: string, message = tooSmall): Pod {
  return big(name, { status: { phase: "Pending", conditions: [failed(message)] } });
}

function failedEvent(pod: Pod, note: string, eventTime?: string): Event {
  return {
    metadata: { name: `${pod.metadata.name}.1`, namespace: "default" },
    reason: "FailedScheduling",
    note,
    regarding: { kind: "Pod", uid: podUid(pod) },
    ...(eventTime !== undefined && { eventTime }),
  };
}

describe("at attach", () => {
  test("H2 H3 a rejected pod is parked with the rejectors of its message, and what is listed wakes nobody", () => {
    const story = new Story({ nodes: [aNode("n")], pods: [rejected("p")] });
    const { shadow } = story;
    expect(story.placeOf("p")).toBe("unschedulable");
    const info = shadow.queue.getPod("p", "default");
    expect([...(info?.unschedulablePlugins ?? [])]).toEqual(["NodeResourcesFit"]);
    expect(info).toMatchObject({ attempts: 1, isAttemptsAtLeast: true });
    expect(shadow.outcomeOf(podUid(rejected("p")))).toMatchObject({ kind: "observed" });
  });

  test("H4 the time of the failure is the scheduler's last write, else its event, else now", () => {
    const pods = [rejected("written"), rejected("told"), rejected("silent"), rejected("stale")];
    const ago = (ms: number): string => new Date(start - ms).toISOString();
    const { shadow } = new Story(
      {
        pods,
        events: [
          failedEvent(rejected("told"), tooSmall, ago(2 * minute)),
          failedEvent(rejected("stale"), tooSmall, ago(60 * minute)),
        ],
      },
      { lastWriteOf: (pod) => (pod.metadata.name === "written" ? start - minute : undefined) },
    );
    const since = (name: string) => start - (shadow.queue.getPod(name, "default")?.timestamp ?? 0);
    expect([since("written"), since("told"), since("silent")]).toEqual([minute, 2 * minute, 0]);
    // It must have been retried since, at a time that nobody knows.
    expect(since("stale")).toBe(0);
  });

  test("H3 gated pods are gated, failed ones back off, those nobody spoke of are ready, the oldest first", () => {
    const young = aPod("young");
    const old = { ...aPod("old"), metadata: { ...aPod("old").metadata, creationTimestamp: "2025-12-31T00:00:00Z" } };
    const story = new Story({
      pods: [
        aPod("gated", {
          gates: ["wait"],
          status: { conditions: [failed("Scheduling is blocked", "SchedulingGated")] },
        }),
        aPod("broken", { status: { conditions: [failed("running Bind plugin: no", "SchedulerError")] } }),
        young,
        old,
      ],
    });
    expect(["gated", "broken", "young", "old"].map((name) => story.placeOf(name))).toEqual([
      "gated",
      "errorBackoff",
      "active",
      "active",
    ]);
    expect(story.shadow.queue.view.active().map(({ key }) => key)).toEqual(["default/old", "default/young"]);
  });

  test("H10 pods of schedulers that are not modelled are counted and never queued", async () => {
    const story = new Story({
      nodes: [aNode("n")],
      pods: [aPod("p", { scheduler: "volcano" }), aPod("q", { scheduler: "volcano" })],
    });
    await story.clock.settle();
    expect([...story.shadow.unknownSchedulers()]).toEqual([["volcano", 2]]);
    expect(story.shadow.queue.view.sizes()).toMatchObject({ active: 0, inFlight: 0 });
    expect(story.shadow.dryRun(aPod("p", { scheduler: "volcano" }))).toBeUndefined();
  });

  test("H11 a rejection by a plugin we do not know parks the pod all the same", () => {
    const story = new Story({ pods: [rejected("p", "0/1 nodes are available: 1 node(s) are asleep.")] });
    expect(story.placeOf("p")).toBe("unschedulable");
    expect([...(story.shadow.queue.getPod("p", "default")?.unschedulablePlugins ?? [])]).toEqual(["unknown plugin"]);
  });
});

describe("a pod in flight comes back", () => {
  test("H6 when the condition says so, with the rejectors it names", async () => {
    const pod = big("p");
    const story = new Story({ nodes: [aNode("n")], pods: [pod] });
    await story.clock.settle();
    expect(story.placeOf("p")).toBe("inFlight");
    story.says(pod, "0/1 nodes are available: 1 node(s) had untolerated taint(s).");
    expect(story.placeOf("p")).toBe("unschedulable");
    expect([...(story.shadow.queue.getPod("p", "default")?.unschedulablePlugins ?? [])]).toEqual(["TaintToleration"]);
    expect(story.shadow.outcomeOf(podUid(pod))).toMatchObject({ kind: "observed", evidence: { source: "condition" } });
  });

  test("H6 when an event says so, and the condition about the same attempt is no second one", async () => {
    const pod = big("p");
    const story = new Story({ nodes: [aNode("n")], pods: [pod] });
    await story.clock.settle();
    story.shadow.events.onAdd(failedEvent(pod, tooSmall));
    story.says(pod, tooSmall);
    expect(story.shadow.queue.getPod("p", "default")).toMatchObject({ place: "unschedulable", attempts: 1 });
  });

  test("H7 when the attempt is over by the pace, by our own judgement, and says that it is ours", async () => {
    const pod = big("p");
    const story = new Story({ nodes: [aNode("n")], pods: [pod] });
    story.shadow.setPace({ inFlight: 1, attemptMs: 5 });
    await story.clock.advance(4);
    expect(story.placeOf("p")).toBe("inFlight");
    await story.clock.advance(1);
    expect(story.placeOf("p")).toBe("unschedulable");
    expect(story.shadow.outcomeOf(podUid(pod))).toMatchObject({ kind: "simulated" });
    expect([...story.shadow.attempts]).toEqual([["unschedulable", 1]]);
  });

  test("H8 what the scheduler says of it later is no other attempt, and puts right who rejected it", async () => {
    const pod = big("p");
    const story = new Story({ nodes: [aNode("n")], pods: [pod] });
    await story.clock.advance(second);
    const updated = story.says(pod, "0/1 nodes are available: 1 node(s) had untolerated taint(s).");
    expect(story.shadow.queue.getPod("p", "default")).toMatchObject({ place: "unschedulable", attempts: 1 });
    expect([...(story.shadow.queue.getPod("p", "default")?.unschedulablePlugins ?? [])]).toEqual(["TaintToleration"]);
    expect(story.shadow.outcomeOf(podUid(pod))).toMatchObject({ kind: "observed" });
    expect([...story.shadow.attempts]).toEqual([["unschedulable", 1]]);
    // Another one about it, which comes when nothing is to be heard of any more, is another attempt.
    await story.clock.advance(10 * second);
    story.says(updated, "0/1 nodes are available: 1 Too many pods.");
    expect(story.shadow.queue.getPod("p", "default")).toMatchObject({ place: "unschedulable", attempts: 2 });
  });

  test("H8 if nothing new is said of it, it was rejected by those whom the old words name", async () => {
    const pod = rejected("p", "0/1 nodes are available: 1 node(s) had untolerated taint(s).");
    const story = new Story({ pods: [pod] });
    story.shadow.pipeline.nodes.onAdd(aNode("n"));
    await story.clock.advance(2 * second);
    const plugins = () => [...(story.shadow.queue.getPod("p", "default")?.unschedulablePlugins ?? [])];
    expect([story.shadow.queue.getPod("p", "default")?.attempts, plugins()]).toEqual([2, ["NodeResourcesFit"]]);
    await story.clock.advance(5 * second);
    expect([story.placeOf("p"), plugins()]).toEqual(["unschedulable", ["TaintToleration"]]);
  });

  test("H8 what is said of the attempt before does not end this one", async () => {
    const pod = big("p");
    const story = new Story({ nodes: [aNode("n")], pods: [pod] });
    await story.clock.advance(second);
    story.shadow.pipeline.nodes.onAdd(aNode("big", { allocatable: { cpu: "16" } }));
    await story.clock.advance(10);
    expect(story.placeOf("p")).toBe("inFlight");
    const updated = story.says(pod, tooSmall);
    expect(story.placeOf("p")).toBe("inFlight");
    story.update(updated, { spec: { ...pod.spec, nodeName: "big" } });
    expect([...story.shadow.attempts]).toEqual([
      ["unschedulable", 1],
      ["scheduled", 1],
    ]);
  });

  test("H7 as unknown, not as unschedulable, when it fits and nobody binds it for half a minute", async () => {
    const pod = aPod("p");
    const story = new Story({ nodes: [aNode("n")], pods: [pod] });
    await story.clock.advance(29_999);
    expect(story.placeOf("p")).toBe("inFlight");
    await story.clock.advance(1);
    expect(story.shadow.outcomeOf(podUid(pod))).toMatchObject({ kind: "unknown" });
    expect(story.shadow.queue.getPod("p", "default")).toMatchObject({ place: "errorBackoff", unschedulableCount: 0 });
  });

  test("H7 when it fitted, was not bound, and another pod has got its place meanwhile", async () => {
    const [mine, other] = [aPod("mine", { requests: { cpu: "3" } }), aPod("other", { requests: { cpu: "3" } })];
    const story = new Story({ nodes: [aNode("n", { allocatable: { cpu: "4" } })], pods: [mine] });
    await story.clock.advance(100);
    story.shadow.pods.onAdd({ ...other, spec: { ...other.spec, nodeName: "n" } });
    await story.clock.advance(100);
    expect(story.placeOf("mine")).toBe("inFlight");
    await story.clock.advance(100);
    expect(story.placeOf("mine")).toBe("unschedulable");
    expect(story.shadow.outcomeOf(podUid(mine))).toMatchObject({ kind: "simulated" });
  });

  test("H12 a pod that fits takes the room that the next one does not get, in our eyes only", async () => {
    const pods = ["a", "b"].map((name) => aPod(name, { requests: { cpu: "3" } }));
    const story = new Story({ nodes: [aNode("n", { allocatable: { cpu: "4" } })], pods });
    await story.clock.advance(20);
    expect(["a", "b"].map((name) => story.placeOf(name))).toEqual(["inFlight", "unschedulable"]);
    expect(story.shadow.cache.node("n")?.podCount).toBe(0);
    expect(story.shadow.dryRun(aPod("c", { requests: { cpu: "3" } }))).toMatchObject({ kind: "fits" });
  });

  test("H6 and notices what happened meanwhile", async () => {
    const pod = big("p");
    const story = new Story({ nodes: [aNode("n")], pods: [pod] });
    await story.clock.settle();
    story.shadow.pipeline.nodes.onAdd(aNode("big", { allocatable: { cpu: "16" } }));
    story.says(pod, tooSmall);
    expect(story.placeOf("p")).toBe("backoff");
  });
});

describe("a flight ends", () => {
  test("H9 when the pod is bound, before the others hear of it", async () => {
    const pod = aPod("p");
    const story = new Story({ nodes: [aNode("n")], pods: [pod] });
    await story.clock.settle();
    story.update(pod, { spec: { ...pod.spec, nodeName: "n" } });
    expect(story.placeOf("p")).toBe("none");
    expect(story.shadow.queue.view.sizes()).toMatchObject({ inFlight: 0, inFlightEvents: 0 });
    expect(story.shadow.cache.node("n")?.podCount).toBe(1);
  });

  test("H9 when the pod is deleted, or replaced by another of its name", async () => {
    const story = new Story({ nodes: [aNode("n")], pods: [aPod("gone"), aPod("same")] });
    await story.clock.settle();
    story.shadow.pods.onDelete(aPod("gone"));
    story.shadow.pods.onUpdate(aPod("same"), aPod("same", { uid: "another" }));
    await story.clock.advance(second);
    expect(story.shadow.flights().map(({ uid }) => uid)).toEqual(["another"]);
  });
});

test("H8 a condition about a pod that waits here tells of an attempt we did not see", () => {
  const pod = rejected("p");
  const story = new Story({ pods: [pod] });
  story.says(pod, "0/1 nodes are available: 1 Too many pods.");
  expect(story.shadow.queue.getPod("p", "default")).toMatchObject({ place: "unschedulable", attempts: 2 });
});

describe("the pace", () => {
  test("H5 is one attempt after the other, each as long as measured, and bindings do not stop it", async () => {
    const pods = [aPod("fits"), ...Array.from({ length: 9 }, (_, index) => big(`p${index}`))];
    const story = new Story({ nodes: [aNode("n")], pods });
    story.shadow.setPace({ inFlight: 1, attemptMs: 10 });
    await story.clock.settle();
    expect(story.shadow.flights()).toHaveLength(1);
    await story.clock.advance(99);
    expect(story.shadow.queue.view.sizes()).toMatchObject({ active: 0, inFlight: 2, unschedulable: 8 });
    await story.clock.advance(1);
    expect(story.shadow.queue.view.sizes()).toMatchObject({ inFlight: 1, unschedulable: 9 });
    expect(story.placeOf("fits")).toBe("inFlight");
    expect(story.shadow.pace).toEqual({ inFlight: 1, attemptMs: 10, isMeasured: true });
  });

  test("H5 follows fractions of a millisecond", async () => {
    const story = new Story({ nodes: [aNode("n")], pods: Array.from({ length: 40 }, (_, index) => big(`p${index}`)) });
    story.shadow.setPace({ inFlight: 1, attemptMs: 0.25 });
    await story.clock.advance(5);
    const { unschedulable } = story.shadow.queue.view.sizes();
    expect(unschedulable).toBeGreaterThanOrEqual(19);
    expect(unschedulable).toBeLessThanOrEqual(24);
  });

  test("H5 nobody is popped while too many bindings are late: the scheduler may not be as far", async () => {
    const many = Array.from({ length: 12 }, (_, index) => aPod(`p${index}`));
    const story = new Story({ nodes: [aNode("n")], pods: many });
    await story.clock.advance(second);
    expect(story.shadow.flights()).toHaveLength(12);
    await story.clock.advance(2 * second);
    story.shadow.pods.onAdd(aPod("late"));
    await story.clock.advance(second);
    expect(story.placeOf("late")).toBe("active");
    story.shadow.setPace({ inFlight: 13 });
    await story.clock.settle();
    expect(story.placeOf("late")).toBe("inFlight");
  });

  test("H5 goes on when somebody lands", async () => {
    const story = new Story({ nodes: [aNode("n")], pods: [aPod("a")] });
    story.shadow.setPace({ inFlight: 1 });
    await story.clock.advance(3 * second);
    story.shadow.pods.onAdd(aPod("b"));
    await story.clock.settle();
    expect(story.placeOf("b")).toBe("active");
    story.shadow.pods.onDelete(aPod("a"));
    await story.clock.settle();
    expect(story.placeOf("b")).toBe("inFlight");
  });
});

test("H13 each profile judges and wakes the pods that name it, and nobody queues those that name another", async () => {
  const configuration = readConfiguration({
    apiVersion: "kubescheduler.config.k8s.io/v1",
    kind: "KubeSchedulerConfiguration",
    profiles: [
      { schedulerName: "default-scheduler" },
      { schedulerName: "batch", plugins: { multiPoint: { disabled: [{ name: "NodeResourcesFit" }] } } },
    ],
  });
  const tainted = aNode("n", { taints: [{ key: "k", effect: "NoSchedule" }] });
  const pods = ["default-scheduler", "batch", "volcano"].map((scheduler) => big(`of-${scheduler}`, { scheduler }));
  const story = new Story({ nodes: [tainted], pods }, { configuration });
  await story.clock.advance(second);
  const rejectors = (name: string) => [...(story.shadow.queue.getPod(name, "default")?.unschedulablePlugins ?? [])];
  expect(rejectors("of-default-scheduler")).toEqual(["TaintToleration"]);
  expect(rejectors("of-batch")).toEqual(["TaintToleration"]);
  expect([story.placeOf("of-volcano"), [...story.shadow.unknownSchedulers()]]).toEqual(["none", [["volcano", 1]]]);

  const open = aNode("n");
  story.shadow.pipeline.nodes.onUpdate(tainted, open);
  await story.clock.advance(second);
  expect(rejectors("of-default-scheduler")).toEqual(["NodeResourcesFit"]);
  expect(story.placeOf("of-batch")).toBe("inFlight");

  // Its profile does not know the plugin that registered for this.
  story.says(big("of-batch", { scheduler: "batch" }), tooSmall);
  story.shadow.pipeline.nodes.onUpdate(open, aNode("n", { allocatable: { cpu: "64" } }));
  expect(story.placeOf("of-default-scheduler")).toBe("backoff");
  expect(story.placeOf("of-batch")).toBe("unschedulable");
});

test("beginning and stopping twice are harmless, and a stopped shadow takes nobody", async () => {
  const story = new Story({ nodes: [aNode("n")] });
  story.shadow.begin();
  story.shadow.stop();
  story.shadow.stop();
  story.shadow.pods.onAdd(aPod("late"));
  await story.clock.advance(10 * minute);
  expect(story.shadow.flights()).toEqual([]);
});

test("a nomination that was taken back while the pod was in flight here is forgotten with the flight", async () => {
  const story = new Story({ nodes: [aNode("n")] });
  const small = aPod("small", { requests: { cpu: "1" } });
  story.shadow.pods.onAdd(small);
  await story.clock.advance(second);
  expect(story.placeOf("small")).toBe("inFlight");
  const nominated = story.update(small, { status: { phase: "Pending", nominatedNodeName: "n" } });
  const placed = () => [
    story.shadow.isAnybodyElsePlaced(podUid(small)),
    story.shadow.isAnybodyElsePlaced(podUid(big("b"))),
  ];
  expect(placed()).toEqual([false, true]);
  await story.clock.advance(minute);
  expect(story.shadow.queue.view.nominations()).toMatchObject([{ node: "n" }]);
  story.update(nominated, { status: { phase: "Pending" } });
  await story.clock.advance(2 * minute);
  expect([story.shadow.queue.view.nominations(), placed()]).toEqual([[], [false, expect.any(Boolean)]]);
});
