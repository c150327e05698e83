import { describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { actionType, type Pod } from "#lib/kube/index.ts";
import { aNode, aPod } from "#lib/kube/testing/builders.ts";
import { PriorityQueue, type Place, type QueuedPodInfo } from "#lib/queue/index.ts";
import { laneOf, QueueFlow } from "./queue-flow.ts";

const second = 1000;
const nodeAdd = { resource: "Node", actionType: actionType.Add };
const lanes = ["active", "backoff", "unschedulable", "gated"] as const;

/** A queue whose plugin `Fit` wants to hear of new nodes, and `Gates` holds pods with gates. */
function situation() {
  const clock = new FakeClock(1_000_000);
  const gates = {
    name: "Gates",
    preEnqueue: ({ spec }: Pod) =>
      (spec?.schedulingGates ?? []).length > 0 ? { code: "unresolvable" as const, reasons: [] } : undefined,
  };
  const queue = new PriorityQueue({
    clock,
    queueingHintMap: new Map([["default-scheduler", [{ plugin: "Fit", event: nodeAdd }]]]),
    preEnqueuePlugins: new Map([["default-scheduler", [gates]]]),
  });
  const flow = new QueueFlow(queue, clock);
  const pop = (): QueuedPodInfo => {
    const info = queue.pop();
    if (info === undefined) throw new Error("nothing to pop");
    return info;
  };
  const reject = (info: QueuedPodInfo): void => {
    info.clearRejectorPlugins();
    info.addUnschedulablePlugin("Fit");
    queue.addUnschedulableIfNotPresent(info, queue.schedulingCycle);
  };
  /** In and out per second, a second later. */
  const rates = () => {
    clock.set(clock.now() + second);
    return Object.fromEntries(
      lanes.map((lane) => {
        const { inPerSecond, outPerSecond } = flow.of(lane);
        return [lane, `${inPerSecond} in, ${outPerSecond} out`];
      }),
    );
  };
  return { clock, queue, pop, reject, rates };
}

describe("the lane of a place", () => {
  it("is where its pods are drawn; what is in flight or outside is in none", () => {
    const drawn = {
      active: "active",
      backoff: "backoff",
      errorBackoff: "backoff",
      unschedulable: "unschedulable",
      gated: "gated",
      inFlight: undefined,
      outside: undefined,
    } as const satisfies Record<Place, ReturnType<typeof laneOf>>;
    for (const [place, lane] of Object.entries(drawn)) expect([place, laneOf(place as Place)]).toEqual([place, lane]);
  });
});

describe("the flow of a queue", () => {
  it("is still while nothing happens", () => {
    const { rates } = situation();
    const still = "0 in, 0 out";
    expect(rates()).toEqual({ active: still, backoff: still, unschedulable: still, gated: still });
  });

  it("counts pods that are taken, parked, moved by an event and gone", () => {
    const { queue, pop, reject, rates } = situation();
    for (const name of ["a", "b", "c", "d"]) queue.add(aPod(name));
    queue.add(aPod("held", { gates: ["quota"] }));
    reject(pop());
    reject(pop());
    queue.done(pop().uid);
    queue.moveAllToActiveOrBackoffQueue(nodeAdd, undefined, aNode("n1"));
    expect(rates()).toEqual({
      active: "4 in, 3 out",
      unschedulable: "2 in, 2 out",
      backoff: "2 in, 0 out",
      gated: "1 in, 0 out",
    });
  });

  it("fades when nothing follows: it is the mean of the last five seconds", () => {
    const { queue, rates } = situation();
    for (let index = 0; index < 10; index++) queue.add(aPod(`p${index}`));
    const seconds = Array.from({ length: 7 }, () => rates()["active"]);
    expect(seconds.map((rate) => rate?.split(" ")[0])).toEqual(["10", "5", "3.3", "2.5", "2", "0", "0"]);
  });

  it("takes a pod that only changes for no crossing", () => {
    const { queue, rates } = situation();
    queue.add(aPod("a"));
    queue.update(aPod("a"), aPod("a", { labels: { app: "web" }, resourceVersion: "2" }));
    expect(rates()["active"]).toBe("1 in, 0 out");
  });
});
