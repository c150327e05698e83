import { describe, expect, it } from "vitest";
import { actionType, forceActivate, type ClusterEvent } from "#lib/kube/index.ts";
import type { QueueingHintRegistration } from "./registered-events.ts";
import { aNode, aPod, claimAdd, nodeAdd, podDelete, Stage } from "./testing/stage.ts";

const parked = (...plugins: readonly string[]): Stage => {
  const stage = new Stage();
  stage.park("a", ...plugins);
  return stage;
};

const registering = (...registrations: readonly QueueingHintRegistration[]): Stage => {
  return new Stage({ queueingHintMap: new Map([["default-scheduler", registrations]]) });
};

describe("an event for a parked pod", () => {
  it("Q14 Q20 moves it to backoff while that runs, when a rejector's hint says Queue", () => {
    const stage = parked("Fit");
    stage.event(nodeAdd, aNode("big"));
    expect(stage.placeOf("a")).toBe("backoff");
  });

  it("Q20 moves it to activeQ when the backoff is over", () => {
    const stage = parked("Fit");
    stage.advance(3_000);
    stage.event(nodeAdd, aNode("big"));
    expect(stage.placeOf("a")).toBe("active");
  });

  it("Q14 leaves it when the hint says Skip, or belongs to a plugin that did not reject it", () => {
    const stage = parked("Fit");
    stage.event(nodeAdd, aNode("small"));
    stage.event(claimAdd);
    expect(stage.placeOf("a")).toBe("unschedulable");
  });

  it("Q14 moves it at once, past its backoff, when a pending plugin's hint says Queue", () => {
    const stage = new Stage();
    stage.takeOff("a");
    stage.fail("a", ["Fit"], ["Claims"]);
    stage.event(claimAdd);
    expect(stage.placeOf("a")).toBe("active");
  });

  it("Q14 counts a plugin as pending that is both", () => {
    const stage = new Stage();
    stage.takeOff("a");
    stage.fail("a", ["Claims"], ["Claims"]);
    stage.event(claimAdd);
    expect(stage.placeOf("a")).toBe("active");
  });

  it("Q15 takes a hint that throws for Queue", () => {
    const stage = registering({
      plugin: "Fit",
      event: nodeAdd,
      hint: () => {
        throw new Error("broken");
      },
    });
    stage.park("a", "Fit");
    stage.event(nodeAdd);
    expect(stage.placeOf("a")).toBe("backoff");
  });

  it("Q14 asks each registration of a plugin that matches", () => {
    const stage = registering(
      { plugin: "Fit", event: nodeAdd, hint: () => "Skip" },
      { plugin: "Fit", event: { resource: "Node", actionType: actionType.All }, hint: () => "Queue" },
    );
    stage.park("a", "Fit");
    stage.event(nodeAdd);
    expect(stage.placeOf("a")).toBe("backoff");
  });

  it("Q12 moves a pod of a profile without registrations", () => {
    const stage = new Stage();
    stage.queue.add({ ...aPod("a"), spec: { schedulerName: "other" } });
    stage.pop();
    stage.fail("a", ["Fit"]);
    stage.event(claimAdd);
    expect(stage.placeOf("a")).toBe("backoff");
  });

  const anything: ClusterEvent = { resource: "*", actionType: actionType.All };
  it("Q13 moves everything if it is a wildcard without an object", () => {
    const stage = parked("Fit");
    stage.queue.moveAllToActiveOrBackoffQueue(anything, undefined, undefined);
    expect(stage.placeOf("a")).toBe("backoff");
  });

  it("Q13 moves only the pod that a wildcard names, and nobody if it names no pod", () => {
    const stage = parked("Fit");
    stage.event(anything, aPod("b"));
    stage.event(anything, aNode("big"));
    expect(stage.placeOf("a")).toBe("unschedulable");
    stage.event(anything, aPod("a"));
    expect(stage.placeOf("a")).toBe("backoff");
  });

  it("leaves out pods that the check does not let pass", () => {
    const stage = parked("Fit");
    stage.queue.moveAllToActiveOrBackoffQueue(nodeAdd, undefined, aNode("big"), () => false);
    expect(stage.placeOf("a")).toBe("unschedulable");
    expect(stage.queue.moveRequestCycle).toBe(stage.queue.schedulingCycle);
  });

  it("Q11 changes nothing at all if nobody registered it", () => {
    const stage = parked("Fit");
    stage.told.length = 0;
    stage.event(podDelete);
    expect(stage.told).toEqual([]);
    expect(stage.queue.moveRequestCycle).toBe(-1);
  });

  it("Q17 looks at no pod whose plugins did not register it, however many there are", () => {
    const stage = registering(
      { plugin: "Fit", event: nodeAdd, hint: () => "Queue" },
      { plugin: "Claims", event: claimAdd },
    );
    for (let index = 0; index < 100; index++) stage.park(String(index), "Fit");
    let looked = 0;
    stage.queue.moveAllToActiveOrBackoffQueue(claimAdd, undefined, undefined, () => ++looked > 0);
    expect(looked).toBe(0);
    stage.queue.moveAllToActiveOrBackoffQueue(nodeAdd, undefined, undefined, () => ++looked > 0);
    expect(looked).toBe(100);
  });

  it("Q17 follows rejectors that changed while the pod was queued", () => {
    const stage = parked("Fit");
    expect(stage.fail("a", ["Claims"])).toEqual({ ok: false, alreadyIn: "unschedulable" });
    stage.event(claimAdd);
    expect(stage.placeOf("a")).toBe("backoff");
  });
});

describe("a pod that comes back", () => {
  it("Q43 is parked if nothing happened that helps it", () => {
    const stage = new Stage();
    stage.takeOff("a");
    stage.event(nodeAdd, aNode("small"));
    stage.fail("a", ["Fit"]);
    expect(stage.placeOf("a")).toBe("unschedulable");
  });

  it("Q43 goes to backoff if something did, and says which event decided", () => {
    const stage = new Stage();
    stage.takeOff("a");
    stage.event(nodeAdd, aNode("small"));
    stage.event(nodeAdd, aNode("big-1"));
    stage.event(nodeAdd, aNode("big-2"));
    stage.told.length = 0;
    stage.fail("a", ["Fit"]);
    expect(stage.told[0]).toMatchObject({
      kind: "handedBack",
      from: "inFlight",
      to: "backoff",
      verdict: "afterBackoff",
      cause: { event: "ScheduleAttemptFailure", plugin: "Fit", object: "big-1", decidedBy: 3 },
    });
  });

  it("Q43 goes to activeQ at once if an event helps a pending plugin, though an earlier one helped another", () => {
    const stage = new Stage();
    stage.takeOff("a");
    stage.event(nodeAdd, aNode("big"));
    stage.event(claimAdd);
    stage.fail("a", ["Fit"], ["Claims"]);
    expect(stage.placeOf("a")).toBe("active");
  });

  it("Q43 Q33 goes to errorBackoffQ after an error", () => {
    const stage = new Stage();
    stage.takeOff("a");
    stage.fail("a");
    expect(stage.placeOf("a")).toBe("errorBackoff");
    expect(stage.queue.canPop).toBe(false);
  });

  it("Q44 goes to backoff if it is not in flight any more", () => {
    const stage = new Stage();
    stage.takeOff("a");
    stage.done("a");
    stage.fail("a", ["Fit"]);
    expect(stage.placeOf("a")).toBe("backoff");
  });

  it("Q45 changes nothing if its key is queued, but its flight is over", () => {
    const stage = new Stage();
    stage.takeOff("a");
    stage.queue.add({ ...aPod("a"), metadata: { ...aPod("a").metadata, uid: "a2" } });
    expect(stage.fail("a", ["Fit"])).toEqual({ ok: false, alreadyIn: "active" });
    expect(stage.list).toEqual([]);
  });

  it("Q4 Q13 is retried if it was activated meanwhile, others are not", () => {
    const stage = new Stage();
    stage.takeOff("a", "b");
    stage.queue.activate([aPod("a")]);
    expect(stage.list.at(-1)).toBe(forceActivate.customLabel);
    stage.fail("a", ["Fit"]);
    stage.fail("b", ["Fit"]);
    expect([stage.placeOf("a"), stage.placeOf("b")]).toEqual(["backoff", "unschedulable"]);
  });

  it("Q70 goes to backoff as a member of a group while that gate is on", () => {
    for (const genericWorkload of [false, true]) {
      const stage = new Stage({ featureGates: { genericWorkload } });
      stage.queue.add({ ...aPod("a"), spec: { schedulingGroup: { podGroupName: "g" } } });
      stage.pop();
      stage.fail("a", ["Fit"]);
      expect(stage.placeOf("a")).toBe(genericWorkload ? "backoff" : "unschedulable");
    }
  });

  it("Q71 goes by move requests while hints are off", () => {
    const stage = new Stage({ featureGates: { schedulerQueueingHints: false } });
    stage.takeOff("a", "b");
    stage.fail("a", ["Fit"]);
    stage.event(nodeAdd, aNode("small"));
    stage.fail("b", ["Claims"]);
    expect(stage.list).toEqual([]);
    expect([stage.placeOf("a"), stage.placeOf("b")]).toEqual(["backoff", "backoff"]);
  });
});
