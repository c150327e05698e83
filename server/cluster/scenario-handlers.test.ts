import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import type { ScenarioName } from "#lib/protocol/index.ts";
import { RefusedError } from "#server/hub/index.ts";
import { FakeCluster } from "#server/hub/testing/fake-clusters.ts";
import { ScenarioHandlers } from "./scenario-handlers.ts";

const logger = pino({ enabled: false });

async function on(scenario: ScenarioName, stage = new FakeCluster("demo")) {
  const clock = new FakeClock();
  const handlers = new ScenarioHandlers({ scenario, stage, clock, logger });
  await clock.settle();
  return { clock, handlers, asked: stage.asked };
}

describe("the handlers of a scenario", () => {
  it("are there while it plays, and are removed with it", async () => {
    const { handlers, asked } = await on("slow-handler");
    expect(asked).toEqual(["addHandler v1/pods count", "addHandler v1/pods slow"]);
    await handlers.end();
    expect(asked.slice(2)).toEqual(["removeHandler 1", "removeHandler 2"]);
  });

  it("stay when their owner is done, until the scenario is over", async () => {
    const { handlers, asked } = await on("leaked-handler");
    expect(asked.slice(3)).toEqual(["releaseOwner old-dashboard"]);
    await handlers.end();
    expect(asked.slice(4)).toHaveLength(4);
  });

  it("come and go, where one is a guest", async () => {
    const { clock, handlers, asked } = await on("shared-informer");
    expect(asked).toEqual(["addHandler v1/pods count", "addHandler v1/pods count"]);
    await clock.advance(12_000);
    expect(asked.slice(2)).toEqual(["removeHandler 2"]);
    await clock.advance(12_000);
    expect(asked.slice(3)).toEqual(["addHandler v1/pods count"]);
    await handlers.end();
    expect(asked.slice(4)).toEqual(["removeHandler 1", "removeHandler 3"]);
    await clock.advance(60_000);
    expect(asked).toHaveLength(6);
  });

  it("are none where the scenario needs none, and harm nobody where they cannot be had", async () => {
    expect((await on("busy")).asked).toEqual([]);
    const stage = new FakeCluster("demo");
    stage.failure = new RefusedError(503, "worker-gone", "it is gone");
    const { handlers } = await on("slow-handler", stage);
    await expect(handlers.end()).resolves.toBeUndefined();
  });
});
