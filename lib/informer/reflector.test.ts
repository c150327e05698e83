import { describe, expect, it } from "vitest";
import { apiStatusError, ConnectionError } from "./api-errors.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type { ListerWatcher } from "./lister-watcher.ts";
import { expired, FakeSource } from "./testing/fake-source.ts";
import { Listener } from "./testing/listener.ts";
import { World } from "./testing/world.ts";

async function aListingWorld(options: ConstructorParameters<typeof World>[0] = {}): Promise<World> {
  const world = new World({ isStreamingEnabled: false, ...options });
  world.source.create("a", "x");
  await world.run();
  expect(world.takeRequests()).toEqual(["list 0 500", "watch 101"]);
  return world;
}

describe("relist", () => {
  it("I63 ends the watch, lists at the last version without a wait, and says so in the history", async () => {
    const world = await aListingWorld();
    world.informer.relist();
    await world.settle();
    expect(world.takeRequests()).toEqual(["list 101 all", "watch 101"]);
    expect(world.informer.lists).toMatchObject([
      { at: 0, cause: { kind: "initial" }, outcome: "done", isStreamed: false, pages: 1 },
      { at: 0, cause: { kind: "asked", reason: "asked for" }, outcome: "done", resourceVersion: "101", tookMs: 0 },
    ]);
    expect(world.informer.relistsTotal).toBe(1);
    expect(world.source.openStreams).toBe(1);
  });

  it("I63 ends the wait of the backoff", async () => {
    const world = await aListingWorld();
    world.source.send({ type: "ERROR", error: expired() });
    await world.settle();
    expect(world.informer.state).toEqual({
      phase: "backingOff",
      until: 1_200,
      reason: "410 Expired too old resource version",
    });
    world.informer.relist();
    await world.settle();
    expect(world.informer.state).toMatchObject({ phase: "watching", openedAt: 0 });
  });

  it("I63 does nothing while the server is being asked, before the start and after the stop", async () => {
    const world = new World({ isStreamingEnabled: false });
    world.informer.relist();
    world.source.hold();
    await world.run();
    expect(world.informer.state).toEqual({ phase: "listing", page: 1, received: 0 });
    world.informer.relist();
    world.source.release();
    await world.settle();
    expect(world.takeRequests()).toEqual(["list 0 500", "watch 100"]);
    await world.stop();
    world.informer.relist();
    await world.settle();
    expect([world.takeRequests(), world.informer.state]).toEqual([[], { phase: "stopped" }]);
  });

  it("I64 replay delivers the cache as updates of itself, to one or to all, whatever their resync", async () => {
    const world = await aListingWorld({ resyncPeriodMs: 60_000 });
    const [one, other] = [new Listener(), new Listener()];
    const registration = world.informer.addEventHandler(one, { resyncPeriodMs: 0 });
    world.informer.addEventHandler(other);
    await world.settle();
    [one, other].forEach((listener) => listener.take());
    world.informer.replay(registration);
    await world.settle();
    expect([one.take(), other.take()]).toEqual([["sync a/x@101"], []]);
    world.informer.replay();
    await world.settle();
    expect([one.take(), other.take()]).toEqual([["sync a/x@101"], ["sync a/x@101"]]);
    expect(world.takeRequests()).toEqual([]);
  });
});

describe("what is shown of the reflector", () => {
  it("I62 a watch that was lost is shown until the next is open: why, and how old is what is there", async () => {
    const world = await aListingWorld();
    await world.clock.advance(5_000);
    world.source.create("a", "fresh");
    await world.settle();
    expect([world.informer.freshAt, world.informer.watchLoss]).toEqual([5_000, undefined]);
    await world.clock.advance(2_000);
    world.source.send({ type: "ERROR", error: expired() });
    await world.settle();
    expect(world.informer.watchLoss).toMatchObject({ at: 7_000, asOf: 5_000, cause: { kind: "expired" } });
    world.source.failNext("list", apiStatusError("boom", 500));
    await world.clock.advance(1_200);
    // The next failure is another cause of the same loss.
    expect(world.informer.watchLoss).toMatchObject({ at: 7_000, asOf: 5_000, cause: { kind: "serverError" } });
    await world.clock.advance(60_000);
    expect([world.informer.state.phase, world.informer.watchLoss]).toEqual(["watching", undefined]);
    expect(world.informer.lists).toMatchObject([
      { cause: { kind: "initial" }, outcome: "done" },
      { cause: { kind: "expired" }, outcome: "failed", at: 8_200 },
      { cause: { kind: "serverError", reason: "500 InternalError boom" }, outcome: "done" },
    ]);
  });

  it("I72 the newest 20 lists are kept; one that was asked for ends none that runs", async () => {
    const world = await aListingWorld();
    for (let time = 0; time < 30; time++) {
      expect(world.informer.relist()).toBe(true);
      await world.settle();
    }
    expect([world.informer.lists.length, world.informer.relistsTotal]).toEqual([20, 30]);
    world.source.hold();
    world.informer.relist();
    await world.settle();
    expect(world.informer.lists.at(-1)).toMatchObject({ outcome: "running" });
    expect(world.informer.relist()).toBe(false);
    world.source.release();
    await world.settle();
    expect(world.informer.lists.at(-1)).toMatchObject({ outcome: "done", tookMs: 0, pages: 1 });
  });

  it("I62 a problem stays until a watch is open again, with what the server said", async () => {
    const world = new World({ isStreamingEnabled: false });
    const forbidden = { kind: "Status", code: 403, reason: "Forbidden", message: 'cannot list resource "pods"' };
    world.source.failNext("list", apiStatusError(forbidden, 403));
    await world.run();
    expect(world.informer.problem).toMatchObject({ at: 0, message: '403 Forbidden cannot list resource "pods"' });
    expect(world.watchErrors).toMatchObject([{ code: 403 }]);
    await world.clock.advance(1_200);
    expect([world.informer.problem, world.informer.state.phase]).toEqual([undefined, "watching"]);
    const cause = { kind: "forbidden", reason: '403 Forbidden cannot list resource "pods"' };
    expect(world.informer.lists).toMatchObject([
      { at: 0, cause: { kind: "initial" }, outcome: "failed" },
      { at: 1_200, cause, outcome: "done" },
    ]);
  });

  it("I62 synced and fresh are two things: bookmarks and events tell when the watch last showed life", async () => {
    const world = await aListingWorld();
    expect([world.informer.lastEventAt, world.informer.lastBookmarkAt]).toEqual([undefined, undefined]);
    await world.clock.advance(5_000);
    world.source.sendBookmark();
    await world.clock.advance(1_000);
    world.source.create("a", "z");
    await world.settle();
    expect([world.informer.lastBookmarkAt, world.informer.lastEventAt]).toEqual([5_000, 6_000]);
    expect(world.informer.received).toMatchObject({ listed: 1, added: 1, bookmarks: 1 });
    expect(world.informer.queue).toMatchObject({ depth: 0, peak: 1, batches: 2 });
  });

  it("I12 a refused connection waits and watches again, and I10 the watch error handler hears nothing of it", async () => {
    const world = await aListingWorld();
    await world.clock.advance(2_000);
    world.source.goOffline();
    await world.settle();
    expect(world.informer.state).toMatchObject({
      phase: "backingOff",
      reason: "connection refused: connection refused",
    });
    world.source.goOnline();
    await world.clock.advance(1_200);
    expect(world.takeRequests()).toEqual(["watch 101", "watch 101"]);
    expect(world.watchErrors).toEqual([]);
  });

  it("I73 pages are counted as they come, and about how many they will be", async () => {
    const server = new FakeSource();
    server.pagesAtZero = true;
    for (let n = 0; n < 1_100; n++) server.create("a", `p${n}`);
    const phases: unknown[] = [];
    const source: ListerWatcher<KubeObject> = {
      list: (options, signal) => {
        phases.push(world.informer.state);
        return server.list(options, signal);
      },
      watch: (options, signal) => server.watch(options, signal),
    };
    const world = new World({ source, isStreamingEnabled: false });
    const listener = new Listener();
    world.informer.addEventHandler(listener);
    await world.run();
    expect(phases).toEqual([
      { phase: "listing", page: 1, received: 0 },
      { phase: "listing", page: 2, received: 500, pagesAbout: 3 },
      { phase: "listing", page: 3, received: 1_000, pagesAbout: 3 },
    ]);
    expect([world.informer.store.size, listener.take().length]).toEqual([1_100, 1_100]);
  });
});

describe("streaming list", () => {
  it("I19 from the third early end in a row there is a pause", async () => {
    const world = new World();
    world.source.endsInitialEvents = false;
    world.source.create("a", "x");
    await world.run();
    for (let ends = 0; ends < 2; ends++) {
      world.source.endStreams();
      await world.settle();
    }
    expect(world.takeRequests()).toEqual(["stream ", "stream ", "stream "]);
    world.source.endStreams();
    await world.clock.advance(199);
    expect(world.takeRequests()).toEqual([]);
    await world.clock.advance(1);
    expect(world.takeRequests()).toEqual(["stream "]);
    world.source.sendInitialEventsEnd();
    await world.settle();
    expect(world.informer.hasSynced).toBe(true);
  });

  it("I20 stop ends the wait between two attempts", async () => {
    const world = new World();
    world.source.goOffline();
    await world.run();
    expect(world.informer.state.phase).toBe("backingOff");
    await world.stop();
    expect(world.hasReturned).toBe(true);
  });

  it("I21 says every ten seconds that the end is missing", async () => {
    const world = new World();
    world.source.endsInitialEvents = false;
    await world.run();
    await world.clock.advance(25_000);
    expect(world.reports.map(({ kind }) => kind)).toEqual(["streamingListSlow", "streamingListSlow"]);
    world.source.sendInitialEventsEnd();
    await world.clock.advance(25_000);
    expect(world.reports.length).toBe(2);
  });

  it("I16 falls back to a list where the server refuses, says so, and tries again next round", async () => {
    const world = new World();
    world.source.canStreamLists = false;
    await world.run();
    expect(world.takeRequests()).toEqual(["stream ", "list 0 500", "watch 100"]);
    expect(world.reports).toMatchObject([{ kind: "streamingListFailed" }]);
    world.informer.relist();
    await world.settle();
    expect(world.takeRequests()).toEqual(["stream 100", "list 100 all", "watch 100"]);
  });

  it("I16 is not tried with a source that cannot", async () => {
    const world = new World();
    const source = Object.assign(world.source, { isWatchListUnsupported: true });
    const other = new World({ source });
    await other.run();
    expect(other.informer.hasSynced).toBe(true);
    expect(source.requests.map(({ kind }) => kind)).toEqual(["list", "watch"]);
  });
});

describe("when things go wrong around it", () => {
  it("I10 a watch error handler that throws is reported and harms nothing", async () => {
    const world = new World({
      isStreamingEnabled: false,
      onWatchError: () => {
        throw new Error("the handler's own");
      },
    });
    world.source.failNext("list", new ConnectionError("tls", "certificate has expired"));
    await world.run();
    expect(world.reports).toMatchObject([{ kind: "watchErrorHandlerFailed", message: "the handler's own" }]);
    await world.clock.advance(1_200);
    expect(world.informer.hasSynced).toBe(true);
  });

  it("I58 a transport that ignores the signal does not hold up the stop", async () => {
    const world = new World({ source: { list: () => new Promise(() => {}), watch: () => new Promise(() => {}) } });
    await world.run();
    await world.stop();
    expect(world.hasReturned).toBe(true);
  });

  it("I35 an index function that throws is reported, and the object has no values there", async () => {
    const world = await aListingWorld({
      indexers: {
        bad: () => {
          throw new Error("no index for you");
        },
      },
    });
    expect(world.reports).toMatchObject([{ kind: "indexFailed" }]);
    expect([world.informer.store.size, world.informer.store.indexValues("bad")]).toEqual([1, []]);
  });

  it("I59 a second run returns at once and is reported", async () => {
    const world = await aListingWorld();
    await world.informer.run({ aborted: false, addEventListener: () => {}, removeEventListener: () => {} });
    expect(world.reports).toMatchObject([{ kind: "startedTwice" }]);
  });
});
