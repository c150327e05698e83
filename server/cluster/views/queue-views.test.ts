import { describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { actionType, type Node, type Pod } from "#lib/kube/index.ts";
import type { View } from "#lib/protocol/index.ts";
import { PriorityQueue } from "#lib/queue/index.ts";
import { QueueFlow } from "../queue-flow.ts";
import { buildEvents, type Attempt } from "./events.ts";
import { buildLanes } from "./lanes.ts";

const second = 1000;
const wholeLane = { offset: 0, limit: 50 };
const everything = { active: wholeLane, backoff: wholeLane, unschedulable: wholeLane };
const nodeAdd = { resource: "Node", actionType: actionType.Add };

function pod(name: string, spec: Pod["spec"] = {}): Pod {
  return { metadata: { namespace: "shop", name, uid: `uid-${name}` }, spec };
}

const node: Node = { metadata: { name: "n1", uid: "uid-n1" } };

/** A queue whose plugin `Fit` wants to hear of new nodes, and `Gates` holds pods with gates. */
function situation() {
  const clock = new FakeClock(1_000_000);
  const queue = new PriorityQueue({
    clock,
    queueingHintMap: new Map([["default-scheduler", [{ plugin: "Fit", event: nodeAdd }]]]),
    preEnqueuePlugins: new Map([
      [
        "default-scheduler",
        [
          {
            name: "SchedulingGates",
            preEnqueue: ({ spec }: Pod) =>
              (spec?.schedulingGates ?? []).length > 0 ? { code: "unresolvable" as const, reasons: [] } : undefined,
          },
        ],
      ],
    ]),
  });
  const flow = new QueueFlow(queue, clock);
  const attempts = new Map<string, Attempt>();
  return {
    clock,
    queue,
    attempts,
    lanes: (view: View<"lanes"> = everything) =>
      buildLanes({ clock, queue: queue.view, flow, provenance: "actual" }, view),
    events: (view: View<"events"> = {}) =>
      buildEvents({ queue: queue.view, provenance: "actual", attemptOf: (uid) => attempts.get(uid) }, view),
  };
}

function rejected(queue: PriorityQueue, plugin: string): void {
  const info = queue.pop();
  if (info === undefined) throw new Error("expected a pod to pop");
  info.clearRejectorPlugins();
  info.addUnschedulablePlugin(plugin);
  queue.addUnschedulableIfNotPresent(info, queue.schedulingCycle);
}

describe("lanes", () => {
  it("shows each lane in its order, in the window that is looked at", () => {
    const { queue, lanes } = situation();
    for (const [name, priority] of [
      ["low", 1],
      ["high", 100],
      ["middle", 10],
    ] as const)
      queue.add(pod(name, { priority }));
    expect(lanes().active.order).toEqual(["uid-high", "uid-middle", "uid-low"]);
    const { active } = lanes({ ...everything, active: { offset: 1, limit: 1 } });
    expect(active).toMatchObject({ count: 3, offset: 1, order: ["uid-middle"] });
    expect(active.rows["uid-middle"]).toMatchObject({ namespace: "shop", name: "middle", priority: 10, attempts: 0 });
  });

  it("parks a rejected pod with its rejectors and the age of its record", () => {
    const { clock, queue, lanes } = situation();
    queue.add(pod("a"));
    rejected(queue, "Fit");
    clock.set(clock.now() + 100 * second);
    const { unschedulable } = lanes();
    expect(unschedulable.rows["uid-a"]).toMatchObject({ plugins: ["Fit"], attempts: 1, since: 1_000_000 });
    expect(unschedulable.histogram.indexOf(1)).toBe(Math.floor((100 / 300) * 24));
  });

  it("shows and counts who matches a filter, each lane in its order, and says how many there are", () => {
    const { clock, queue, lanes } = situation();
    const inPool = (name: string): Pod => ({
      ...pod(name),
      metadata: { ...pod(name).metadata, labels: { app: name } },
    });
    queue.add(inPool("stuck"));
    rejected(queue, "Fit");
    queue.add(pod("other"));
    rejected(queue, "Taint");
    for (const [name, priority] of [
      ["web-low", 1],
      ["web-high", 100],
      ["batch", 10],
    ] as const)
      queue.add(pod(name, { priority }));
    queue.add(pod("web-gated", { schedulingGates: [{ name: "kueue" }] }));
    clock.set(clock.now() + 10 * second);
    const found = (q: string) => {
      const { active, unschedulable, gated, queryProblem } = lanes({ ...everything, q });
      const rows = [...active.order, ...unschedulable.order].map((uid) => uid.replace("uid-", ""));
      return { rows, gated: gated.count, queryProblem };
    };
    expect(found("web")).toEqual({ rows: ["web-high", "web-low"], gated: 1, queryProblem: undefined });
    expect(found("queue:active -web").rows).toEqual(["batch"]);
    expect(found("plugin:F*").rows).toEqual(["stuck"]);
    expect(found("label:app=stuck ns:shop").rows).toEqual(["stuck"]);
    expect(found("attempts>0").rows).toEqual(["stuck", "other"]);
    expect(found("queue:sideways")).toMatchObject({
      rows: [],
      gated: 0,
      queryProblem: expect.stringContaining("sideways"),
    });
    const { active } = lanes({ ...everything, active: { offset: 1, limit: 1 }, q: "web" });
    expect(active).toMatchObject({ count: 2, of: 3, offset: 1, order: ["uid-web-low"] });
    expect(active.histogram.reduce((sum, pods) => sum + pods)).toBe(2);
    expect(lanes({ ...everything, q: " " }).active).not.toHaveProperty("of");
  });

  it("finds a pod by uid or name, with its place in the lane as it is filtered", () => {
    const { queue, lanes } = situation();
    for (const [name, priority] of [
      ["web-low", 1],
      ["web-high", 100],
      ["batch", 10],
    ] as const)
      queue.add(pod(name, { priority }));
    queue.add(pod("held", { schedulingGates: [{ name: "kueue" }] }));
    const uid = { uid: "uid-web-low" };
    expect(lanes({ ...everything, find: uid }).found).toEqual({ ...uid, queue: "active", index: 2 });
    expect(lanes({ ...everything, find: { namespace: "shop", name: "web-low" }, q: "web" }).found).toEqual({
      ...uid,
      queue: "active",
      index: 1,
    });
    expect(lanes({ ...everything, find: uid, q: "batch" }).found).toEqual({ ...uid, queue: "active" });
    expect(lanes({ ...everything, find: { uid: "uid-held" } }).found).toEqual({ uid: "uid-held", queue: "gated" });
    expect(lanes({ ...everything, find: { namespace: "shop", name: "nobody" } })).not.toHaveProperty("found");
    queue.pop();
    expect(lanes({ ...everything, find: { uid: "uid-web-high" } }).found).toEqual({
      uid: "uid-web-high",
      queue: "inFlight",
    });
  });

  it("groups gated pods by gate, not by the plugin that all gates share", () => {
    const { queue, lanes } = situation();
    for (const [name, gate] of [
      ["a", "kueue"],
      ["b", "kueue"],
      ["c", "quota"],
    ] as const) {
      queue.add(pod(name, { schedulingGates: [{ name: gate }] }));
    }
    const { gated } = lanes();
    expect(gated.count).toBe(3);
    expect(Object.values(gated.groups).map(({ gate, count }) => [gate, count])).toEqual([
      ["kueue", 2],
      ["quota", 1],
    ]);
  });

  it("counts what enters and leaves per second", () => {
    const { clock, queue, lanes } = situation();
    for (let index = 0; index < 10; index++) queue.add(pod(`p${index}`));
    rejected(queue, "Fit");
    clock.set(clock.now() + second);
    expect(lanes().active).toMatchObject({ inPerSecond: 10, outPerSecond: 1 });
    expect(lanes().unschedulable).toMatchObject({ inPerSecond: 1, outPerSecond: 0 });
  });
});

describe("the event list", () => {
  it("shows the second pod the event that came during its attempt, also after the first one finished", () => {
    const { queue, attempts, events } = situation();
    queue.add(pod("first", { priority: 2 }));
    queue.add(pod("second", { priority: 1 }));
    const first = queue.pop();
    queue.moveAllToActiveOrBackoffQueue(nodeAdd, undefined, node);
    queue.pop();
    queue.moveAllToActiveOrBackoffQueue(nodeAdd, undefined, node);
    attempts.set("uid-second", { phase: "Filter", rejections: new Map([["Fit", 31]]), rejectionsOf: "thisAttempt" });
    if (first !== undefined) queue.done(first.uid);

    const { elements, pods, ghosts, prunedTotal, length } = events();
    expect(Object.values(elements).map(({ kind }) => kind)).toEqual(["pod", "event"]);
    const [marker, news] = Object.values(elements);
    expect(pods["uid-second"]).toMatchObject({
      seq: marker?.seq,
      phase: "Filter",
      rejectors: [{ plugin: "Fit", nodes: 31 }],
      rejectorsOf: "thisAttempt",
      hints: { [news?.seq ?? ""]: { hint: "queue", plugin: "Fit" } },
      wouldGoTo: { queue: "backoff", decidedBy: news?.seq, plugin: "Fit" },
    });
    expect(news).toMatchObject({ label: "NodeAdd", resource: "Node", action: "Add", object: "n1" });
    expect([ghosts.length, prunedTotal, length]).toEqual([2, 2, 2]);
  });

  it("knows nothing of hints while nobody rejects the pod", () => {
    const { queue, events } = situation();
    queue.add(pod("a"));
    queue.pop();
    expect(events().pods["uid-a"]).toMatchObject({ rejectors: [], rejectorsOf: "none", hints: {}, popIndex: 1 });
  });

  it("answers what would happen had other plugins rejected the pod", () => {
    const { queue, attempts, events } = situation();
    queue.add(pod("a"));
    queue.add(pod("b"));
    queue.pop();
    queue.pop();
    queue.moveAllToActiveOrBackoffQueue(nodeAdd, undefined, node);
    const thisAttempt = { phase: "Filter", rejections: new Map([["Other", 3]]), rejectionsOf: "thisAttempt" } as const;
    for (const uid of ["uid-a", "uid-b"]) attempts.set(uid, thisAttempt);
    expect(events().pods["uid-a"]?.wouldGoTo).toEqual({ queue: "unschedulable" });

    const { pods, plugins } = events({ whatIf: { pod: "uid-a", plugins: ["Fit", "Other"] } });
    expect(pods["uid-a"]).toMatchObject({
      rejectorsOf: "whatIf",
      rejectors: [{ plugin: "Other", nodes: 3 }, { plugin: "Fit" }],
      wouldGoTo: { queue: "backoff", plugin: "Fit" },
    });
    expect(pods["uid-b"]).toMatchObject({ rejectorsOf: "thisAttempt", wouldGoTo: { queue: "unschedulable" } });
    expect(plugins).toContain("Fit");
  });

  it("carries nothing that a patch could take for a removal", () => {
    const { queue, events, lanes } = situation();
    queue.add(pod("a"));
    queue.pop();
    queue.moveAllToActiveOrBackoffQueue(nodeAdd, undefined, node);
    expect(JSON.stringify([events(), lanes()])).not.toContain("null");
  });
});
