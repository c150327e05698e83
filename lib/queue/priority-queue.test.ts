import { describe, expect, it } from "vitest";
import { podUid, type Pod } from "#lib/kube/index.ts";
import { NoApiDispatcherError } from "./api-calls.ts";
import { QueueClosedError } from "./priority-queue.ts";
import { aPod, nodeAdd, Stage } from "./testing/stage.ts";

describe("pop", () => {
  it("Q40 gives the higher priority first, then the older", () => {
    const stage = new Stage();
    for (const [name, priority] of [
      ["low", 1],
      ["old", 5],
      ["new", 5],
    ] as const) {
      stage.queue.add(aPod(name, priority));
      stage.advance(1);
    }
    expect(stage.queue.view.active().map(({ uid }) => uid)).toEqual(["old", "new", "low"]);
    expect([stage.pop().uid, stage.pop().uid, stage.pop().uid]).toEqual(["old", "new", "low"]);
    expect(stage.queue.pop()).toBeUndefined();
  });

  it.each([true, false])("Q40 takes a pod that backs off when nothing is active, if early pop is %s", (isEarlyPop) => {
    const stage = new Stage({ featureGates: { schedulerPopFromBackoffQ: isEarlyPop } });
    stage.takeOff("a");
    stage.event(nodeAdd);
    stage.fail("a", ["Fit"]);
    expect(stage.queue.canPop).toBe(isEarlyPop);
    expect(stage.queue.pop()?.uid).toBe(isEarlyPop ? "a" : undefined);
  });

  it("Q41 leaves the rejectors readable", () => {
    const stage = new Stage();
    stage.park("a", "Fit");
    stage.queue.activate([aPod("a")]);
    expect([...stage.pop().unschedulablePlugins]).toEqual(["Fit"]);
  });

  it("Q42 popSpecificPod takes a pod out of turn, wherever it waits", () => {
    const stage = new Stage();
    stage.park("parked", "Fit");
    stage.takeOff("backing-off");
    stage.fail("backing-off");
    stage.queue.add(aPod("first", 9));
    for (const name of ["parked", "backing-off"]) expect(stage.queue.popSpecificPod(aPod(name))?.uid).toBe(name);
    expect(stage.queue.popSpecificPod(aPod("unknown"))).toBeUndefined();
    expect(stage.list).toEqual(["pod parked", "pod backing-off"]);
  });
});

describe("waiting for something to pop", () => {
  it("Q40 ends when a pod becomes ready, and at once when one is", async () => {
    const stage = new Stage();
    const woken: string[] = [];
    void stage.queue.whenReady().then(() => woken.push("first"));
    void stage.queue.whenReady().then(() => woken.push("second"));
    await stage.clock.settle();
    expect(woken).toEqual([]);
    stage.queue.add(aPod("a"));
    await stage.clock.settle();
    expect(woken).toEqual(["first", "second"]);
    await stage.queue.whenReady();
  });

  it("Q55 ends when the queue is closed; what is queued can still be popped; a second close throws", async () => {
    const stage = new Stage();
    stage.takeOff("a");
    const ready = stage.queue.whenReady();
    stage.queue.close();
    await ready;
    expect(stage.list).toEqual([]);
    stage.queue.add(aPod("b"));
    expect(stage.pop().uid).toBe("b");
    expect(() => stage.queue.close()).toThrow(QueueClosedError);
  });
});

describe("the record of a pod", () => {
  it("Q46 counts failures and forgets what belongs to the attempt before", () => {
    const stage = new Stage();
    stage.park("a", "Fit");
    stage.advance(300_001);
    stage.queue.flushUnschedulablePodsLeftover();
    const info = stage.pop();
    expect(info).toMatchObject({ attempts: 2, unschedulableCount: 1, wasFlushedFromUnschedulable: true });
    stage.fail("a");
    expect(info).toMatchObject({
      consecutiveErrorsCount: 1,
      unschedulableCount: 1,
      wasFlushedFromUnschedulable: false,
    });
    expect(info.timestamp).toBe(stage.clock.now());
  });

  it("Q26 remembers the first entry into activeQ for good", () => {
    const stage = new Stage();
    const first = stage.clock.now();
    stage.park("a", "Fit");
    stage.advance(60_000);
    stage.event(nodeAdd);
    expect(stage.pop().initialAttemptTimestamp).toBe(first);
  });

  it("Q64 is signed by add and update, not by a hand-back with a newer pod", () => {
    const podSigners = new Map([["default-scheduler", (pod: Pod) => pod.metadata.labels?.["shape"]]]);
    const stage = new Stage({ podSigners });
    stage.queue.add(aPod("a", 0, { shape: "1" }));
    stage.queue.update(aPod("a", 0, { shape: "1" }), aPod("a", 0, { shape: "2" }));
    const info = stage.pop();
    expect(info.podSignature).toBe("2");
    info.replacePod(aPod("a", 0, { shape: "3" }));
    stage.fail("a", ["Fit"]);
    expect(info.podSignature).toBe("2");
  });
});

describe("update, delete and activate", () => {
  it("Q47 adds a pod that it does not know", () => {
    const stage = new Stage();
    stage.queue.update(aPod("a"), aPod("a", 2));
    expect(stage.placeOf("a")).toBe("active");
  });

  it("Q50 delete takes a pod out of its queue and leaves its flight", () => {
    const stage = new Stage();
    stage.takeOff("flying");
    stage.park("parked", "Fit");
    for (const name of ["flying", "parked", "unknown"]) stage.queue.delete(aPod(name));
    expect(stage.placeOf("parked")).toBe("nowhere");
    expect(stage.list).toEqual(["pod flying"]);
  });

  it("Q51 activate moves at once, and counts as a move request even for a pod that nobody knows", () => {
    const stage = new Stage();
    stage.park("a", "Fit");
    stage.queue.activate([aPod("a")]);
    expect([stage.placeOf("a"), stage.queue.moveRequestCycle]).toEqual(["active", -1]);
    stage.queue.activate([aPod("unknown")]);
    expect(stage.queue.moveRequestCycle).toBe(1);
  });

  it("Q57 seed puts a pod where its past has left it, and leaves a known one alone", () => {
    const stage = new Stage();
    const since = stage.clock.now() - 500;
    const unschedulablePlugins = new Set(["Fit"]);
    expect(stage.queue.seed({ pod: aPod("parked"), since, unschedulablePlugins })).toBe(true);
    expect(stage.queue.seed({ pod: aPod("failed"), since, unschedulablePlugins: new Set() })).toBe(true);
    expect(stage.queue.seed({ pod: aPod("long-ago"), since: since - 60_000, unschedulablePlugins: new Set() })).toBe(
      true,
    );
    expect(["parked", "failed", "long-ago"].map((name) => stage.placeOf(name))).toEqual([
      "unschedulable",
      "errorBackoff",
      "active",
    ]);
    expect(stage.queue.getPod("parked", "default")).toMatchObject({ attempts: 1, isAttemptsAtLeast: true });
    expect(stage.queue.seed({ pod: aPod("parked"), since, unschedulablePlugins: new Set() })).toBe(false);
    stage.event(nodeAdd);
    expect(stage.placeOf("parked")).not.toBe("unschedulable");
  });

  it("Q58 nameRejectors puts right who rejected a pod that waits after it, and leaves all others alone", () => {
    const stage = new Stage();
    stage.park("parked", "Fit");
    stage.takeOff("failed");
    stage.fail("failed");
    stage.queue.add(aPod("ready"));
    const names = ["parked", "failed", "ready", "unknown"];
    const plugins = new Set(["Other"]);
    expect(names.map((name) => stage.queue.nameRejectors(aPod(name), plugins))).toEqual([true, false, false, false]);
    expect(stage.queue.nameRejectors(aPod("parked"), new Set())).toBe(false);
    expect([...(stage.queue.getPod("parked", "default")?.unschedulablePlugins ?? [])]).toEqual(["Other"]);
    expect(stage.queue.view.invariants()).toEqual([]);
    stage.event(nodeAdd);
    expect(stage.placeOf("parked")).toBe("unschedulable");
    stage.queue.nameRejectors(aPod("parked"), new Set(["Fit"]));
    stage.event(nodeAdd);
    expect(stage.placeOf("parked")).toBe("backoff");
    expect(stage.queue.nameRejectors(aPod("parked"), plugins)).toBe(true);
    expect([stage.placeOf("parked"), stage.queue.view.invariants()]).toEqual(["backoff", []]);
  });
});

describe("the timers", () => {
  it("Q54 flush backoff on whole seconds and the pool at once and every 30 s", async () => {
    const stage = new Stage();
    stage.advance(300);
    stage.takeOff("a");
    stage.fail("a");
    stage.queue.run();
    await stage.clock.advance(1_699);
    expect(stage.placeOf("a")).toBe("errorBackoff");
    await stage.clock.advance(1);
    expect(stage.placeOf("a")).toBe("active");
    stage.pop();
    stage.fail("a", ["Fit"]);
    await stage.clock.advance(299_999);
    expect(stage.placeOf("a")).toBe("unschedulable");
    await stage.clock.advance(30_001);
    expect(stage.placeOf("a")).toBe("active");
  });

  it("stop with the queue, and each by its own handle; stopping twice is harmless", async () => {
    const stage = new Stage();
    const stop = stage.queue.run();
    stop();
    stop();
    expect(stage.clock.nextTimerAt).toBeUndefined();
    stage.queue.run();
    await stage.clock.advance(1_000);
    stage.queue.close();
    expect(stage.clock.nextTimerAt).toBeUndefined();
  });

  it("Q52 show the pool flush to pods in flight, which are then retried whatever rejected them", () => {
    const stage = new Stage();
    stage.park("old", "Fit");
    stage.advance(300_001);
    stage.takeOff("a");
    stage.queue.flushUnschedulablePodsLeftover();
    stage.fail("a", ["Claims"]);
    expect(stage.placeOf("a")).toBe("backoff");
  });
});

describe("bound pods while hints are off", () => {
  const podWith = (affinity: NonNullable<Pod["spec"]>["affinity"]): Pod => {
    const pod = aPod("a");
    return { ...pod, spec: affinity === undefined ? {} : { affinity } };
  };
  const bound = (namespace: string): Pod => ({
    metadata: { name: "bound", namespace, uid: "bound", labels: { app: "db" } },
    spec: { nodeName: "n1" },
  });
  const term = { topologyKey: "zone", labelSelector: { matchLabels: { app: "db" } } };
  const affinityTo = (more: object): NonNullable<Pod["spec"]>["affinity"] => ({
    podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...term, ...more }] },
  });

  it.each([
    ["a term selects them in its own namespace", affinityTo({}), "default", "backoff"],
    ["not in another namespace", affinityTo({}), "other", "unschedulable"],
    ["in a namespace that the term names", affinityTo({ namespaces: ["other"] }), "other", "backoff"],
    [
      "in one that its selector selects",
      affinityTo({ namespaceSelector: { matchLabels: { team: "x" } } }),
      "other",
      "backoff",
    ],
    ["in any for an empty selector", affinityTo({ namespaceSelector: {} }), "unknown", "backoff"],
    ["not without a term", undefined, "default", "unschedulable"],
  ])("Q56 are asked about pods that may care: %s", (_case, affinity, namespace, place) => {
    const stage = new Stage({
      featureGates: { schedulerQueueingHints: false },
      namespaceLabels: (name) => (name === "other" ? { team: "x" } : undefined),
      queueingHintMap: new Map([
        ["default-scheduler", [{ plugin: "InterPodAffinity", event: { resource: "AssignedPod", actionType: 1 } }]],
      ]),
    });
    stage.queue.add(podWith(affinity));
    stage.pop();
    stage.fail("a", ["InterPodAffinity"]);
    stage.queue.assignedPodAdded(bound(namespace));
    expect(stage.placeOf("a")).toBe(place);
  });
});

describe("nominations and calls", () => {
  const nominated = (name: string, node: string): Pod => ({ ...aPod(name), status: { nominatedNodeName: node } });
  const onNode = (stage: Stage, node: string): string[] => stage.queue.nominatedPodsForNode(node).map(podUid);

  it("Q60 keep the order of nomination; an update goes to the end", () => {
    const stage = new Stage();
    for (const name of ["a", "b"]) stage.queue.add(nominated(name, "n1"));
    expect(onNode(stage, "n1")).toEqual(["a", "b"]);
    stage.queue.updateNominatedPod(nominated("a", "n1"), nominated("a", "n1"));
    expect(onNode(stage, "n1")).toEqual(["b", "a"]);
    stage.queue.deleteNominatedPodIfExists(aPod("b"));
    stage.queue.delete(aPod("a"));
    expect(stage.queue.view.nominations()).toEqual([]);
  });

  it("Q61 leave out pods that the informer does not know or knows as bound", () => {
    const cache = new Map<string, Pod>([["default/bound", { ...aPod("bound"), spec: { nodeName: "n2" } }]]);
    const stage = new Stage({ podLister: (key) => cache.get(key) });
    for (const name of ["bound", "unknown"]) stage.queue.addNominatedPod(nominated(name, "n1"));
    expect(onNode(stage, "n1")).toEqual([]);
  });

  it("Q62 keep a node that is known only in memory", () => {
    const stage = new Stage();
    stage.queue.addNominatedPod(aPod("a"), { mode: "override", nominatedNodeName: "n1" });
    stage.queue.updateNominatedPod(aPod("a"), aPod("a"));
    expect(onNode(stage, "n1")).toEqual(["a"]);
  });

  it("Q63 file a pod under the node without a name when overridden with nothing", () => {
    const stage = new Stage();
    stage.queue.addNominatedPod(nominated("a", "n1"), { mode: "override", nominatedNodeName: "" });
    expect([onNode(stage, "n1"), onNode(stage, "")]).toEqual([[], ["a"]]);
  });

  it("Q65 a status patch needs a dispatcher", () => {
    expect(() => new Stage().queue.patchPodStatus(aPod("a"), undefined)).toThrow(NoApiDispatcherError);
    const stage = new Stage({ apiDispatcher: { add: () => ({ kind: "skipped" }) } });
    expect(stage.queue.patchPodStatus(aPod("a"), undefined)).toEqual({ kind: "skipped" });
  });
});

it("Q72 an update of a pod being tried queues it a second time while hints are off", () => {
  const stage = new Stage({ featureGates: { schedulerQueueingHints: false } });
  stage.takeOff("a");
  stage.queue.update(aPod("a"), aPod("a", 0, { zone: "x" }));
  expect(stage.placeOf("a")).toBe("active");
});
