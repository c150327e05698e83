import { describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { actionType, type Pod } from "#lib/kube/index.ts";
import { aPod } from "#lib/kube/testing/builders.ts";
import { PriorityQueue } from "#lib/queue/index.ts";
import type { Measured } from "#lib/protocol/index.ts";
import { SchedulerMetrics } from "./scheduler-metrics.ts";
import { FakeFinder, FakeScheduler, forbidden } from "./testing/fake-scheduler.ts";

const second = 1_000;
const start = 1_000_000;
const nodeAdd = { resource: "Node", actionType: actionType.Add } as const;

async function situation(...addresses: string[]) {
  const clock = new FakeClock(start);
  const queue = new PriorityQueue({
    clock,
    queueingHintMap: new Map([["default-scheduler", [{ plugin: "Fit", event: nodeAdd }]]]),
  });
  const schedulers = addresses.map((address) => new FakeScheduler(address));
  const finder = new FakeFinder(...schedulers);
  const tried = new Map<string, number>();
  const told: (Measured | undefined)[] = [];
  const found: string[] = [];
  const metrics = new SchedulerMetrics({
    clock,
    finder,
    ours: () => ({ queue: queue.view, attempts: tried }),
    onMeasured: (last) => void told.push(last),
    onFound: ({ address }) => void found.push(address),
  });
  const run = metrics.run();
  const settled = async (): Promise<void> => {
    metrics.stop();
    await run;
  };
  const last = (): Measured => {
    const { state } = metrics;
    if (state.state !== "measured") throw new Error(`expected a measurement, not ${JSON.stringify(state)}`);
    return state.last;
  };
  const [scheduler = new FakeScheduler("nobody"), other = new FakeScheduler("nobody")] = schedulers;
  return { clock, queue, tried, finder, scheduler, other, metrics, told, found, settled, last };
}

describe("kube-scheduler's metrics", () => {
  it("are read every five seconds, each reading with its age, its source and our figures beside it", async () => {
    const { clock, queue, scheduler, last, settled } = await situation("a");
    scheduler.pending.unschedulable = 3;
    scheduler.inFlight.set("PodPopped", 2).set("NodeAdd", 7);
    scheduler.bindings = 4;
    queue.add(aPod("one"));
    queue.add(aPod("two"));
    queue.pop();
    queue.moveAllToActiveOrBackoffQueue(nodeAdd, undefined, { metadata: { name: "n1" } });
    await clock.settle();
    expect(last()).toMatchObject({
      at: start,
      source: "a",
      everyMs: 5 * second,
      pending: {
        active: { measured: 0, ours: 1 },
        backoff: { measured: 0, ours: 0 },
        unschedulable: { measured: 3, ours: 0 },
        gated: { measured: 0, ours: 0 },
      },
      inFlight: { measured: 2, ours: 1 },
      inFlightEvents: { NodeAdd: { measured: 7, ours: 1 } },
      bindings: 4,
      isLeader: true,
    });
    scheduler.inFlight.set("NodeAdd", 9);
    await clock.advance(4 * second);
    expect(last().at).toBe(start);
    await clock.advance(second);
    expect(last()).toMatchObject({ at: start + 5 * second, inFlightEventsTrend: [7, 9] });
    await settled();
  });

  it("are counted from the first reading, or from when kube-scheduler, or our queue, started again", async () => {
    const { clock, queue, tried, scheduler, metrics, last, settled } = await situation("a");
    const pods: Pod[] = [];
    const come = (): void => {
      const pod = aPod(`p${pods.length}`);
      pods.push(pod);
      queue.add(pod);
    };
    const incoming = () => last().incoming["active/UnschedulablePodAdd"];
    come();
    scheduler.incoming.set("active/UnschedulablePodAdd", 100);
    scheduler.attempts.set("scheduled", 90);
    await clock.settle();
    expect([incoming(), last().attempts, last().since]).toEqual([
      undefined,
      { scheduled: { measured: 0, ours: 0 } },
      start,
    ]);
    come();
    scheduler.incoming.set("active/UnschedulablePodAdd", 102);
    scheduler.attempts.set("scheduled", 95);
    tried.set("scheduled", 4).set("error", 1);
    await clock.advance(5 * second);
    expect(incoming()).toEqual({ queue: "active", event: "UnschedulablePodAdd", measured: 2, ours: 1 });
    expect(last().attempts).toEqual({ scheduled: { measured: 5, ours: 4 }, error: { measured: 0, ours: 1 } });
    scheduler.incoming.set("active/UnschedulablePodAdd", 1);
    await clock.advance(5 * second);
    expect([incoming(), last().since]).toEqual([undefined, start + 10 * second]);
    metrics.begin();
    come();
    await clock.advance(5 * second);
    expect([incoming(), last().since]).toEqual([undefined, start + 15 * second]);
    await settled();
  });

  it("say how hints answered, where that is counted, and how long the loop is busy with one attempt", async () => {
    const { clock, queue, scheduler, last, settled } = await situation("a");
    await clock.settle();
    expect([last().hints, last().attemptMs]).toEqual([{}, undefined]);
    scheduler.algorithm = { seconds: 0.03, attempts: 10 };
    await clock.advance(5 * second);
    expect(last().attemptMs).toBeCloseTo(3);
    scheduler.rejected = { seconds: 1, attempts: 100 };
    scheduler.hints.set("Fit/NodeAdd/Queue", 2);
    queue.seed({ pod: aPod("parked"), since: start, unschedulablePlugins: new Set(["Fit"]) });
    queue.moveAllToActiveOrBackoffQueue(nodeAdd, undefined, { metadata: { name: "n1" } });
    await clock.advance(5 * second);
    expect(last().hints).toEqual({ "Fit/NodeAdd/Queue": { measured: 2, ours: 1 } });
    scheduler.rejected = { seconds: 1.2, attempts: 200 };
    await clock.advance(5 * second);
    expect(last().attemptMs).toBeCloseTo(2);
    await clock.advance(5 * second);
    expect(last()).not.toHaveProperty("attemptMs");
    await settled();
  });

  it("are those of the replica that leads, and of another one once that leads", async () => {
    const { clock, scheduler, other, found, last, settled } = await situation("a", "b");
    scheduler.isLeader = false;
    await clock.settle();
    expect([last().source, found]).toEqual(["b", ["b"]]);
    other.isLeader = false;
    scheduler.isLeader = true;
    await clock.advance(5 * second);
    expect(last()).toMatchObject({ source: "b", isLeader: false });
    await clock.advance(30 * second);
    expect(last()).toMatchObject({ source: "a", isLeader: true });
    await settled();
  });

  it("that cannot be read are asked for again, and everything that was tried is said", async () => {
    const { clock, scheduler, other, metrics, told, last, settled } = await situation("a", "b");
    scheduler.failure = forbidden("pods/proxy is forbidden");
    other.isSilent = true;
    await clock.advance(4 * second);
    expect(metrics.state).toEqual({
      state: "notReachable",
      nextAt: start + 34 * second,
      tried: [
        { address: "a", problem: expect.objectContaining({ code: "forbidden", message: "pods/proxy is forbidden" }) },
        { address: "b", problem: expect.objectContaining({ code: "timed-out" }) },
      ],
    });
    expect(told).toEqual([]);
    scheduler.failure = undefined;
    await clock.advance(30 * second);
    expect(last().source).toBe("a");
    await settled();
  });

  it("that fail meanwhile grow old with the reason beside them, and are given up after three times", async () => {
    const { clock, scheduler, metrics, told, settled } = await situation("a");
    await clock.settle();
    scheduler.failure = forbidden();
    await clock.advance(5 * second);
    expect(metrics.state).toMatchObject({ state: "measured", last: { at: start }, problem: { code: "forbidden" } });
    await clock.advance(10 * second);
    expect(metrics.state).toMatchObject({ state: "notReachable" });
    expect(told.at(-1)).toBeUndefined();
    scheduler.failure = undefined;
    await clock.advance(30 * second);
    expect(metrics.state).toMatchObject({ state: "measured" });
    expect(metrics.state).not.toHaveProperty("problem");
    await settled();
  });

  it("of a cluster that hides its scheduler, or does not let us look, are not reachable", async () => {
    const { clock, finder, metrics, settled } = await situation();
    await clock.settle();
    expect(metrics.state).toMatchObject({
      state: "notReachable",
      tried: [{ address: "kube-system", problem: { code: "no-scheduler-pod" } }],
    });
    finder.failure = forbidden("cannot list pods");
    await clock.advance(30 * second);
    expect(metrics.state).toMatchObject({ tried: [{ problem: { code: "forbidden", message: "cannot list pods" } }] });
    await settled();
  });

  it("are asked for no more once it is stopped, also in the middle of a question", async () => {
    const { clock, finder, scheduler, metrics, settled } = await situation("a");
    await clock.settle();
    scheduler.isSilent = true;
    await clock.advance(5 * second);
    const asked = scheduler.asked.length;
    metrics.stop();
    await settled();
    expect([finder.isClosed, clock.nextTimerAt]).toEqual([true, undefined]);
    await clock.advance(60 * second);
    expect(scheduler.asked).toHaveLength(asked);
  });
});
