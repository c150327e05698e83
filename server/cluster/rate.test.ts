import { describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { Rate } from "./rate.ts";

describe("Rate", () => {
  it("is what was counted per second over the last five seconds", () => {
    const clock = new FakeClock(10_000);
    const rate = new Rate(clock);
    for (const [second, total] of [10, 30, 60, 60, 100, 100, 100].entries()) {
      clock.set(11_000 + second * 1000);
      rate.observe(total);
    }
    expect(rate.history).toEqual([10, 20, 30, 0, 40, 0, 0]);
    expect(rate.perSecond).toBe(14);
  });

  it("does not move within a second, and spreads what it saw late", () => {
    const clock = new FakeClock(0);
    const rate = new Rate(clock);
    clock.set(900);
    rate.observe(50);
    expect(rate.perSecond).toBe(0);
    clock.set(4000);
    rate.observe(80);
    expect(rate.history).toEqual([20, 20, 20, 20]);
  });

  it("takes a counter that went down for a new one", () => {
    const clock = new FakeClock(0);
    const rate = new Rate(clock);
    clock.set(1000);
    rate.observe(100);
    clock.set(2000);
    rate.observe(7);
    expect(rate.history).toEqual([100, 7]);
  });
});
