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

  it.each([
    "",
    "pods",
    "v1/",
    "/pods",
    "v1/Pods",
    "a/b/c/d",
    "v1/pods@",
    "v1/pods@a@b",
    "v1/pods@A/b",
    "../v1/pods",
    "v1/..",
    "?a=b",
  ])("%j is refused with what was expected", (key) => {
    const { board, add } = situation();
    const { status, code, message } = refusal(() => add({}, key));
    expect({ status, code }).toEqual({ status: 422, code: "not-a-resource" });
    expect(message).toContain("expected v1/pods or apps/v1/deployments");
    expect(board.informers()).toEqual([]);
  });

  it.each(["app in web", "a=b=c d", "-x-=y"])(
    "the selector %j is refused with what is wrong with it",
    (labelSelector) => {
      const { board, add } = situation();
      const { status, code, message } = refusal(() => add({ filter: { labelSelector } }));
      expect({ status, code }).toEqual({ status: 422, code: "selector-malformed" });
      expect(message).toMatch(/^the label selector cannot be read: .*(expected|is not a|must consist of)/);
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

describe("a registration that is removed", () => {
  it("inside its own callback hears nothing more, and the others hear all", async () => {
    const { board, clock, source, add, registration, heard } = situation();
    const [own = 0] = add({ kind: "count" }).registrations;
    const other = add().registrations[0] ?? 0;
    const value = board.entry(own)?.added?.handler.value;
    if (value === undefined) throw new Error("it was just added");
    const removed = registration(own);
    value.onAdd = () => void board.removeHandler(own);
    for (const name of ["a", "b", "c"]) source.create("shop", name);
    await clock.settle();
    expect([removed?.delivered, removed?.state.phase]).toEqual([1, "removed"]);
    expect(heard(other)).toEqual(["added a", "added b", "added c"]);
    expect(refusal(() => board.removeHandler(own))).toMatchObject({ status: 404 });
  });

  it("with a call in progress lets it run to its end", async () => {
    const { board, clock, source, add, registration } = situation();
    const [slow = 0] = add({ kind: "slow", delayMs: 1_000 }).registrations;
    for (const name of ["a", "b", "c"]) source.create("shop", name);
    await clock.settle();
    const removed = registration(slow);
    board.removeHandler(slow);
    await clock.advance(10_000);
    expect([removed?.delivered, removed?.pending]).toEqual([1, 0]);
  });

  it("before the first list is there never syncs, and takes nothing from the others", async () => {
    const { board, clock, source, add, registration, heard } = situation();
    source.canStreamLists = false;
    source.hold();
    source.create("shop", "a");
    const [early = 0] = add().registrations;
    const other = add().registrations[0] ?? 0;
    await clock.settle();
    const removed = registration(early);
    board.removeHandler(early);
    source.release();
    await clock.settle();
    expect([removed?.hasSynced, removed?.delivered, registration(other)?.hasSynced]).toEqual([false, 0, true]);
    expect(heard(other)).toEqual(["added a"]);
  });

  it("while everything drains is gone at once, and nobody waits for it longer", async () => {
    const { board, clock, source, add } = situation();
    const [slow = 0] = add({ kind: "slow", delayMs: 1_000 }).registrations;
    source.create("shop", "a");
    await clock.settle();
    let hasStopped = false;
    void board.stop().then(() => (hasStopped = true));
    await clock.settle();
    expect(board.removeHandler(slow)).toMatchObject({ ok: true });
    expect(refusal(() => board.removeHandler(slow))).toMatchObject({ status: 404, code: "no-such-handle" });
    expect(hasStopped).toBe(false);
    await clock.advance(1_000);
    expect(hasStopped).toBe(true);
  });

  it("by a handle of another cluster changes nothing here", async () => {
    const [here, there] = [situation(), situation()];
    here.add({ times: 2 });
    const { registrations } = there.add({ times: 5 });
    const foreign = registrations.at(-1) ?? 0;
    expect(refusal(() => here.board.removeHandler(foreign))).toMatchObject({ status: 404 });
    await here.clock.settle();
    expect(here.board.informer(configMaps)?.informer.registrations.length).toBe(2);
    expect(there.board.entry(foreign)).toBeDefined();
  });

  it("comes back within 30 s without a list", async () => {
    const { board, clock, source, add, heard } = situation();
    source.create("shop", "a");
    const [id = 0] = add().registrations;
    await clock.settle();
    const { undo } = board.removeHandler(id);
    expect(board.informer(configMaps)?.lingersUntil).toBe(clock.now() + 30_000);
    await clock.advance(29_000);
    const asked = source.requests.length;
    const [again = 0] = board.addHandler(undo.informer, aHandler(undo.request)).registrations;
    await clock.advance(60_000);
    expect([heard(again), source.requests.length]).toEqual([["added a"], asked]);
    expect(board.informer(configMaps)?.lingersUntil).toBeUndefined();
  });
});

describe("owners", () => {
  it("that were released leak what they leave; who comes later under the name is another", async () => {
    const { board, clock, add, registration } = situation();
    const [left = 0] = add({ owner: "controller" }).registrations;
    expect(board.releaseOwner("controller")).toBe(1);
    const [fresh = 0] = add({ owner: "controller" }).registrations;
    expect([registration(left)?.isLeaked, registration(fresh)?.isLeaked]).toEqual([true, false]);
    expect(board.owners().map(([number, { name, isReleased }]) => [number, name, isReleased])).toEqual([
      [1, "controller", true],
      [2, "controller", false],
    ]);
    board.removeHandler(left);
    expect(board.owners().map(([number]) => number)).toEqual([2]);
    expect(refusal(() => board.releaseOwner("nobody"))).toMatchObject({ status: 404, code: "no-such-owner" });
    await clock.settle();
  });

  it("that only add for ten minutes are suspect, until they remove one", async () => {
    const { board, clock, add } = situation();
    const suspects = () =>
      board
        .owners()
        .filter(([, { isSuspect }]) => isSuspect)
        .map(([, { name }]) => name);
    const { registrations } = add({ owner: "grows" });
    add({ owner: "stays" });
    for (let time = 0; time < 10; time++) {
      await clock.advance(60_000);
      expect(suspects()).toEqual([]);
      add({ owner: "grows" });
    }
    expect(suspects()).toEqual(["grows"]);
    board.removeHandler(registrations[0] ?? 0);
    expect(suspects()).toEqual([]);
  });
});

describe("the informer of one namespace", () => {
  const inShop = { namespace: "shop" };

  it("is for where the list of all is forbidden and that of the namespace is not", async () => {
    const { cluster, board, clock, add, heard } = situation();
    cluster.mayRead.set("list configmaps", false).set("list configmaps shop", true);
    const place = await board.placeOf(configMaps, inShop);
    expect(place).toEqual({ informer: `${configMaps}@shop`, filter: inShop });
    cluster.source(`${configMaps}@shop`).create("shop", "a");
    const { registrations, informer } = add({ filter: inShop }, place.informer);
    await clock.settle();
    expect([informer, heard(registrations[0] ?? 0)]).toEqual([`${configMaps}@shop`, ["added a"]]);
    expect(board.informer(informer)?.target).toEqual({ resource: configMaps, namespace: "shop" });
  });

  it.each([
    { all: true, one: true, of: "where all may be listed" },
    { all: undefined, one: undefined, of: "where the server does not say" },
    { all: false, one: false, of: "where neither may be listed: there it says so" },
  ])("is not $of", async ({ all, one }) => {
    const { cluster, board } = situation();
    if (all !== undefined) cluster.mayRead.set("list configmaps", all).set("list configmaps shop", one);
    const shared = { informer: configMaps, filter: inShop };
    expect(await board.placeOf(configMaps, inShop)).toEqual(shared);
    expect(await board.placeOf(`${configMaps}@shop`, {})).toEqual(shared);
  });

  it("is not while the shared one runs", async () => {
    const { cluster, board, clock, add } = situation();
    cluster.mayRead.set("list configmaps", false).set("list configmaps shop", true);
    add();
    await clock.settle();
    expect(await board.placeOf(configMaps, inShop)).toMatchObject({ informer: configMaps });
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

  it("by fields is the handler's own: the informer is shared", async () => {
    const { board, clock, source, add, heard } = situation();
    const [id = 0] = add({ filter: { fieldSelector: "metadata.name=web" } }).registrations;
    source.create("shop", "web");
    source.create("shop", "other");
    await clock.settle();
    expect([heard(id), board.informers().length]).toEqual([["added web"], 1]);
  });

  it("in CEL hears what matches, and an expression about a change hears changes", async () => {
    const { clock, source, add, heard } = situation();
    const [gold = 0] = add({ filter: { cel: "object.metadata.labels.tier == 'gold'" } }).registrations;
    const [moved = 0] = add({
      filter: { namespace: "shop", cel: "oldObject != null && object.metadata.labels != oldObject.metadata.labels" },
    }).registrations;
    await clock.settle();
    source.create("shop", "web", { tier: "iron" });
    source.create("bank", "vault", { tier: "gold" });
    source.updateIfPresent("shop", "web", { tier: "gold" });
    source.updateIfPresent("shop", "web", { tier: "gold" });
    source.updateIfPresent("bank", "vault", { tier: "iron" });
    source.deleteIfPresent("shop", "web");
    await clock.settle();
    expect(heard(gold)).toEqual(["added vault", "added web", "modified web", "deleted vault", "deleted web"]);
    expect(heard(moved)).toEqual(["modified web"]);
  });

  it.each([
    [{ cel: "object.metadata.name =" }, "cel-malformed", "the CEL filter cannot be used: column 22: "],
    [{ cel: "1 + 1" }, "cel-type", "the CEL filter cannot be used: column 1: its answer is int, expected bool"],
    [{ fieldSelector: "metadata.name" }, "field-selector-malformed", "the field selector cannot be read: "],
  ])("%j is refused with what is wrong with it", (filter, code, message) => {
    const { board, add } = situation();
    const refused = refusal(() => add({ filter }));
    expect(refused).toMatchObject({ status: 422, code });
    expect(refused.message).toContain(message);
    expect(board.informers()).toEqual([]);
  });

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

  it("replays to one registration, and refuses one that is another informer's", async () => {
    const { board, clock, source, add, heard } = situation();
    source.create("shop", "a");
    const [first = 0] = add().registrations;
    const [second = 0] = add().registrations;
    const [foreign = 0] = add({}, "v1/nodes").registrations;
    await clock.settle();
    expect(board.replay(configMaps, second)).toEqual({ ok: true, registrations: 1, objects: 1 });
    await clock.settle();
    expect([heard(first), heard(second)]).toEqual([["added a"], ["added a", "sync a"]]);
    expect(board.replay(configMaps)).toEqual({ ok: true, registrations: 2, objects: 1 });
    expect(refusal(() => board.replay(configMaps, foreign))).toMatchObject({ status: 404, code: "no-such-handle" });
  });

  it("is listed again once: while the server is asked, asking again does nothing", async () => {
    const { board, clock, source, add } = situation();
    source.canStreamLists = false;
    add();
    await clock.settle();
    source.hold();
    expect(board.relist(configMaps)).toEqual({ ok: true, isAsked: true });
    await clock.settle();
    expect(board.relist(configMaps)).toEqual({ ok: true, isAsked: false });
    source.release();
    await clock.settle();
  });

  it("resyncs a handler that asks for it at its check of 30 s, no oftener", async () => {
    const { clock, source, add, heard } = situation();
    source.create("shop", "a");
    const [often = 0] = add({ resyncMs: 10_000 }).registrations;
    const [seldom = 0] = add({ resyncMs: 60_000 }).registrations;
    const [never = 0] = add().registrations;
    await clock.advance(65_000);
    expect([often, seldom, never].map((id) => heard(id).filter((line) => line === "sync a").length)).toEqual([2, 1, 0]);
  });

  it("keeps the objects of a tail's newest lines, and says of what it keeps none", async () => {
    const { board, clock, source, add } = situation();
    const [id = 0] = add().registrations;
    for (let index = 0; index < 201; index++) source.create("shop", `c${index}`);
    await clock.settle();
    expect(board.objectOfLine(id, 201).metadata.name).toBe("c200");
    expect(board.objectOfLine(id, 2).metadata.name).toBe("c1");
    for (const [handle, line] of [
      [id, 1],
      [id, 202],
      [4711, 1],
    ] as const)
      expect(refusal(() => board.objectOfLine(handle, line))).toMatchObject({ status: 404, code: "no-such-line" });
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
