import process from "node:process";
import { beforeAll, describe, expect, it } from "vitest";
import { faultKinds, Schedule } from "./testing/schedule.ts";

/** One seed, to see a failure again: `KUBE_INFLIGHT_FAULT_SEED=417 vitest run … schedules`. */
const { KUBE_INFLIGHT_FAULT_SEED: asked } = process.env;
const schedules = 1_000;
const together = 100;

const batches =
  asked === undefined
    ? Array.from({ length: schedules / together }, (_, batch) => batch * together + 1)
    : [Number(asked)];

// The HTTP client loads its parser with the first connection, which takes as long as it takes.
beforeAll(async () => void (await new Schedule(0).run()));

describe("our informer under random faults of the embedded cluster", () => {
  it.each(batches)(
    "has at the end what the server has, and every chain is whole, from seed %d on",
    { timeout: 120_000 },
    async (first) => {
      const count = asked === undefined ? together : 1;
      const struck = new Map(faultKinds.map((kind) => [kind, 0]));
      for (let seed = first; seed < first + count; seed++) {
        const schedule = new Schedule(seed);
        const wrong = await schedule.run().catch((error: unknown) => [String(error)]);
        const again = `KUBE_INFLIGHT_FAULT_SEED=${seed} shows it again; what was done:\n${schedule.steps.join("\n")}`;
        expect(wrong, again).toEqual([]);
        for (const [kind, hits] of schedule.hits) struck.set(kind, (struck.get(kind) ?? 0) + hits);
      }
      if (asked !== undefined) return;
      for (const [kind, hits] of struck) expect(hits, kind).toBeGreaterThan(0);
    },
  );

  it("does the same for the same seed", async () => {
    const one = new Schedule(7);
    await one.run();
    const other = new Schedule(7);
    await other.run();
    // Everything draws from one source of chance: whatever went another way shows in what was drawn after it.
    expect(other.steps).toEqual(one.steps);
    expect(other.hits).toEqual(one.hits);
  });
});
