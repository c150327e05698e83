import { describe, expect, it } from "vitest";
import { apiStatusError, ConnectionError } from "#lib/informer/index.ts";
import type { HandlerToAdd } from "#server/hub/clusters.ts";
import { expectToKeepContract } from "../testing/contract.ts";
import { aHandler, FakeCluster } from "../testing/fake-cluster.ts";
import { buildInformer, buildInformers, buildTail } from "./informers.ts";

const configMaps = "v1/configmaps";
const forbidden = apiStatusError({ kind: "Status", code: 403, reason: "Forbidden", message: "jane may not" }, 403);

/** What can be seen of ConfigMaps, each view of it checked against the contract of the wire. */
function situation(key = configMaps) {
  const cluster = new FakeCluster();
  const { board, clock, views } = cluster;
  const seen = () => {
    const all = buildInformers(views);
    expectToKeepContract("informers", all);
    const running = board.informer(key);
    const row = all.informers[key];
    if (running === undefined || row === undefined) throw new Error(`no informer ${key}`);
    const informer = buildInformer(running, views);
    expectToKeepContract("informer", informer);
    expect(informer.row).toEqual(row);
    return { row, informer };
  };
  const add = (request: Partial<HandlerToAdd> = {}): number =>
    board.addHandler(key, aHandler(request)).registrations[0] ?? 0;
  return { cluster, board, clock, source: cluster.source(key), seen, add };
}

describe("the row of an informer", () => {
  it("says what it lists, page by page, until the first list is there", async () => {
    const { clock, source, seen, add } = situation();
    source.canStreamLists = false;
    source.create("shop", "a");
    source.hold();
    add();
    await clock.settle();
    expect(seen().row).toEqual({
      key: configMaps,
      resource: "configmaps",
      groupVersion: "v1",
      reflector: { phase: "listing", page: 1, received: 0 },
      hasSynced: false,
      objects: 0,
      eventsPerSecond: 0,
      handlers: 1,
    });
    source.release();
    await clock.settle();
    expect(seen().row).toMatchObject({ reflector: { phase: "watching" }, hasSynced: true, objects: 1 });
  });

  it("says about how many pages it will be, once the server said what remains", async () => {
    const { clock, source, seen, add } = situation();
    source.canStreamLists = false;
    source.pagesAtZero = true;
    for (let index = 0; index < 1_200; index++) source.create("shop", `c${index}`);
    add();
    const reflectors: unknown[] = [];
    // Page after page, as the list goes on.
    const list = source.list.bind(source);
    source.list = async (...asked) => {
      reflectors.push(seen().row.reflector);
      return list(...asked);
    };
    await clock.settle();
    expect(reflectors).toEqual([
      { phase: "listing", page: 1, received: 0 },
      { phase: "listing", page: 2, received: 500, pagesAbout: 3 },
      { phase: "listing", page: 3, received: 1_000, pagesAbout: 3 },
    ]);
    expect(seen().informer.reflector.lists).toMatchObject([{ cause: "initial", objects: 1_200, pages: 3 }]);
  });

  it("says that a watch is being opened, and how long it may stay open", async () => {
    const { clock, source, seen, add } = situation();
    add();
    await clock.settle();
    const { reflector } = seen().row;
    expect("limitMs" in reflector && reflector.limitMs).toBeGreaterThanOrEqual(300_000);
    const opened = Promise.withResolvers<Awaited<ReturnType<typeof source.watch>>>();
    source.watch = async () => opened.promise;
    await clock.advance(2_000);
    source.endStreams();
    await clock.settle();
    expect(seen().row.reflector).toEqual({ phase: "connecting", since: clock.now() });
  });

  it("says how much a streaming list has brought", async () => {
    const { clock, source, seen, add } = situation();
    source.endsInitialEvents = false;
    source.create("shop", "a");
    source.create("shop", "b");
    add();
    await clock.settle();
    expect(seen().row).toMatchObject({ reflector: { phase: "streaming", received: 2 }, hasSynced: false, objects: 0 });
  });

  it("says since when it watches, and what flows", async () => {
    const { clock, source, seen, add } = situation();
    add();
    await clock.settle();
    const openedAt = clock.now();
    for (let index = 0; index < 20; index++) source.create("shop", `c${index}`);
    await clock.advance(2_000);
    expect(seen().row).toMatchObject({
      reflector: { phase: "watching", openedAt },
      objects: 20,
      eventsPerSecond: 10,
    });
  });

  it("says of a resource whose definition was deleted that it is not served any more", async () => {
    const { clock, source, seen, add } = situation();
    source.canStreamLists = false;
    source.failNext("list", apiStatusError("404 page not found", 404));
    add();
    await clock.settle();
    expect(seen().row.problem).toMatchObject({
      code: "not-served",
      title: "Not served",
      message:
        "The API server does not serve configmaps in v1: its definition was deleted, or this API is not enabled.",
    });
    await clock.advance(10_000);
    expect(seen().row).not.toHaveProperty("problem");
  });

  it("says until when it waits after it was refused, and what the refusal means", async () => {
    const { clock, source, seen, add } = situation();
    source.canStreamLists = false;
    source.failNext("list", forbidden);
    add();
    await clock.settle();
    const { reflector, problem, hasSynced } = seen().row;
    expect(reflector).toMatchObject({ phase: "backingOff", reason: "403 Forbidden jane may not" });
    expect("until" in reflector && reflector.until).toBeGreaterThan(clock.now());
    expect([hasSynced, problem]).toEqual([
      false,
      {
        code: "forbidden",
        title: "Forbidden",
        message: "jane may not",
        hint: "Ask for get, list and watch on configmaps for jane.",
      },
    ]);
    await clock.advance(10_000);
    const after = seen().row;
    expect(after).toMatchObject({ reflector: { phase: "watching" }, hasSynced: true });
    expect(after).not.toHaveProperty("problem");
  });

  it("keeps what it had while the server is away, and says so", async () => {
    const { clock, source, seen, add } = situation();
    source.create("shop", "a");
    add();
    await clock.settle();
    const lostAt = clock.now();
    source.goOffline();
    await clock.advance(5_000);
    const { row } = seen();
    expect(row).toMatchObject({ hasSynced: true, objects: 1, problem: { code: "connection-refused" } });
    if (row.reflector.phase !== "backingOff") throw new Error(`${row.reflector.phase} was not expected`);
    // Synced, and not fresh: what is there is as of then.
    expect(row.watchLost).toMatchObject({
      reason: "Connection refused",
      asOf: lostAt,
      at: lostAt,
      retryAt: row.reflector.until,
    });
    expect(row.freshAt).toBe(lostAt);
    source.goOnline();
    await clock.advance(60_000);
    expect(seen().row).not.toHaveProperty("problem");
    expect(seen().row).not.toHaveProperty("watchLost");
  });

  it("names in two words why the watch was lost", async () => {
    const { clock, source, seen, add } = situation();
    add();
    await clock.settle();
    source.canStreamLists = false;
    const reason = async (lose: () => void): Promise<string | undefined> => {
      await clock.advance(60_000);
      source.hold();
      lose();
      await clock.advance(2_000);
      const { watchLost } = seen().row;
      source.release();
      return watchLost?.reason;
    };
    const error = (code: number, reason: string) =>
      apiStatusError({ kind: "Status", code, reason, message: "no" }, code);
    expect([
      await reason(() => source.send({ type: "ERROR", error: error(410, "Expired") })),
      await reason(() => source.send({ type: "ERROR", error: error(500, "InternalError") })),
      await reason(() => source.send({ type: "ERROR", error: error(401, "Unauthorized") })),
      await reason(() => source.send({ type: "ERROR", error: error(404, "NotFound") })),
      await reason(() => source.endStreams(new ConnectionError("tls", "no"))),
    ]).toEqual(["410 Gone", "Server error", "Sign-in expired", "Not served", "TLS mismatch"]);
  });

  it("tells group, version, resource and field selector apart", async () => {
    const { clock, seen, add } = situation("events.k8s.io/v1/events?reason=FailedScheduling");
    add();
    await clock.settle();
    expect(seen().row).toMatchObject({
      key: "events.k8s.io/v1/events?reason=FailedScheduling",
      resource: "events",
      groupVersion: "events.k8s.io/v1",
      fieldSelector: "reason=FailedScheduling",
    });
  });

  it("stands for nothing when the watch could not be opened at all, and is still a value of the wire", async () => {
    const { clock, source, seen, add } = situation();
    for (let time = 0; time < 5; time++) source.failNext("watch", new ConnectionError("dns", "no such host"));
    source.failNext("list", new ConnectionError("dns", "no such host"));
    add();
    await clock.settle();
    expect(seen().row).toMatchObject({ problem: { code: "unknown-host" }, objects: 0 });
  });
});

describe("an informer in full", () => {
  it("shows its pipeline from the server to the handlers", async () => {
    const { board, clock, source, seen, add } = situation();
    source.create("shop", "a");
    source.create("bank", "b");
    const startedAt = clock.now();
    add();
    await clock.advance(1_000);
    source.updateIfPresent("shop", "a", { app: "web" });
    source.sendBookmark();
    await clock.advance(1_000);
    board.relist(configMaps);
    await clock.advance(1_000);
    expect(seen().informer).toMatchObject({
      startedAt,
      reflector: {
        resourceVersion: "103",
        lastBookmarkAt: startedAt + 2_000,
        lists: [
          { at: startedAt, cause: "initial", outcome: "done", isStreamed: true, objects: 2, pages: 0, tookMs: 0 },
          { at: startedAt + 2_000, cause: "asked", reason: "asked for", outcome: "done", resourceVersion: "103" },
        ],
        relistsTotal: 1,
      },
      queue: { depth: 0 },
      store: { objects: 2, resourceVersion: "103", indexes: { namespace: 2 } },
      processor: { pending: 0 },
    });
  });

  it("shows each registration: whose it is, what it does and how far it is", async () => {
    const { board, clock, source, seen, add } = situation();
    source.create("shop", "a");
    source.create("shop", "b");
    board.addBuiltIn(
      { resource: configMaps },
      { owner: "scheduler", name: "feeds", handler: { onAdd: () => {}, onUpdate: () => {}, onDelete: () => {} } },
    );
    const filter = { namespace: "shop", labelSelector: "app" };
    const quiet = add({ filter, resyncMs: 60_000 });
    const slow = add({ kind: "slow", delayMs: 10_000, owner: "kai" });
    await clock.settle();
    const { registrations, processor } = seen().informer;
    const [feeds, tail, dawdler] = Object.values(registrations);
    expect(feeds).toMatchObject({
      owner: "scheduler",
      kind: "builtIn",
      handler: "feeds",
      hasSynced: true,
      delivered: 2,
      isRemovable: false,
      isLeaked: false,
    });
    expect(tail).toMatchObject({ id: quiet, owner: "jane", kind: "tail", filter, resyncMs: 60_000, isRemovable: true });
    expect(dawdler).toMatchObject({
      id: slow,
      owner: "kai",
      handler: "slow 10000 ms",
      hasSynced: false,
      initialAdds: { delivered: 0, total: 2 },
      delivered: 0,
      pending: 1,
    });
    expect(processor).toEqual({
      pending: 1,
      buffers: 1,
      bufferLimit: 100_000,
      slowest: { id: slow, pending: 1 },
    });
    await clock.advance(20_000);
    const after = seen().informer;
    expect(after.registrations[slow]).toMatchObject({ hasSynced: true, delivered: 2, pending: 0 });
    expect(after.registrations[slow]).not.toHaveProperty("initialAdds");
    expect(after.processor).toEqual({ pending: 0, buffers: 0, bufferLimit: 100_000 });
  });

  it("shows owners, who leaks and who only grows, and how many handlers there may be", async () => {
    const { board, cluster, clock, seen, add } = situation();
    const left = add({ owner: "gone" });
    board.releaseOwner("gone");
    const grown = add({ owner: "grows" });
    for (let time = 0; time < 3; time++) {
      await clock.advance(300_000);
      add({ owner: "grows" });
    }
    const { owners, added } = buildInformers(cluster.views);
    expect(owners).toEqual({
      1: {
        name: "gone",
        registrations: 1,
        isReleased: true,
        isSuspect: false,
        growingSince: expect.any(Number) as number,
      },
      2: {
        name: "grows",
        registrations: 4,
        isReleased: false,
        isSuspect: true,
        growingSince: expect.any(Number) as number,
      },
    });
    expect(added).toEqual({ handlers: 5, limit: 200 });
    const { row, informer } = seen();
    expect(row.leaked).toBe(1);
    expect(informer.registrations[left]).toMatchObject({ isLeaked: true, isSuspect: false });
    expect(informer.registrations[grown]).toMatchObject({ isLeaked: false, isSuspect: true });
  });

  it("shows how long calls took, what a filter dropped, what it could not answer, and that it was stopped", async () => {
    const { cluster, clock, source, seen, add } = situation();
    for (const name of ["a", "b", "c", "d"]) source.create("shop", name);
    const slow = add({ kind: "slow", delayMs: 40 });
    const failing = add({ filter: { cel: "object.spec.nodeName == 'n1'" } });
    await clock.advance(50);
    expect(seen().informer.registrations[slow]).toMatchObject({ busySince: clock.now() - 10, delayMs: 40 });
    await clock.advance(1_000);
    const { registrations } = seen().informer;
    expect(registrations[slow]).toMatchObject({ handlingTimes: { 50: 4 }, handlingP99Ms: 40, longestMs: 40 });
    expect(registrations[failing]).toMatchObject({
      filtered: 4,
      delivered: 0,
      hasSynced: true,
      filterErrors: { count: 4, last: "No such key: spec" },
      filter: { cel: "object.spec.nodeName == 'n1'" },
    });
    let now = 0;
    Object.defineProperty(cluster, "stopwatchMs", { get: () => (now += 3) });
    const stopped = add({ filter: { cel: "true" } });
    await clock.settle();
    const reason = "its CEL filter took more than 2 ms on 3 objects";
    expect(seen().informer.registrations[stopped]).toMatchObject({
      delivered: 3,
      filtered: 1,
      stoppedReason: reason,
      stoppedAt: clock.now(),
    });
  });

  it("shows a registration whose buffer overflowed: stopped, and there until it is removed", async () => {
    const { board, clock, source, seen, add } = situation();
    for (let index = 0; index < 20_000; index++) source.create("shop", `c${index}`);
    const behind = add({ kind: "slow", delayMs: 3_600_000 });
    const ahead = add({ kind: "count" });
    while (!seen().row.hasSynced) await clock.settle();
    // A hundred thousand may wait, and one copy of the store: five copies more than the first is one too many.
    for (let time = 0; time < 5; time++) board.replay(configMaps);
    await clock.settle();
    expect(seen().informer.registrations[behind]).toMatchObject({ pending: 119_999 });
    board.replay(configMaps);
    await clock.settle();
    const { registrations } = seen().informer;
    expect(registrations[behind]).toMatchObject({
      stoppedReason: "its buffer overflowed",
      stoppedAt: clock.now(),
      pending: 0,
    });
    expect(registrations[behind]).not.toHaveProperty("initialAdds");
    expect(registrations[ahead]).toMatchObject({ delivered: 140_000, pending: 0, tally: { shop: 140_000 } });
    board.removeHandler(behind);
    expect(seen().informer.registrations[behind]).toBeUndefined();
  });

  it("shows the failures of a handler beside what it was delivered", async () => {
    const { board, clock, source, seen } = situation();
    const handler = {
      onAdd: () => {
        throw new Error("broken on purpose");
      },
      onUpdate: () => {},
      onDelete: () => {},
    };
    const { id } = board.addBuiltIn({ resource: configMaps }, { owner: "scheduler", name: "broken", handler });
    source.create("shop", "a");
    await clock.settle();
    expect(seen().informer.registrations[id]).toMatchObject({
      failed: 1,
      delivered: 0,
      lastError: "broken on purpose",
      lastErrorAt: clock.now(),
      hasSynced: false,
    });
  });
});

describe("a tail", () => {
  it("shows the newest lines of what its handler heard, the changes too for a diff", async () => {
    const { board, clock, source, add } = situation();
    const [tail, diff] = [add(), add({ kind: "diff" })];
    await clock.settle();
    source.create("shop", "a", { app: "web" });
    source.updateIfPresent("shop", "a", { app: "api" });
    source.deleteIfPresent("shop", "a");
    await clock.settle();
    const lines = (id: number, perSecond = 3) => {
      const entry = board.entry(id);
      const built = entry === undefined ? undefined : buildTail(entry, perSecond);
      if (built === undefined) throw new Error(`registration ${id} keeps no lines`);
      expectToKeepContract("tail", built);
      expect(built).toMatchObject({ registration: id, total: 3, perSecond });
      return Object.values(built.lines);
    };
    const change = { path: "metadata.labels.app", before: "web", after: "api" };
    expect(lines(tail).map(({ type, summary }) => `${type}: ${summary}`)).toEqual([
      "added: created",
      "modified: metadata.labels.app: web → api",
      "deleted: final state known",
    ]);
    expect(lines(diff).map(({ changes }) => changes)).toEqual([undefined, [change], undefined]);
    expect(lines(diff)[0]).toMatchObject({ seq: 1, at: clock.now(), namespace: "shop", name: "a", uid: "u1" });
  });

  it("has 200 lines at most, and counts all", async () => {
    const { board, clock, source, add } = situation();
    const id = add();
    for (let index = 0; index < 250; index++) source.create("shop", `c${index}`);
    await clock.settle();
    const entry = board.entry(id);
    const built = entry === undefined ? undefined : buildTail(entry, 0);
    expect([built?.total, Object.keys(built?.lines ?? {}).length]).toEqual([250, 200]);
    expect(Object.keys(built?.lines ?? {}).at(-1)).toBe("250");
  });

  it("has as many lines as are asked for, of 2,000 that are kept", async () => {
    const { board, clock, source, add } = situation();
    const id = add();
    for (let index = 0; index < 2_100; index++) source.create("shop", `c${index}`);
    await clock.settle();
    const entry = board.entry(id);
    const count = (lines: number) => Object.keys((entry && buildTail(entry, 0, lines)?.lines) ?? {}).length;
    expect([count(5), count(2_000), count(5_000)]).toEqual([5, 2_000, 2_000]);
  });

  it("there is none of handlers that keep no lines", () => {
    const { board, add } = situation();
    const entry = board.entry(add({ kind: "count" }));
    expect(entry === undefined ? "no entry" : buildTail(entry, 0)).toBeUndefined();
  });
});
