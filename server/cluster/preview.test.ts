import { describe, expect, it } from "vitest";
import { apiStatusError } from "#lib/informer/index.ts";
import { previewResponse } from "#lib/protocol/index.ts";
import type { HandlerToPreview } from "#server/hub/clusters.ts";
import { previewHandler } from "./preview.ts";
import { aHandler, FakeCluster } from "./testing/fake-cluster.ts";

const configMaps = "v1/configmaps";

function situation() {
  const cluster = new FakeCluster();
  const source = cluster.source(configMaps);
  const { board, clock } = cluster;
  const preview = async (request: Partial<HandlerToPreview> = {}, key = configMaps) => {
    const answer = await previewHandler(board, key, { filter: {}, times: 1, ...request });
    expect(previewResponse.parse(answer)).toStrictEqual(answer);
    return answer;
  };
  const start = async (): Promise<void> => {
    board.addHandler(configMaps, aHandler({ kind: "count" }));
    await clock.settle();
  };
  return { cluster, board, clock, source, preview, start };
}

describe("the preview of a handler", () => {
  it("on an informer that runs shares it, and says how many adds it would get", async () => {
    const { source, board, preview, start } = situation();
    for (const name of ["a", "b", "c"]) source.create("shop", name, { tier: name === "a" ? "gold" : "iron" });
    source.create("bank", "d", { tier: "gold" });
    await start();
    const shares = { ok: true, informer: configMaps, effect: "shares", objects: 4, examined: 4, problems: [] };
    expect(await preview()).toEqual({ ...shares, nextHandle: 2, matching: 4, syntheticAdds: 4 });
    const filters = [
      { namespace: "shop" },
      { namespace: "shop", labelSelector: "tier=gold" },
      { fieldSelector: "metadata.name!=a" },
      { labelSelector: "tier=gold", cel: "object.metadata.name == 'd'" },
      { cel: "oldObject != null" },
    ];
    const matching = await Promise.all(filters.map(async (filter) => (await preview({ filter })).matching));
    expect(matching).toEqual([3, 1, 3, 1, 0]);
    // It has changed nothing.
    expect([board.added.handlers, board.informers().length, board.upcomingHandle]).toEqual([1, 1, 2]);
  });

  it("on one that does not run says that it is started, and about how many objects there are", async () => {
    const { source, board, preview } = situation();
    for (let index = 0; index < 700; index++) source.create("shop", `c${index}`);
    const starts = { ok: true, informer: configMaps, effect: "starts", nextHandle: 1, objects: 700, problems: [] };
    expect(await preview()).toEqual({ ...starts, syntheticAdds: 700 });
    expect(await preview({ filter: { namespace: "shop" } })).toEqual(starts);
    // Asked once, with a limit of one; nothing was started.
    expect(source.requests).toMatchObject([{ kind: "list", options: { limit: 1 } }]);
    expect(board.informers()).toEqual([]);
  });

  it("says that a resource may not be listed before anything is started", async () => {
    const { source, preview } = situation();
    source.failNext("list", apiStatusError({ kind: "Status", code: 403, reason: "Forbidden", message: "no" }, 403));
    expect(await preview()).toMatchObject({ effect: "starts", problems: [{ field: "resource", code: "forbidden" }] });
  });

  it("says about a slow server only that it starts one", async () => {
    const { clock, source, preview } = situation();
    source.hold();
    const asked = preview();
    await clock.advance(3_000);
    expect(await asked).toEqual({ ok: true, informer: configMaps, effect: "starts", nextHandle: 1, problems: [] });
  });

  it("shows all that is wrong with the form at once, a CEL error with its column", async () => {
    const { preview, start, board } = situation();
    await start();
    for (let round = 0; round < 10; round++) board.addHandler(configMaps, aHandler({ times: 19 }));
    const { problems, effect } = await preview({
      filter: { labelSelector: "a in b", fieldSelector: "x", cel: "object.metadata.name ==" },
      times: 20,
    });
    expect(effect).toBe("shares");
    expect(problems).toMatchObject([
      { field: "times", code: "too-many-handlers" },
      { field: "labelSelector", code: "selector-malformed" },
      { field: "fieldSelector", code: "field-selector-malformed" },
      { field: "cel", code: "cel-malformed", line: 1, column: 24, length: 1 },
    ]);
  });

  it("counts what a CEL filter cannot answer", async () => {
    const { source, preview, start } = situation();
    source.create("shop", "a", { tier: "gold" });
    source.create("shop", "b");
    await start();
    expect(await preview({ filter: { cel: "object.metadata.labels.tier == 'gold'" } })).toMatchObject({
      matching: 1,
      filterErrors: { count: 1, last: "No such key: tier" },
      problems: [],
    });
  });

  it("says as what a resync period counts", async () => {
    const { preview, start } = situation();
    expect(await preview({ resyncMs: 10_000 })).toMatchObject({ resyncMs: 30_000 });
    await start();
    expect(await preview({ resyncMs: 10_000 })).toMatchObject({ resyncMs: 30_000 });
    expect(await preview({ resyncMs: 90_000 })).toMatchObject({ resyncMs: 90_000 });
    expect(await preview({ resyncMs: 0 })).not.toHaveProperty("resyncMs");
  });

  it("refuses what is no resource", async () => {
    const { preview } = situation();
    await expect(preview({}, "pods")).rejects.toMatchObject({ status: 422, code: "not-a-resource" });
    await expect(preview({}, "v1/secrets")).rejects.toMatchObject({ status: 403, code: "secrets-refused" });
  });
});

describe("the time of a preview", () => {
  /** Each look at the stopwatch, and each evaluation, takes so long. */
  const slowly = (cluster: FakeCluster, ms: number): void => {
    Object.defineProperty(cluster, "stopwatchMs", { get: () => (now += ms) });
    let now = 0;
  };

  it("is given back every few milliseconds, and is over after a second: then it says how far it came", async () => {
    const { cluster, clock, source, preview, start } = situation();
    for (let index = 0; index < 5_000; index++) source.create("shop", `c${index}`);
    await start();
    let yielded = 0;
    clock.yield = async () => void yielded++;
    // 1.9 ms each: slow, but below what stops a filter.
    slowly(cluster, 0.6);
    const { objects, examined = 0, matching, problems } = await preview({ filter: { cel: "true" } });
    expect([objects, problems]).toEqual([5_000, []]);
    expect(examined).toBeGreaterThan(100);
    expect(examined).toBeLessThan(2_000);
    expect(matching).toBe(examined);
    expect(yielded).toBeGreaterThan(30);
  });

  it("of a filter that is too slow is over after three objects", async () => {
    const { cluster, source, preview, start } = situation();
    for (let index = 0; index < 50; index++) source.create("shop", `c${index}`);
    await start();
    slowly(cluster, 3);
    expect(await preview({ filter: { cel: "true" } })).toMatchObject({
      objects: 50,
      examined: 3,
      problems: [{ field: "cel", code: "cel-slow" }],
    });
  });
});
