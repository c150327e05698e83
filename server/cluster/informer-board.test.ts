import { describe, expect, it } from "vitest";
import type { HandlerFilter } from "#lib/protocol/index.ts";
import { RefusedError, type HandlerToAdd } from "#server/hub/clusters.ts";
import { aHandler, FakeCluster } from "./testing/fake-cluster.ts";

const configMaps = "v1/configmaps";

function situation() {
  const cluster = new FakeCluster();
  const source = cluster.source(configMaps);
  const { board, clock } = cluster;
  const add = (request: Partial<HandlerToAdd> = {}, key = configMaps) => board.addHandler(key, aHandler(request));
  const registration = (id: number) => board.entry(id)?.registration;
  const heard = (id: number): readonly string[] =>
    board
      .entry(id)
      ?.added?.handler.tail?.newest(100)
      .map(({ type, name }) => `${type} ${name}`) ?? [];
  return { cluster, board, clock, source, add, registration, heard };
}

function refusal(run: () => unknown): Pick<RefusedError, "status" | "code" | "message"> {
  try {
    run();
  } catch (error) {
    if (error instanceof RefusedError) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}

describe("one handler value registered three times", () => {
  it("hears everything three times; removing one registration leaves the others receiving", async () => {
    const { board, clock, source, add, registration } = situation();
    source.create("shop", "before");
    const { registrations } = add({ kind: "count", times: 3 });
    await clock.settle();
    expect(registrations.map((id) => registration(id)?.delivered)).toEqual([1, 1, 1]);
    expect(new Set(registrations.map((id) => registration(id)?.handlerId)).size).toBe(1);

    const [first, second = 0, third] = registrations;
    const removed = registration(second);
    board.removeHandler(second);
    source.create("shop", "after");
    await clock.settle();
    expect([first, third].map((id) => registration(id ?? 0)?.delivered)).toEqual([2, 2]);
    expect([removed?.delivered, board.entry(second)]).toEqual([1, undefined]);
    expect(board.informer(configMaps)?.informer.registrations.map(({ id }) => id)).toEqual([first, third]);
  });

  it("is removed once: a second time nothing is there, and nothing else goes", async () => {
    const { board, add } = situation();
    const [id = 0] = add({ times: 3 }).registrations;
    expect(board.removeHandler(id)).toMatchObject({ ok: true });
    for (const gone of [id, 4711]) {
      expect(refusal(() => board.removeHandler(gone))).toMatchObject({
        status: 404,
        code: "no-such-handle",
        message: `there is no handle ${gone}: it was removed, or was never given out`,
      });
    }
    expect(board.informer(configMaps)?.informer.registrations.length).toBe(2);
  });

  it("comes back by the undo of its removal: as it was, but once", async () => {
    const { board, clock, source, add, heard } = situation();
    source.create("shop", "a", { app: "web" });
    source.create("shop", "b");
    const request = aHandler({ filter: { labelSelector: "app=web" }, times: 3, resyncMs: 60_000 });
    const [id = 0] = add(request).registrations;
    const { undo } = board.removeHandler(id);
    expect(undo).toEqual({ informer: configMaps, request: { ...request, times: 1 } });

    const [again = 0, ...others] = add({ ...request, times: 1 }, undo?.informer).registrations;
    await clock.settle();
    expect([others, again > id, heard(again)]).toEqual([[], true, ["added a"]]);
  });
});

describe("handlers of the server", () => {
  it("cannot be removed", async () => {
    const { board, clock, source } = situation();
    const heard: string[] = [];
    const handler = {
      onAdd: ({ metadata }: { readonly metadata: { readonly name?: string } }) => void heard.push(metadata.name ?? ""),
      onUpdate: () => {},
      onDelete: () => {},
    };
    const { id } = board.addBuiltIn({ resource: configMaps }, { owner: "scheduler", name: "feeds", handler });
    expect(refusal(() => board.removeHandler(id))).toMatchObject({ status: 403, code: "built-in" });
    source.create("shop", "a");
    await clock.settle();
    expect([heard, board.entry(id)]).toMatchObject([["a"], { kind: "builtIn", filter: {}, added: undefined }]);
  });
});

describe("what can be watched", () => {
  it.each(["v1/secrets", "v1/secrets?metadata.name=a", "v2/secrets"])("%s is refused: Secrets stay", (key) => {
    const { board, add } = situation();
    expect(refusal(() => add({}, key))).toMatchObject({ status: 403, code: "secrets-refused" });
    expect(board.informers()).toEqual([]);
  });

  it.each(["", "pods", "v1/", "/pods", "v1/Pods", "a/b/c/d", "v1/pods@shop", "../v1/pods", "v1/..", "?a=b"])(
    "%j is refused with what was expected",
    (key) => {
      const { board, add } = situation();
      const { status, code, message } = refusal(() => add({}, key));
      expect({ status, code }).toEqual({ status: 422, code: "not-a-resource" });
      expect(message).toContain("expected v1/pods or apps/v1/deployments");
      expect(board.informers()).toEqual([]);
    },
  );

  it.each(["app in web", "a=b=c d", "-x-=y"])(
    "the selector %j is refused with what is wrong with it",
    (labelSelector) => {
      const { board, add } = situation();
      const { status, code, message } = refusal(() => add({ filter: { labelSelector } }));
      expect({ status, code }).toEqual({ status: 422, code: "selector-malformed" });
      expect(message).toMatch(/^the label selector cannot be read: .*(expected|is not a)/);
      expect(board.informers()).toEqual([]);
    },
  );

  it("is the resource and a field selector behind the question mark: an informer of its own", async () => {
    const { cluster, board, clock, add, heard } = situation();
    const key = "v1/events?reason=FailedScheduling,type!=Normal";
    cluster.source(key).create("shop", "failed");
    const { informer, registrations } = add({}, key);
    await clock.settle();
    expect([informer, heard(registrations[0] ?? 0)]).toEqual([key, ["added failed"]]);
    expect(board.informer(key)?.target).toEqual({
      resource: "v1/events",
      fieldSelector: "reason=FailedScheduling,type!=Normal",
    });
    add({}, "v1/events");
    expect(board.informers().map((running) => running.key)).toEqual([key, "v1/events"]);
  });

  it("is the same without a field selector and with an empty one", () => {
    const { board, add } = situation();
    expect(add({}, `${configMaps}?`)).toMatchObject({ informer: configMaps });
    add();
    expect(board.informers().map(({ key }) => key)).toEqual([configMaps]);
  });
});

describe("how many handlers", () => {
  it("at most 200 that people added, at once, whatever they are registered on", () => {
    const { board, add } = situation();
    board.addBuiltIn(
      { resource: configMaps },
      { owner: "scheduler", name: "feeds", handler: { onAdd: () => {}, onUpdate: () => {}, onDelete: () => {} } },
    );
    for (let round = 0; round < 10; round++) add({ times: 19 }, round % 2 === 0 ? configMaps : "v1/nodes");
    expect(refusal(() => add({ times: 11 }))).toMatchObject({ status: 429, code: "too-many-handlers" });
    const { registrations } = add({ times: 10 });
    expect(refusal(() => add())).toMatchObject({ status: 429 });
    board.removeHandler(registrations[0] ?? 0);
    expect(add().registrations.length).toBe(1);
  });
});

describe("a filter", () => {
  const scenarios: readonly {
    readonly of: string;
    readonly filter: HandlerFilter;
    readonly hears: readonly string[];
  }[] = [
    { of: "nothing", filter: {}, hears: ["added web", "added other", "modified web", "modified web", "deleted other"] },
    { of: "a namespace", filter: { namespace: "shop" }, hears: ["added web", "modified web", "modified web"] },
    {
      of: "no text",
      filter: { namespace: "", labelSelector: "" },
      hears: ["added web", "added other", "modified web", "modified web", "deleted other"],
    },
    // The update that makes it match is an add, the one that ends it a delete.
    { of: "labels", filter: { labelSelector: "tier=gold" }, hears: ["added web", "deleted web"] },
    {
      of: "both",
      filter: { namespace: "bank", labelSelector: "tier notin (gold)" },
      hears: ["added other", "deleted other"],
    },
  ];

  it.each(scenarios)("of $of maps updates to what its handler sees", async ({ filter, hears }) => {
    const { clock, source, add, heard } = situation();
    source.create("shop", "web", { tier: "iron" });
    source.create("bank", "other");
    const [id = 0] = add({ filter }).registrations;
    await clock.settle();
    source.updateIfPresent("shop", "web", { tier: "gold" });
    source.updateIfPresent("shop", "web", { tier: "iron" });
    source.deleteIfPresent("bank", "other");
    await clock.settle();
    expect(heard(id)).toEqual(hears);
  });
});

describe("an informer", () => {
  it("outlives its last handler for a while, then stops; asking it for anything is refused", async () => {
    const { board, clock, source, add } = situation();
    const [id = 0] = add().registrations;
    await clock.settle();
    board.removeHandler(id);
    await clock.advance(29_000);
    expect([board.informers().length, source.openStreams]).toEqual([1, 1]);
    await clock.advance(1_000);
    expect([board.informers().length, source.openStreams]).toEqual([0, 0]);
    for (const ask of [() => board.relist(configMaps), () => board.replay(configMaps)]) {
      expect(refusal(ask)).toMatchObject({ status: 404, code: "no-such-informer" });
    }
  });

  it("lists again and replays when it is asked to, and says how many adds a late handler gets", async () => {
    const { board, clock, source, add, heard } = situation();
    source.create("shop", "a");
    const [id = 0] = add().registrations;
    await clock.settle();
    expect(add().syntheticAdds).toBe(1);
    board.replay(configMaps);
    await clock.settle();
    const asked = source.requests.length;
    board.relist(configMaps);
    await clock.settle();
    expect(heard(id)).toEqual(["added a", "sync a", "sync a"]);
    expect(source.requests.length).toBeGreaterThan(asked);
    expect(board.informer(configMaps)?.informer.relistsTotal).toBe(1);
  });

  it("counts what flows through it from its start, not from when somebody first looks", async () => {
    const { board, clock, source, add } = situation();
    source.canStreamLists = false;
    for (let index = 0; index < 40; index++) source.create("shop", `c${index}`);
    const { registrations } = add({ kind: "count", times: 2 });
    await clock.advance(4_000);
    const flow = board.informer(configMaps)?.flow;
    flow?.observe();
    expect([flow?.received.perSecond, flow?.stored.perSecond, flow?.delivered.perSecond]).toEqual([10, 10, 20]);
    // What a registration heard stays in the sum when it goes.
    for (const id of registrations) board.removeHandler(id);
    source.create("shop", "unheard");
    await clock.advance(4_000);
    flow?.observe();
    expect(flow?.delivered.history).toEqual([20, 20, 20, 20, 0, 0, 0, 0]);
    expect(flow?.received.history.slice(4)).toEqual([0.3, 0.3, 0.3, 0.3]);
  });

  it("hides nothing of its handlers' failures from the log", async () => {
    const { cluster, board, clock, source } = situation();
    const handler = {
      onAdd: () => {
        throw new Error("broken on purpose");
      },
      onUpdate: () => {},
      onDelete: () => {},
    };
    board.addBuiltIn({ resource: configMaps }, { owner: "scheduler", name: "broken", handler });
    source.create("shop", "a");
    await clock.settle();
    expect(cluster.reports.map(({ kind }) => kind)).toContain("handlerFailed");
  });

  it("is stopped with the board, and none is started after that", async () => {
    const { board, source, clock, add } = situation();
    add();
    await clock.settle();
    await board.stop();
    expect([source.openStreams, board.informers()]).toEqual([0, []]);
    expect(() => add()).toThrow("starts no informer any more");
  });
});

describe("a chain handler", () => {
  it("knows what is there, and fails when a notification does not follow from the one before", async () => {
    const { cluster, board, clock, source, add, registration } = situation();
    source.create("shop", "a");
    const [id = 0] = add({ kind: "chain" }).registrations;
    await clock.settle();
    const chain = board.entry(id)?.added?.handler.chain;
    const first = [chain?.objects, chain?.digest];
    source.create("shop", "b");
    board.replay(configMaps);
    await clock.settle();
    expect([chain?.objects, registration(id)?.failed]).toEqual([2, 0]);
    await cluster.tell(configMaps, "DELETED", { metadata: { namespace: "shop", name: "b", uid: "of another" } });
    expect([registration(id)?.failed, registration(id)?.lastError?.message]).toEqual([
      1,
      "shop/b (of another) was deleted, and was never added or was deleted before",
    ]);
    expect(first[0]).toBe(1);
    expect(first[1]).not.toBe("0000000000000000");
  });

  it("checks one registration: several of one value are refused", () => {
    const { add } = situation();
    expect(refusal(() => add({ kind: "chain", times: 2 }))).toMatchObject({ status: 422, code: "one-registration" });
  });
});
