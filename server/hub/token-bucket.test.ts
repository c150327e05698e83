import { expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { TokenBucket } from "./token-bucket.ts";

it("allows a burst, then as many as the rate gives, and never saves more than a burst", () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket(clock, { burst: 3, perSecond: 2 });
  const taken = (): number => {
    let count = 0;
    while (bucket.take()) count++;
    return count;
  };
  expect(taken()).toBe(3);
  clock.set(500);
  expect(taken()).toBe(1);
  clock.set(60_000);
  expect(taken()).toBe(3);
});
