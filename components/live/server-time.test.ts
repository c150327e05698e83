import { describe, expect, it } from "vitest";
import { ServerTime } from "./server-time.ts";

class StandingClock {
  time = 10_000;
  readonly timers = new Map<number, { readonly due: number; readonly callback: () => void }>();
  #nextTimer = 1;
  now(): number {
    return this.time;
  }
  setTimeout(callback: () => void, ms: number): number {
    this.timers.set(this.#nextTimer, { due: this.time + ms, callback });
    return this.#nextTimer++;
  }
  clearTimeout(timer: number): void {
    this.timers.delete(timer);
  }
  move(ms: number): void {
    this.time += ms;
    const due = [...this.timers].filter(([, timer]) => timer.due <= this.time);
    for (const [timer, { callback }] of due) if (this.timers.delete(timer)) callback();
  }
}

describe("the server's time", () => {
  it("is ours until an answer says otherwise", () => {
    const time = new ServerTime(new StandingClock());
    expect(time.now()).toBe(10_000);
    time.learn(70_050, 9_900, 10_000);
    expect(time.now()).toBe(10_000 + 70_050 - 9_950);
  });

  it("trusts quick answers more than slow ones, unless the clocks have clearly moved apart", () => {
    const clock = new StandingClock();
    const time = new ServerTime(clock);
    time.learn(70_000, 9_990, 10_000);
    const before = time.now();
    time.learn(70_400, 9_200, 10_000);
    expect(time.now()).toBe(before);
    time.learn(500_000, 9_200, 10_000);
    expect(time.now()).toBeGreaterThan(400_000);
  });

  it("stands still between ticks and tells its listeners at each", () => {
    const clock = new StandingClock();
    const time = new ServerTime(clock);
    const seen: number[] = [];
    const leave = time.subscribe(1_000, () => seen.push(time.at(1_000)));
    clock.move(999);
    expect(time.at(1_000)).toBe(10_000);
    clock.move(2);
    clock.move(1_000);
    expect(seen).toEqual([11_000, 12_000]);
    leave();
    expect(clock.timers.size).toBe(0);
  });
});
