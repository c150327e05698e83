import { describe, expect, it } from "vitest";
import { actionType } from "#lib/kube/index.ts";
import type { PreEnqueuePlugin } from "./pre-enqueue-plugin.ts";
import { aNode, aPod, claimAdd, nodeAdd, Stage } from "./testing/stage.ts";

/** Holds back while it is shut. */
class Gate implements PreEnqueuePlugin {
  readonly name: string;
  isShut = true;
  asked = 0;

  constructor(name: string) {
    this.name = name;
  }

  preEnqueue(): ReturnType<PreEnqueuePlugin["preEnqueue"]> {
    this.asked++;
    return this.isShut ? { code: "unresolvable", reasons: ["shut"] } : undefined;
  }
}

function gated(isEarlyPop = true, ...more: readonly PreEnqueuePlugin[]): { stage: Stage; gate: Gate } {
  const gate = new Gate("Gate");
  const stage = new Stage({
    featureGates: { schedulerPopFromBackoffQ: isEarlyPop },
    preEnqueuePlugins: new Map([["default-scheduler", [gate, ...more]]]),
    queueingHintMap: new Map([
      [
        "default-scheduler",
        [
          { plugin: "Gate", event: claimAdd },
          { plugin: "Fit", event: nodeAdd },
        ],
      ],
    ]),
  });
  return { stage, gate };
}

describe("a pod that a plugin holds back", () => {
  it("Q22 is gated, and the plugin is one of its rejectors", () => {
    const { stage } = gated();
    stage.queue.add(aPod("a"));
    const info = stage.queue.getPod("a", "default");
    expect(info).toMatchObject({ place: "gated", gatingPlugin: "Gate", initialAttemptTimestamp: undefined });
    expect([...(info?.unschedulablePlugins ?? [])]).toEqual(["Gate"]);
    expect(stage.queue.view.gated()).toMatchObject([{ plugin: "Gate", count: 1 }]);
  });

  it("Q22 is gated also when the plugin breaks", () => {
    const stage = new Stage({
      preEnqueuePlugins: new Map([
        [
          "default-scheduler",
          [
            {
              name: "Broken",
              preEnqueue: () => {
                throw new Error("broken");
              },
            },
          ],
        ],
      ]),
    });
    stage.queue.add(aPod("a"));
    expect(stage.placeOf("a")).toBe("gated");
  });

  it("Q16 does not hear what its gating plugin did not register", () => {
    const { stage, gate } = gated();
    stage.queue.add(aPod("a"));
    gate.isShut = false;
    stage.event(nodeAdd, aNode("big"));
    expect(stage.placeOf("a")).toBe("gated");
    stage.event(claimAdd);
    expect(stage.placeOf("a")).toBe("active");
  });

  it("Q22 asks the gating plugin first, then the others in order", () => {
    const second = new Gate("Second");
    const { stage, gate } = gated(true, second);
    gate.isShut = false;
    stage.queue.add(aPod("a"));
    expect(stage.queue.getPod("a", "default")?.gatingPlugin).toBe("Second");
    gate.isShut = true;
    gate.asked = 0;
    stage.queue.activate([aPod("a")]);
    expect([gate.asked, stage.queue.getPod("a", "default")?.gatingPlugin]).toEqual([0, "Second"]);
    second.isShut = false;
    stage.queue.activate([aPod("a")]);
    expect([gate.asked, stage.queue.getPod("a", "default")?.gatingPlugin]).toEqual([1, "Gate"]);
  });

  it("Q23 keeps the plugin among its rejectors when it is let go", () => {
    const { stage, gate } = gated();
    stage.queue.add(aPod("a"));
    gate.isShut = false;
    stage.event(claimAdd);
    expect([...(stage.queue.getPod("a", "default")?.rejectors ?? [])]).toEqual(["Gate"]);
  });

  it("Q24 vanishes if its key is in activeQ", () => {
    const { stage, gate } = gated();
    gate.isShut = false;
    stage.queue.add(aPod("a", 1));
    gate.isShut = true;
    stage.queue.add(aPod("a", 2));
    expect(stage.queue.getPod("a", "default")).toMatchObject({ place: "active", priority: 1 });
    expect(stage.queue.view.invariants()).toEqual([]);
  });
});

describe("the way into the queues", () => {
  it.each([
    [true, "gated"],
    [false, "backoff"],
  ])("Q21 with early pop %s a pod that comes back and is refused is in %s", (isEarlyPop, place) => {
    const { stage, gate } = gated(isEarlyPop);
    gate.isShut = false;
    stage.takeOff("a");
    stage.event(nodeAdd);
    gate.isShut = true;
    stage.fail("a", ["Fit"]);
    expect(stage.placeOf("a")).toBe(place);
    stage.advance(10_000);
    stage.queue.flushBackoffQCompleted();
    expect(stage.placeOf("a")).toBe("gated");
  });

  it("Q21 does not ask on an update in place", () => {
    const { stage, gate } = gated();
    gate.isShut = false;
    stage.queue.add(aPod("a"));
    gate.asked = 0;
    stage.queue.update(aPod("a"), aPod("a", 3));
    expect([gate.asked, stage.queue.getPod("a", "default")?.priority]).toEqual([0, 3]);
  });

  it("Q25 may leave a pod in backoffQ and the pool, without early pop, by an update of two kinds", () => {
    const stage = new Stage({
      featureGates: { schedulerPopFromBackoffQ: false },
      queueingHintMap: new Map([
        ["default-scheduler", [{ plugin: "Fit", event: { resource: "Pod", actionType: actionType.UpdatePodLabel } }]],
      ]),
    });
    stage.park("a", "Fit");
    const old = aPod("a");
    const updated = { ...aPod("a", 0, { zone: "x" }), spec: { tolerations: [{ operator: "Exists" }] } };
    stage.queue.update(old, updated);
    expect(stage.queue.view.sizes()).toMatchObject({ backoff: 1, unschedulable: 1 });
    expect(stage.queue.view.invariants().map(({ rule }) => rule)).toEqual(["pod-in-two-places"]);
  });
});
