import { describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { actionType, podUid, type KubeObject } from "#lib/kube/index.ts";
import { aNode, aPod } from "#lib/kube/testing/builders.ts";
import { PriorityQueue } from "#lib/queue/index.ts";
import { UnseenByHistorical } from "./unseen-by-historical.ts";

const nodeAdd = { resource: "Node", actionType: actionType.Add } as const;

/** Two pods; `young` is popped behind an event that only `old` needs. */
function situation(scheme: "current" | "historical") {
  const registration = { plugin: "NodeResourcesFit", event: nodeAdd };
  const queue = new PriorityQueue({
    clock: new FakeClock(),
    queueingHintMap: new Map([["default-scheduler", [registration]]]),
    inFlightScheme: scheme,
  });
  const unseen = new UnseenByHistorical(queue);
  const [old, young] = [aPod("old", { priority: 2 }), aPod("young", { priority: 1 })];
  for (const pod of [old, young]) queue.add(pod);
  const nodeComes = (node: KubeObject): void => queue.moveAllToActiveOrBackoffQueue(nodeAdd, undefined, node);
  queue.pop();
  nodeComes(aNode("marker"));
  const record = queue.pop();
  if (record === undefined) throw new Error("young is not popped");
  return { queue, unseen, old, young, record, nodeComes };
}

describe.each(["current", "historical"] as const)("beside a queue with the %s event list", (scheme) => {
  it("events are unseen once the marker's pods are done: those of the attempt, and it stays so afterwards", () => {
    const { queue, unseen, old, young, record, nodeComes } = situation(scheme);
    const room = aNode("room");
    nodeComes(room);
    expect([...unseen.of(podUid(young))]).toEqual([]);
    queue.done(podUid(old));
    expect([...unseen.of(podUid(young))]).toEqual([room]);
    record.unschedulablePlugins = new Set(["NodeResourcesFit"]);
    queue.addUnschedulableIfNotPresent(record, queue.schedulingCycle);
    expect([...unseen.of(podUid(young))]).toEqual([room]);
    unseen.forget(podUid(young));
    expect([...unseen.of(podUid(young))]).toEqual([]);
  });

  it("nothing is unseen while an older pod needs the marker too, nor of a pod that nobody popped", () => {
    const { unseen, young, nodeComes } = situation(scheme);
    nodeComes(aNode("room"));
    expect(unseen.of(podUid(young)).size).toBe(0);
    expect(unseen.of("uid-unknown").size).toBe(0);
  });

  it("hears no more once it is stopped", () => {
    const { queue, unseen, old, young, nodeComes } = situation(scheme);
    unseen.stop();
    nodeComes(aNode("room"));
    queue.done(podUid(old));
    expect(unseen.of(podUid(young)).size).toBe(0);
  });
});
