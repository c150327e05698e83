import { describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { BackoffQueue, noBackoff } from "./backoff-queue.ts";
import { QueueMetrics } from "./queue-metrics.ts";
import { byPriorityThenAge } from "./queue-sort.ts";
import { QueuedPodInfo } from "./queued-pod-info.ts";
import { aPod } from "./testing/stage.ts";

const start = 1_767_225_600_000;

function backoffQueue(
  options: { readonly isEarlyPop?: boolean; readonly maxMs?: number; readonly initialMs?: number } = {},
) {
  const { isEarlyPop = true, maxMs = 10_000, initialMs = 1_000 } = options;
  const clock = new FakeClock(start);
  const queue = new BackoffQueue({
    clock,
    metrics: new QueueMetrics(),
    less: byPriorityThenAge,
    podInitialBackoffMs: initialMs,
    podMaxBackoffMs: maxMs,
    isPopFromBackoffQEnabled: isEarlyPop,
  });
  return { clock, queue };
}

function record(name: string, counts: Partial<QueuedPodInfo> = {}, priority = 0): QueuedPodInfo {
  return Object.assign(new QueuedPodInfo(aPod(name, priority), start), counts);
}

const rejected = { unschedulablePlugins: new Set(["Fit"]), unschedulableCount: 1 };

describe("a backoff", () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [4, 8_000],
    [5, 10_000],
    [33, 10_000],
    [100, 10_000],
  ])("Q30 after %i failures lasts %i ms", (failures, ms) => {
    const { queue } = backoffQueue();
    expect(queue.backoffEnd(record("a", { unschedulableCount: failures })) - start).toBe(ms);
  });

  it("Q30 is off where its maximum is 0, and never counts without a failure", () => {
    expect(backoffQueue({ maxMs: 0 }).queue.backoffEnd(record("a", rejected))).toBe(noBackoff);
    expect(backoffQueue().queue.backoffEnd(record("a"))).toBe(noBackoff);
  });

  it("Q31 counts errors for themselves as long as they last", () => {
    const { queue } = backoffQueue();
    const info = record("a", { unschedulableCount: 4, consecutiveErrorsCount: 1 });
    expect(queue.backoffEnd(info) - start).toBe(1_000);
  });

  it.each([
    [true, 1_999, 2_000],
    [false, 1_400, 1_401],
  ])("Q32 with early pop %s runs at %i ms and is over at %i ms", (isEarlyPop, runningAt, overAt) => {
    const { queue, clock } = backoffQueue({ isEarlyPop });
    const info = record("a", { ...rejected, timestamp: start + 400 });
    clock.set(start + runningAt);
    expect(queue.isPodBackingOff(info)).toBe(true);
    clock.set(start + overAt);
    expect(queue.isPodBackingOff(info)).toBe(false);
  });

  it("Q35 keeps its end, once worked out, until the record forgets it", () => {
    const { queue } = backoffQueue();
    const info = record("a", { ...rejected });
    const end = queue.backoffEnd(info);
    info.unschedulableCount = 3;
    expect(queue.backoffEnd(info)).toBe(end);
    info.backoffExpiration = undefined;
    expect(queue.backoffEnd(info)).toBe(start + 4_000);
  });

  it("Q91 can be read without working it out", () => {
    const { queue } = backoffQueue();
    const info = record("a", { ...rejected });
    expect(queue.readEnd(info)).toBe(start + 1_000);
    expect(info.backoffExpiration).toBeUndefined();
  });
});

describe("the backoff queues", () => {
  it("Q33 part those without rejectors from the others", () => {
    const { queue } = backoffQueue();
    const error = record("error", { consecutiveErrorsCount: 1 });
    queue.add(error, "ScheduleAttemptFailure");
    expect([error.place, queue.size, queue.poppableSize, queue.popBackoff()]).toEqual([
      "errorBackoff",
      1,
      0,
      undefined,
    ]);
  });

  it("hold a record once, also when its rejectors changed", () => {
    const { queue } = backoffQueue();
    const info = record("a", { consecutiveErrorsCount: 1 });
    queue.add(info, "x");
    info.unschedulablePlugins = rejected.unschedulablePlugins;
    queue.add(info, "x");
    expect([info.place, queue.size, queue.poppableSize]).toEqual(["backoff", 1, 1]);
  });

  it.each([
    [true, "high"],
    [false, "low"],
  ])("Q34 with early pop %s give %s first of two whose backoff ends in one second", (isEarlyPop, first) => {
    const { queue } = backoffQueue({ isEarlyPop });
    queue.add(record("high", { ...rejected, timestamp: start + 200 }, 5), "x");
    queue.add(record("low", { ...rejected, timestamp: start + 100 }, 1), "x");
    expect(queue.popBackoff()?.uid).toBe(first);
  });

  it("let go of those whose backoff is over, errors last", () => {
    const { queue, clock } = backoffQueue();
    queue.add(record("error", { consecutiveErrorsCount: 1 }), "x");
    queue.add(record("rejected", { ...rejected }), "x");
    queue.add(record("later", { ...rejected, unschedulableCount: 2 }), "x");
    clock.set(start + 1_999);
    expect(queue.popAllBackoffCompleted()).toEqual([]);
    clock.set(start + 2_000);
    expect(queue.popAllBackoffCompleted().map(({ uid }) => uid)).toEqual(["rejected", "error"]);
    expect(queue.size).toBe(1);
  });
});
