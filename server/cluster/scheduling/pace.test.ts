import { expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { aPod } from "#lib/kube/testing/builders.ts";
import { attemptLabel } from "#lib/protocol/index.ts";
import { PriorityQueue } from "#lib/queue/index.ts";
import { Pace } from "./pace.ts";

const plain = aPod("plain");

function situation(waiting: number) {
  const clock = new FakeClock(1_000_000);
  const queue = new PriorityQueue({ clock, queueingHintMap: new Map(), preEnqueuePlugins: new Map() });
  for (let index = 0; index < waiting; index++) {
    queue.add({ metadata: { namespace: "shop", name: `p${index}`, uid: `p${index}` }, spec: {} });
  }
  return { clock, queue, pace: new Pace(clock, queue) };
}

it("lets everybody take their time where few wait", () => {
  const { pace } = situation(3);
  pace.choose(2_000);
  expect([1, 2, 3, 4, 5].map(() => pace.bindingMs())).toEqual([2_000, 2_000, 2_000, 2_000, 2_000]);
  expect(pace.postFilterMs(plain)).toBe(300);
});

it("lets three take their time where many wait, and the others pass them", () => {
  const { clock, pace } = situation(100);
  pace.choose(2_000);
  expect([1, 2, 3, 4].map(() => pace.bindingMs())).toEqual([2_000, 2_000, 2_000, 80]);
  expect(pace.postFilterMs(plain)).toBe(80);
  clock.set(clock.now() + 2_000);
  expect([1, 2, 3, 4].map(() => pace.bindingMs())).toEqual([2_000, 2_000, 2_000, 80]);
});

it("tries at full speed what waits at the start, each once, while three are to be seen", () => {
  const { queue, pace } = situation(30);
  expect([1, 2, 3, 4].map(() => pace.bindingMs())).toEqual([2_000, 2_000, 2_000, 0]);
  expect(pace.postFilterMs(plain)).toBe(0);
  for (let info = queue.pop(); info !== undefined; info = queue.pop()) queue.done(info.uid);
  expect(pace.postFilterMs(plain)).toBe(300);
  expect(pace.bindingMs()).toBe(2_000);
});

it("keeps pods of a play in flight as long as the play needs, whatever else there is", () => {
  const short = aPod("short", { labels: { [attemptLabel]: "short" } });
  const long = aPod("long", { labels: { [attemptLabel]: "long" } });
  for (const waiting of [3, 100]) {
    const { pace } = situation(waiting);
    expect([pace.postFilterMs(short), pace.postFilterMs(long)]).toEqual([300, 3_000]);
  }
});
