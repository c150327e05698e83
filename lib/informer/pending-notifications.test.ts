import { describe, expect, it } from "vitest";
import { HandlingTimes } from "./handling-times.ts";
import { addRun, runOf, syncRun, type Notification } from "./notification.ts";
import { PendingNotifications } from "./pending-notifications.ts";

const added = (object: string, at: number): Notification<string> => ({
  kind: "add",
  at,
  object,
  isInInitialList: false,
});

describe("what waits for a handler", () => {
  it("comes in order, lists and single changes alike, and knows its size and its age", () => {
    const pending = new PendingNotifications<string>();
    pending.pushRun(addRun([], 1, true));
    expect([pending.size, pending.oldestAt, pending.shift()]).toEqual([0, undefined, undefined]);
    pending.pushRun(addRun(["a", "b"], 1, true));
    pending.push(added("c", 2));
    pending.pushRun(syncRun(["d"], 3));
    pending.pushRun(runOf([added("e", 4)], 4));
    const seen: unknown[] = [];
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
      seen.push([next.kind, next.at, pending.size, pending.oldestAt]);
    }
    expect(seen).toEqual([
      ["add", 1, 4, 1],
      ["add", 1, 3, 2],
      ["add", 2, 2, 3],
      ["update", 3, 1, 4],
      ["add", 4, 0, undefined],
    ]);
  });

  it("is dropped at once", () => {
    const pending = new PendingNotifications<string>();
    pending.pushRun(addRun(["a", "b"], 1, true));
    pending.clear();
    expect([pending.size, pending.shift()]).toEqual([0, undefined]);
  });
});

describe("handling times", () => {
  it("answer quantiles by bucket, never more than the longest", () => {
    const times = new HandlingTimes();
    expect(times.quantileMs(0.5)).toBeUndefined();
    for (const ms of [0, 0, 3, 3, 3, 3, 3, 3, 3, 40]) times.record(ms);
    expect([0.1, 0.5, 0.9, 0.99].map((share) => times.quantileMs(share))).toEqual([1, 5, 5, 40]);
    times.record(9_000);
    expect([times.quantileMs(1), times.longestMs, times.samples]).toEqual([9_000, 9_000, 11]);
    expect(times.buckets().filter(({ count }) => count > 0)).toEqual([
      { upToMs: 1, count: 2 },
      { upToMs: 5, count: 7 },
      { upToMs: 50, count: 1 },
      { upToMs: Number.POSITIVE_INFINITY, count: 1 },
    ]);
  });
});
