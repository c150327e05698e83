import { expect, it } from "vitest";
import { Abort } from "#lib/clock/index.ts";
import { InProcessCluster } from "./in-process-cluster.ts";

const everything = { resourceVersion: "", limit: 0, continue: "" } as const;

it("cuts off whoever asks again and again without letting time pass, and says so", async () => {
  const cluster = new InProcessCluster({ seed: 1, historyWindow: 10, bookmarkIntervalMs: 10_000 });
  const source = cluster.transport.listerWatcher({ group: "", version: "v1", resource: "nodes" });
  const { signal } = new Abort();
  let lists = 0;
  const askOn = async (): Promise<never> => {
    for (;;) {
      for await (const { kind } of await source.list(everything, signal)) if (kind === "metadata") lists++;
    }
  };
  const asking = askOn().catch((error: unknown) => String(error));
  await expect(cluster.clock.settle()).rejects.toThrow("do not come to rest");
  expect(await asking).toContain("gone");
  expect(lists).toBeGreaterThan(10);
  await cluster.stop();
});
