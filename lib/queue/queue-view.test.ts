import { describe, expect, it } from "vitest";
import { aNode, aPod, claimAdd, nodeAdd, Stage, uid } from "./testing/stage.ts";
import type { MetricFamily } from "./metric-families.ts";

const plugins = (...unschedulable: readonly string[]) => ({
  unschedulablePlugins: new Set(unschedulable),
  pendingPlugins: new Set<string>(),
});

describe("the queue seen from outside", () => {
  it("shows each queue in its order, a window at a time", () => {
    const stage = new Stage();
    for (const name of ["p", "q"]) {
      stage.park(name, "Fit");
      stage.advance(100);
    }
    stage.takeOff("error");
    stage.fail("error");
    stage.advance(1_000);
    stage.takeOff("rejected");
    stage.event(nodeAdd, aNode("small"));
    stage.event(claimAdd);
    stage.fail("rejected", ["Claims"]);
    for (let priority = 0; priority < 5; priority++) stage.queue.add(aPod(`active-${priority}`, priority));
    const { view } = stage.queue;
    expect(view.sizes()).toEqual({
      active: 5,
      backoff: 1,
      errorBackoff: 1,
      unschedulable: 2,
      gated: 0,
      inFlight: 0,
      inFlightEvents: 0,
    });
    const names = (infos: readonly { readonly uid: string }[]): string[] => infos.map((info) => info.uid);
    expect(names(view.active({ offset: 1, limit: 2 }))).toEqual(["active-3", "active-2"]);
    expect(names(view.active({ offset: 4, limit: 9 }))).toEqual(["active-0"]);
    expect(names(view.backingOff().map(({ info }) => info))).toEqual(["error", "rejected"]);
    expect(names(view.backingOff({ offset: 1, limit: 1 }).map(({ info }) => info))).toEqual(["rejected"]);
    expect(names(view.unschedulable())).toEqual(["p", "q"]);
    expect(names(view.unschedulable({ offset: 1 }))).toEqual(["q"]);
    expect([...view.activeUnordered()].length).toBe(5);
    expect([...view.backingOffUnordered()].length).toBe(2);
  });
});

describe("Q92 explain", () => {
  const staged = (): Stage => {
    const stage = new Stage();
    stage.takeOff("a");
    stage.event(nodeAdd, aNode("small"));
    stage.event(claimAdd);
    stage.event(nodeAdd, aNode("big"));
    return stage;
  };

  it("says what each rejecting plugin makes of each event, and where the pod would go", () => {
    const explanation = staged().queue.view.explain(uid("a"), plugins("Fit", "Other"));
    const answers = explanation?.events.map((event) =>
      event.answers.map(({ plugin, answer }) => `${plugin} ${answer}`),
    );
    expect(answers).toEqual([
      ["Fit Skip", "Other NotRegistered"],
      ["Fit NotRegistered", "Other NotRegistered"],
      ["Fit Queue", "Other NotRegistered"],
    ]);
    expect(explanation?.events.map(({ verdict }) => verdict)).toEqual(["skip", "skip", "afterBackoff"]);
    expect(explanation?.destination).toMatchObject({ to: "backoff", decidedBy: 4, plugin: "Fit" });
  });

  it("answers what if other plugins rejected the pod, or none", () => {
    const stage = staged();
    const { view } = stage.queue;
    const end = stage.clock.now() + 1_000;
    expect(view.wouldGoTo(uid("a"), plugins("Other"))).toMatchObject({ to: "unschedulable", decidedBy: undefined });
    expect(view.wouldGoTo(uid("a"), plugins())).toMatchObject({ to: "errorBackoff", backoffUntil: end });
    const pending = { unschedulablePlugins: new Set(["Fit"]), pendingPlugins: new Set(["Claims"]) };
    expect(view.wouldGoTo(uid("a"), pending)).toMatchObject({ to: "active", decidedBy: 3, plugin: "Claims" });
  });

  it("takes the rejectors of the last attempt where none are given", () => {
    const stage = new Stage();
    stage.park("a", "Claims");
    stage.queue.activate([aPod("a")]);
    stage.pop();
    stage.event(claimAdd);
    expect(stage.queue.view.wouldGoTo(uid("a"))).toMatchObject({ to: "backoff", plugin: "Claims" });
  });

  it("knows nothing of a pod that is not in flight", () => {
    const { view } = new Stage().queue;
    expect([view.explain(uid("a")), view.wouldGoTo(uid("a"))]).toEqual([undefined, undefined]);
  });

  it("says that a gate would hold the pod back", () => {
    const stage = new Stage({
      preEnqueuePlugins: new Map([
        [
          "default-scheduler",
          [{ name: "Gate", preEnqueue: () => (isShut ? { code: "unresolvable", reasons: [] } : undefined) }],
        ],
      ]),
    });
    let isShut = false;
    stage.takeOff("a");
    isShut = true;
    expect(stage.queue.view.wouldGoTo(uid("a"), plugins())).toMatchObject({ to: "gated", plugin: "Gate" });
  });

  it("Q91 leaves counts, cached ends and records alone", () => {
    const stage = staged();
    const before = JSON.stringify(stage.queue.view.metrics());
    const info = stage.queue.view.inFlight.pod(uid("a"))?.info;
    stage.queue.view.explain(uid("a"), plugins("Fit"));
    expect(JSON.stringify(stage.queue.view.metrics())).toBe(before);
    expect(info).toMatchObject({ backoffExpiration: undefined, unschedulableCount: 0 });
  });
});

describe("the metrics", () => {
  const valuesOf = (stage: Stage, name: string): Record<string, number> => {
    const family = stage.queue.view.metrics().find((one) => one.name === name) as MetricFamily;
    return Object.fromEntries(
      family.values.map((value) => [
        Object.values(value.labels).join("|"),
        "count" in value ? value.count : value.value,
      ]),
    );
  };

  it("Q80 have upstream's names and labels", () => {
    const stage = new Stage();
    stage.park("a", "Fit");
    stage.takeOff("b");
    stage.event(nodeAdd, aNode("small"));
    expect(valuesOf(stage, "scheduler_pending_pods")).toEqual({ active: 0, backoff: 0, unschedulable: 1, gated: 0 });
    expect(valuesOf(stage, "scheduler_queue_incoming_pods_total")).toEqual({
      "active|UnschedulablePodAdd": 2,
      "unschedulable|ScheduleAttemptFailure": 1,
    });
    expect(valuesOf(stage, "scheduler_inflight_events")).toEqual({ NodeAdd: 1, PodPopped: 1 });
    expect(valuesOf(stage, "scheduler_unschedulable_pods")).toEqual({ "Fit|default-scheduler": 1 });
  });

  it("Q81 unschedulable_pods goes down when a pod is popped or leaves the pool, not when it leaves another queue", () => {
    const stage = new Stage();
    for (const name of ["popped", "parked", "leaks"]) stage.park(name, "Fit");
    stage.queue.activate([aPod("popped"), aPod("leaks", 0)]);
    stage.queue.delete(aPod("leaks"));
    stage.pop();
    stage.queue.delete(aPod("parked"));
    expect(valuesOf(stage, "scheduler_unschedulable_pods")).toEqual({ "Fit|default-scheduler": 1 });
  });

  it("Q82 count every hint call, however few are timed", () => {
    const stage = new Stage();
    for (let index = 0; index < 40; index++) stage.park(String(index), "Fit");
    stage.event(nodeAdd, aNode("small"));
    stage.event(nodeAdd, aNode("big"));
    const name = "scheduler_queueing_hint_execution_duration_seconds";
    expect(valuesOf(stage, name)).toEqual({ "Fit|NodeAdd|QueueSkip": 40, "Fit|NodeAdd|Queue": 40 });
    const family = stage.queue.view.metrics().find((one) => one.name === name);
    const [skips] = family?.type === "histogram" ? family.values : [];
    expect(skips?.buckets.at(-1)?.count).toBe(40);
    expect(valuesOf(stage, "scheduler_framework_extension_point_duration_seconds")).toEqual({
      "PreEnqueue|Success|default-scheduler": 80,
    });
  });
});

describe("Q93 the invariants", () => {
  const rulesOf = (stage: Stage): string[] => stage.queue.view.invariants().map(({ rule }) => rule);

  it("find a pod in flight that is queued as well", () => {
    const stage = new Stage();
    stage.takeOff("a");
    stage.queue.add(aPod("a"));
    expect(rulesOf(stage)).toEqual(["queued-and-in-flight"]);
  });

  it("find a parked pod whose rejectors were changed behind the queue's back", () => {
    const stage = new Stage();
    stage.park("a", "Fit");
    const info = stage.queue.getPod("a", "default");
    if (info !== undefined) info.unschedulablePlugins = new Set(["Claims"]);
    expect(rulesOf(stage)).toEqual(["filed-wrong"]);
  });

  it("find a record that was changed without its queue knowing", () => {
    const stage = new Stage();
    for (const name of ["a", "b"]) stage.queue.add(aPod(name));
    const info = stage.queue.getPod("b", "default");
    if (info !== undefined) info.priority = 9;
    expect(rulesOf(stage)).toEqual(["order-broken"]);
  });

  it("find a list that grows behind one old marker", () => {
    const stage = new Stage();
    stage.takeOff("a");
    for (let index = 0; index < 11; index++) stage.event(nodeAdd);
    stage.advance(61_000);
    const limits = { maxEventsBehindOldest: 10, maxFlightMs: 60_000 };
    expect(stage.queue.view.invariants()).toEqual([]);
    expect(stage.queue.view.invariants(limits)).toMatchObject([{ rule: "list-grows-behind-old-marker", uid: "a" }]);
  });
});
