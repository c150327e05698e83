import { describe, expect, it } from "vitest";
import type { KubeObject } from "#lib/kube/index.ts";
import { never, type FakeSource } from "./testing/fake-source.ts";
import { World } from "./testing/world.ts";

async function aWorldOf(count: number): Promise<World> {
  const world = new World();
  for (let n = 0; n < count; n++) world.source.create("a", `p${n}`);
  await world.run();
  return world;
}

/** A server behind whose back the informer's watch goes on. */
function forgetful(source: FakeSource): void {
  source.send = () => {};
}

async function verified(world: World) {
  const verification = world.informer.verify(never());
  await world.clock.advance(2_000);
  return verification;
}

describe("I65 verify", () => {
  it("finds nothing where store and server agree, page by page", async () => {
    const world = await aWorldOf(1_100);
    world.takeRequests();
    const verification = await verified(world);
    expect(verification).toEqual({
      at: 2_000,
      resourceVersion: "1200",
      compared: 1_100,
      missing: [],
      extra: [],
      older: [],
      moved: 0,
    });
    expect(world.takeRequests().map((request) => request.replace(/after \S+/, "more"))).toEqual([
      "list  500",
      "list more 500",
      "list more 500",
    ]);
  });

  it("finds what the watch did not tell: missing, extra, older, and another object of the same name", async () => {
    const world = await aWorldOf(4);
    forgetful(world.source);
    world.source.create("b", "new");
    world.source.deleteIfPresent("a", "p0");
    world.source.updateIfPresent("a", "p1", { v: "2" });
    world.source.deleteIfPresent("a", "p2");
    world.source.create("a", "p2");
    const { missing, extra, older } = await verified(world);
    expect(missing).toEqual([{ key: "b/new", listedUid: "u5", listedVersion: "105" }]);
    expect(extra).toEqual([{ key: "a/p0", storedUid: "u1", storedVersion: "101" }]);
    expect(older).toEqual([
      { key: "a/p1", storedUid: "u2", storedVersion: "102", listedUid: "u2", listedVersion: "107" },
      { key: "a/p2", storedUid: "u3", storedVersion: "103", listedUid: "u6", listedVersion: "109" },
    ]);
  });

  it("does not judge what moved meanwhile, nor what was on its way", async () => {
    const world = await aWorldOf(2);
    const verification = world.informer.verify(never());
    await world.settle();
    world.source.updateIfPresent("a", "p0", { v: "2" });
    world.source.deleteIfPresent("a", "p1");
    world.source.create("a", "p9");
    await world.clock.advance(2_000);
    expect(await verification).toMatchObject({ missing: [], extra: [], older: [], moved: 3 });
  });

  it("rejects as the server does, and changes nothing of the informer", async () => {
    const world = await aWorldOf(1);
    world.source.failNext("list", new Error("no"));
    await expect(world.informer.verify(never())).rejects.toThrow("no");
    expect([world.informer.state.phase, world.informer.problem]).toEqual(["watching", undefined]);
  });

  it("works on objects that a transform has cut down", async () => {
    const world = new World({
      transform: ({ metadata: { labels: _labels, ...metadata } }): KubeObject => ({ metadata }),
    });
    world.source.create("a", "x", { app: "web" });
    await world.run();
    expect(await verified(world)).toMatchObject({ compared: 1, missing: [], extra: [], older: [] });
  });
});
