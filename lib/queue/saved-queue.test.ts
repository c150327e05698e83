import { describe, expect, test } from "vitest";
import { WrongSchemeError } from "./in-flight.ts";
import { claimAdd, nodeAdd, Stage, uid } from "./testing/stage.ts";

const schemes = ["current", "historical"] as const;

/** In the story of SPEC Q103, after the marker of `b` was taken out of the list. */
function story(inFlightScheme: (typeof schemes)[number]) {
  const stage = new Stage({ inFlightScheme });
  stage.takeOff("a");
  stage.event(claimAdd);
  stage.takeOff("b");
  stage.done("a");
  return stage;
}

/** The rest of it, with the record that is in flight now. */
function returns(stage: Stage): string {
  stage.event(nodeAdd);
  const info = stage.queue.view.inFlight.pod(uid("b"))?.info;
  if (info === undefined) throw new Error("expected b in flight");
  info.clearRejectorPlugins();
  info.unschedulablePlugins = new Set(["Fit"]);
  stage.queue.addUnschedulableIfNotPresent(info, stage.queue.schedulingCycle);
  return stage.placeOf("b");
}

describe("a queue that is saved", () => {
  test.each(schemes)("Q110 goes on from there as often as it is restored, by the %s scheme", (scheme) => {
    const expected = returns(story(scheme));
    expect(expected).toBe(scheme === "historical" ? "unschedulable" : "backoff");
    const stage = story(scheme);
    const saved = stage.queue.save();
    for (let time = 0; time < 3; time++) {
      expect(returns(stage)).toBe(expected);
      stage.queue.restore(saved, "Undo");
      expect([stage.placeOf("b"), stage.seenBy("b")]).toEqual(["nowhere", []]);
    }
    stage.done("b");
    expect(stage.list).toEqual([]);
  });

  test("Q110 of one scheme is of no use to the other", () => {
    const saved = story("historical").queue.save();
    expect(() => story("current").queue.restore(saved, "Undo")).toThrow(WrongSchemeError);
  });

  test("Q111 tells who moved by it, and why, and gives no number out twice", () => {
    const stage = new Stage();
    stage.park("parked", "Fit");
    const saved = stage.queue.save();
    stage.takeOff("new");
    stage.event(nodeAdd);
    const popIndex = stage.queue.view.inFlight.pod(uid("new"))?.popIndex ?? 0;
    const seqs = Array.from(stage.queue.view.inFlight.elements(), ({ seq }) => seq);
    stage.told.length = 0;
    stage.queue.restore(saved, "Undo");
    const moves = stage.told.map((told) =>
      "from" in told && told.kind === "moved" ? [told.pod.uid, told.from, told.to, told.cause] : [],
    );
    expect(moves).toEqual([
      ["parked", "backoff", "unschedulable", { event: "Undo" }],
      ["new", "inFlight", "outside", { event: "Undo" }],
    ]);
    stage.takeOff("newer");
    const element = stage.queue.view.inFlight.pod(uid("newer"));
    expect(element?.popIndex).toBeGreaterThan(popIndex);
    expect(element?.seq).toBeGreaterThan(Math.max(...seqs));
  });

  test("Q111 brings back nominations and gauges, and leaves counters", () => {
    const stage = new Stage();
    stage.park("a", "Fit");
    const pod = stage.queue.getPod("a", "default")?.pod;
    if (pod === undefined) throw new Error("expected a parked pod");
    stage.queue.addNominatedPod(pod, { mode: "override", nominatedNodeName: "n1" });
    const saved = stage.queue.save();
    const metric = (name: string) => stage.queue.view.metrics().find((family) => family.name === name)?.values;
    const gauges = metric("scheduler_unschedulable_pods");
    stage.queue.delete(pod);
    const counters = metric("scheduler_queue_incoming_pods_total");
    expect([stage.queue.view.nominations(), metric("scheduler_unschedulable_pods")]).toEqual([[], []]);
    stage.queue.restore(saved, "Undo");
    expect(stage.queue.nominatedPodsForNode("n1").map(({ metadata }) => metadata.name)).toEqual(["a"]);
    expect(metric("scheduler_unschedulable_pods")).toEqual(gauges);
    expect(metric("scheduler_queue_incoming_pods_total")).toEqual(counters);
  });
});
