import { describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { Backoff } from "./backoff.ts";

describe("I11 backoff", () => {
  it("doubles up to the cap", () => {
    const backoff = new Backoff(new FakeClock(), () => 0);
    expect(Array.from({ length: 8 }, () => backoff.nextMs())).toEqual([
      800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000,
    ]);
  });

  it("jitter adds up to the whole of it", () => {
    expect(new Backoff(new FakeClock(), () => 0.5).nextMs()).toBe(1_200);
    expect(new Backoff(new FakeClock(), () => 0.999).nextMs()).toBeLessThan(1_600);
  });

  it("starts over at the first draw more than two minutes after it last did, whatever failed meanwhile", () => {
    const clock = new FakeClock();
    const backoff = new Backoff(clock, () => 0);
    backoff.nextMs();
    clock.set(120_000);
    expect(backoff.nextMs()).toBe(1_600);
    clock.set(120_001);
    expect([backoff.nextMs(), backoff.nextMs()]).toEqual([800, 1_600]);
    clock.set(240_001);
    expect(backoff.nextMs()).toBe(3_200);
    clock.set(240_002);
    expect(backoff.nextMs()).toBe(800);
  });
});
