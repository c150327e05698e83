import { afterEach, describe, expect, test } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { podUid, type Condition, type Event, type Node, type Pod } from "#lib/kube/index.ts";
import { aNode, aPod, type PodSituation } from "#lib/kube/testing/builders.ts";
import { Shadow, type ShadowOptions } from "./shadow.ts";

const start = Date.UTC(2026, 0, 1);
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

  test("H7 after two seconds of silence, by our own judgement, and says that it is ours", async () => {
    const pod = big("p");
    const story = new Story({ nodes: [aNode("n")], pods: [pod] });
    await story.clock.advance(1_999);
    expect(story.placeOf("p")).toBe("inFlight");
    await story.clock.advance(1);
    expect(story.placeOf("p")).toBe("unschedulable");
    expect(story.shadow.outcomeOf(podUid(pod))).toMatchObject({ kind: "simulated" });
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
    await story.clock.settle();
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
  const many = Array.from({ length: 12 }, (_, index) => aPod(`p${index}`));

  test("H5 is eight in flight where nothing is measured", async () => {
    const story = new Story({ nodes: [aNode("n")], pods: many });
    await story.clock.settle();
    expect(story.shadow.flights()).toHaveLength(8);
  });

  test("H5 follows what is measured, and goes on when somebody lands", async () => {
    const story = new Story({ nodes: [aNode("n")], pods: many });
    story.shadow.setMeasuredInFlight(2);
    await story.clock.settle();
    expect(story.shadow.flights()).toHaveLength(2);
    const [first] = story.shadow.flights();
    if (first !== undefined) story.shadow.pods.onDelete(first.pod);
    await story.clock.settle();
    expect(story.shadow.flights()).toHaveLength(2);
    story.shadow.setMeasuredInFlight(5);
    await story.clock.settle();
    expect(story.shadow.flights()).toHaveLength(5);
  });
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
