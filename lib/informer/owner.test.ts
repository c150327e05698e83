import { describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { Owner } from "./owner.ts";

const minute = 60_000;

/** Instants in minutes; a number adds a registration then, `-n` removes one at minute n. */
const scenarios: readonly { readonly rule: string; readonly steps: readonly number[]; readonly isSuspect: boolean }[] =
  [
    { rule: "three at once, for ever", steps: [0, 0, 0], isSuspect: false },
    { rule: "two at the start and one much later", steps: [0, 0, 60], isSuspect: false },
    { rule: "one every few minutes, over ten", steps: [0, 4, 8, 12], isSuspect: true },
    { rule: "the same within ten minutes", steps: [0, 3, 6, 9], isSuspect: false },
    { rule: "one removed in between", steps: [0, 4, -6, 8, 12], isSuspect: false },
    { rule: "grown again after a removal", steps: [0, 4, -6, 8, 12, 20], isSuspect: true },
  ];

describe("I67 an owner that only grows for ten minutes", () => {
  it.each(scenarios)("$rule: $isSuspect", ({ steps, isSuspect }) => {
    const clock = new FakeClock(0);
    const owner = new Owner("x", clock);
    for (const step of steps) {
      clock.set(Math.abs(step) * minute);
      if (step < 0) owner.removed();
      else owner.added();
    }
    expect(owner.isSuspect).toBe(isSuspect);
  });

  it("is released once, at the first call", () => {
    const clock = new FakeClock(5);
    const owner = new Owner("x", clock);
    owner.release();
    clock.set(9);
    owner.release();
    expect([owner.isReleased, owner.releasedAt]).toEqual([true, 5]);
  });
});
