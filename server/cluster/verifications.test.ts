import { describe, expect, it } from "vitest";
import { ConnectionError } from "#lib/informer/index.ts";
import { aHandler, FakeCluster } from "./testing/fake-cluster.ts";

const configMaps = "v1/configmaps";

async function situation() {
  const cluster = new FakeCluster();
  const source = cluster.source(configMaps);
  const { board, clock } = cluster;
  for (const name of ["a", "b", "c"]) source.create("shop", name);
  board.addHandler(configMaps, aHandler());
  await clock.settle();
  const { informer } = board.running(configMaps);
  const verify = () => board.verifications.verify(informer);
  return { board, clock, source, verify, state: () => board.verifications.of(informer) };
}

describe("a verification", () => {
  it("names what is missing, extra and older, and is remembered", async () => {
    const { clock, source, verify, state } = await situation();
    // The watch does not tell any more.
    source.send = () => {};
    source.create("shop", "missing");
    source.deleteIfPresent("shop", "a");
    source.updateIfPresent("shop", "b", { tier: "gold" });
    const since = clock.now();
    const asked = verify();
    expect(state()).toEqual({ phase: "running", since });
    await clock.advance(2_000);
    const result = await asked;
    expect(result).toMatchObject({
      at: since + 2_000,
      tookMs: 2_000,
      compared: 3,
      missing: { count: 1, first: [{ key: "shop/missing" }] },
      extra: { count: 1, first: [{ key: "shop/a" }] },
      older: { count: 1, first: [{ key: "shop/b", storedVersion: "102", listedVersion: "106" }] },
      moved: 0,
    });
    expect(state()).toEqual({ phase: "done", result });
  });

  it("names fifty of each kind and counts all", async () => {
    const { clock, source, verify } = await situation();
    source.send = () => {};
    for (let index = 0; index < 60; index++) source.create("bank", `c${index}`);
    const asked = verify();
    await clock.advance(2_000);
    const { missing } = await asked;
    expect([missing.count, missing.first.length]).toEqual([60, 50]);
  });

  it("is one at a time", async () => {
    const { clock, verify } = await situation();
    const first = verify();
    await expect(verify()).rejects.toMatchObject({ status: 409, code: "verification-runs" });
    await clock.advance(2_000);
    expect(await first).toMatchObject({ compared: 3 });
  });

  it("that the server refuses says why, and can be repeated", async () => {
    const { clock, source, verify, state } = await situation();
    source.failNext("list", new ConnectionError("dns", "no such host"));
    await expect(verify()).rejects.toMatchObject({ status: 502, code: "unknown-host" });
    expect(state()).toMatchObject({ phase: "failed", at: clock.now(), problem: { title: "Unknown host" } });
    const again = verify();
    await clock.advance(2_000);
    expect(await again).toMatchObject({ missing: { count: 0 } });
  });

  it("ends after a minute", async () => {
    const { clock, source, verify, state } = await situation();
    source.hold();
    const asked = verify().catch((error: unknown) => error);
    await clock.advance(60_000);
    expect(await asked).toMatchObject({ status: 504, code: "verification-timed-out" });
    expect(state()).toMatchObject({ phase: "failed", problem: { code: "verification-timed-out" } });
  });
});
