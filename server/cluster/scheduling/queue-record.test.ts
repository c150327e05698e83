import { describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { actionType, type Pod, type PodUid } from "#lib/kube/index.ts";
import { aPod } from "#lib/kube/testing/builders.ts";
import { PriorityQueue } from "#lib/queue/index.ts";
import type { HistoryRange, View } from "#lib/protocol/index.ts";
import { expectToKeepContract } from "../testing/contract.ts";
import { buildHistory, buildTransitions } from "../views/history.ts";
import { QueueHistory } from "./queue-history.ts";
import { keptGonePods, keptInAll, keptPerPod, TransitionLog } from "./transition-log.ts";

const second = 1_000;
const minute = 60 * second;
const nodeAdd = { resource: "Node", actionType: actionType.Add } as const;
const node = { metadata: { name: "n1", uid: "uid-n1" } };

/** A queue whose plugin `Fit` hears of new nodes, seven seconds after a full minute. */
function situation() {
  const clock = new FakeClock(100 * minute + 7 * second);
  const queue = new PriorityQueue({
    clock,
    queueingHintMap: new Map([["default-scheduler", [{ plugin: "Fit", event: nodeAdd }]]]),
  });
  const provenance = "actual" as const;
  const outcomes = new Map<string, "observed">();
  const history = new QueueHistory(queue, clock);
  const transitions = new TransitionLog(queue, (uid) => outcomes.get(uid));
  const pop = (pod: Pod) => {
    const info = queue.popSpecificPod(pod);
    if (info === undefined) throw new Error("expected it to be popped");
    return info;
  };
  const fail = (pod: Pod, ...plugins: string[]) => {
    const info = pop(pod);
    info.clearRejectorPlugins();
    info.unschedulablePlugins = new Set(plugins);
    queue.addUnschedulableIfNotPresent(info, queue.schedulingCycle);
  };
  const rows = (view: Partial<View<"transitions">> = {}) => {
    const value = buildTransitions({ transitions, provenance }, { limit: 200, ...view });
    expectToKeepContract("transitions", value);
    return value;
  };
  const moves = (view?: Partial<View<"transitions">>) =>
    Object.values(rows(view).rows).map(({ name, from, to, cause }) => `${name} ${from}>${to} ${cause.event}`);
  const series = (range: HistoryRange = "15m") => {
    const value = buildHistory({ history, provenance }, { range });
    expectToKeepContract("history", value);
    return value;
  };
  const points = (range?: HistoryRange) => Object.values(series(range).points);
  return { clock, queue, history, outcomes, pop, fail, rows, moves, series, points };
}

describe("what pods did", () => {
  it("is told with places and causes, of one pod or of all, the newest kept in order", () => {
    const { queue, fail, moves } = situation();
    const [a, b] = [aPod("a"), aPod("b")];
    queue.add(a);
    queue.add(b);
    fail(a, "Fit");
    queue.moveAllToActiveOrBackoffQueue(nodeAdd, undefined, node);
    queue.delete(b);
    expect(moves()).toEqual([
      "a outside>active UnschedulablePodAdd",
      "b outside>active UnschedulablePodAdd",
      "a active>inFlight PopSpecificPod",
      "a inFlight>unschedulable ScheduleAttemptFailure",
      "a unschedulable>backoff NodeAdd",
      "b active>outside Delete",
    ]);
    expect(moves({ uid: "uid-b" })).toEqual(["b outside>active UnschedulablePodAdd", "b active>outside Delete"]);
    expect(moves({ uid: "nobody" })).toEqual([]);
  });

  it("says which attempt began, who rejected the pod, which event decided, and how the end is known", () => {
    const { queue, outcomes, pop, rows } = situation();
    const a = aPod("a");
    queue.add(a);
    const info = pop(a);
    queue.moveAllToActiveOrBackoffQueue(nodeAdd, undefined, node);
    info.clearRejectorPlugins();
    info.unschedulablePlugins = new Set(["Fit", "Another"]);
    outcomes.set("uid-a", "observed");
    queue.addUnschedulableIfNotPresent(info, queue.schedulingCycle);
    const [, popped, back] = Object.values(rows().rows);
    expect(popped).toMatchObject({ to: "inFlight", attempts: 1, isAttemptsAtLeast: false });
    expect(popped).not.toHaveProperty("outcome");
    expect(back).toMatchObject({
      to: "backoff",
      verdict: "afterBackoff",
      rejectors: ["Another", "Fit"],
      outcome: "observed",
      cause: { event: "ScheduleAttemptFailure", plugin: "Fit", object: "n1", decidedBy: 2 },
    });
  });

  it("of an attempt that ends otherwise is told with its cause", () => {
    const { queue, pop, moves } = situation();
    queue.add(aPod("a"));
    pop(aPod("a"));
    queue.done("uid-a" as PodUid, "Bound");
    expect(moves().at(-1)).toBe("a inFlight>outside Bound");
  });

  it("can be leafed through", () => {
    const { queue, moves, rows } = situation();
    for (const name of ["a", "b", "c", "d"]) queue.add(aPod(name));
    expect(moves({ limit: 1 })).toEqual(["d outside>active UnschedulablePodAdd"]);
    const [first = ""] = Object.keys(rows({ limit: 2 }).rows);
    expect(moves({ before: Number(first), limit: 1 })).toEqual(["b outside>active UnschedulablePodAdd"]);
    expect(rows({ limit: 1 })).toMatchObject({ kept: 4, total: 4 });
  });

  it("is kept 200 times per pod and 20,000 times in all, with the number there ever was", () => {
    const { queue, rows } = situation();
    const a = aPod("a");
    for (let round = 0; round < keptInAll / 2 + 5; round++) {
      queue.add(a);
      queue.delete(a);
    }
    expect(rows({ uid: "uid-a" })).toMatchObject({ kept: keptPerPod, total: keptInAll + 10 });
    expect(rows()).toMatchObject({ kept: keptInAll, total: keptInAll + 10 });
  });

  it("is forgotten of those that went first, once many have gone", () => {
    const { queue, rows } = situation();
    const stays = aPod("stays");
    queue.add(stays);
    for (let number = 0; number <= keptGonePods; number++) {
      const pod = aPod(`p${number}`);
      queue.add(pod);
      queue.delete(pod);
    }
    expect(rows({ uid: "uid-stays" }).kept).toBe(1);
    expect(rows({ uid: "uid-p0" }).kept).toBe(0);
    expect(rows({ uid: "uid-p1" }).kept).toBe(2);
  });
});

describe("the queue's counters over time", () => {
  it("are taken at whole quarters of a minute, each with what happened since the one before", async () => {
    const { clock, queue, fail, pop, points } = situation();
    expect(points()).toEqual([]);
    queue.add(aPod("a"));
    fail(aPod("a"), "Fit");
    await clock.advance(8 * second);
    queue.add(aPod("b"));
    pop(aPod("b"));
    queue.moveAllToActiveOrBackoffQueue(nodeAdd, undefined, node);
    queue.moveAllToActiveOrBackoffQueue(nodeAdd, undefined, node);
    queue.done("uid-b" as PodUid, "Bound");
    await clock.advance(15 * second);
    const idle = { active: 0, backoff: 0, gated: 0, inFlight: 0, listLength: 0 };
    expect(points()).toEqual([
      {
        ...idle,
        at: 100 * minute + 15 * second,
        unschedulable: 1,
        listLengthMax: 1,
        pinnedBy: { uid: "uid-a", namespace: "default", name: "a" },
        popped: 1,
        handedBack: 1,
        finished: 0,
        woken: 0,
        events: 0,
      },
      {
        ...idle,
        at: 100 * minute + 30 * second,
        active: 1,
        unschedulable: 0,
        listLengthMax: 3,
        pinnedBy: { uid: "uid-b", namespace: "default", name: "b" },
        popped: 1,
        handedBack: 0,
        finished: 1,
        woken: 1,
        events: 2,
      },
    ]);
  });

  it("are whole minutes in the longest range, summed up, without the minute that goes on", async () => {
    const { clock, queue, points, series } = situation();
    await clock.advance(second);
    for (let quarter = 0; quarter < 9; quarter++) {
      queue.add(aPod(`p${quarter}`));
      queue.pop();
      await clock.advance(15 * second);
    }
    expect(series("6h").stepMs).toBe(minute);
    const ends = [101 * minute, 102 * minute];
    expect(points("6h").map(({ at, popped, inFlight }) => [at, popped, inFlight])).toEqual([
      [ends[0], 4, 4],
      [ends[1], 4, 8],
    ]);
    expect(points("6h")[1]).toMatchObject({ listLengthMax: 8, pinnedBy: { name: "p0" } });
    expect(series("6h").listLengthMedian).toBe(8);
  });

  it("reach back as far as the range says", async () => {
    const { clock, points } = situation();
    for (let hour = 0; hour < 7; hour++) await clock.advance(60 * minute);
    expect([points("15m").length, points("1h").length, points("6h").length]).toEqual([60, 240, 360]);
  });

  it("end when they are stopped", () => {
    const { clock, history } = situation();
    history.stop();
    expect(clock.nextTimerAt).toBeUndefined();
  });
});
