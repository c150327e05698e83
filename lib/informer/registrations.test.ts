import { describe, expect, it } from "vitest";
import { Owner } from "./owner.ts";
import type { Registration } from "./registration.ts";
import { InformerStoppedError } from "./shared-index-informer.ts";
import { Listener } from "./testing/listener.ts";
import { World } from "./testing/world.ts";

async function aSyncedWorld(options: ConstructorParameters<typeof World>[0] = {}): Promise<World> {
  const world = new World(options);
  world.source.create("a", "x");
  world.source.create("a", "y");
  await world.run();
  return world;
}

describe("handles", () => {
  it("I40 a handler registered three times is called three times, and I41 removing one leaves the others", async () => {
    const world = await aSyncedWorld();
    const handler = new Listener();
    const [first, second, third] = [1, 2, 3].map(() => world.informer.addEventHandler(handler)) as [
      Registration,
      Registration,
      Registration,
    ];
    await world.settle();
    expect(handler.take().toSorted()).toEqual(["+a/x@101", "+a/x@101", "+a/x@101", "+a/y@102", "+a/y@102", "+a/y@102"]);
    expect(new Set([first.id, second.id, third.id]).size).toBe(3);
    expect([first.handlerId, second.handlerId]).toEqual([third.handlerId, third.handlerId]);

    expect(world.informer.removeEventHandler(second)).toBe(true);
    world.source.create("a", "z");
    await world.settle();
    expect(handler.take()).toEqual(["add a/z@103", "add a/z@103"]);
    expect(world.informer.registrations).toEqual([first, third]);
    expect(second.state).toEqual({ phase: "removed", at: 0 });
  });

  it("I42 removing twice changes nothing", async () => {
    const world = await aSyncedWorld();
    const handler = new Listener();
    const kept = world.informer.addEventHandler(handler);
    const gone = world.informer.addEventHandler(handler);
    expect(world.informer.removeEventHandler(gone)).toBe(true);
    expect(world.informer.removeEventHandler(gone)).toBe(false);
    expect(world.informer.registrations).toEqual([kept]);
  });

  it("I42 removing from another informer changes neither", async () => {
    const [world, other] = [await aSyncedWorld(), await aSyncedWorld()];
    const handler = new Listener();
    const registration = world.informer.addEventHandler(handler);
    expect(other.informer.removeEventHandler(registration)).toBe(false);
    await world.settle();
    handler.take();
    world.source.create("a", "z");
    await world.settle();
    expect(handler.take()).toEqual(["add a/z@103"]);
  });

  it("I46 a handler removes itself inside its own callback and hears nothing after it", async () => {
    const world = await aSyncedWorld();
    const handler = new Listener();
    const registration = world.informer.addEventHandler(handler);
    handler.during = () => void world.informer.removeEventHandler(registration);
    await world.settle();
    expect(handler.take()).toEqual(["+a/x@101"]);
    expect(registration.hasSynced).toBe(false);
  });

  it("I46 a handler that adds another one inside its callback gives it every object once", async () => {
    const world = await aSyncedWorld();
    const [handler, added] = [new Listener(), new Listener()];
    world.informer.addEventHandler(handler);
    await world.settle();
    handler.during = () => void world.informer.addEventHandler(added);
    world.source.create("a", "z");
    await world.settle();
    expect(added.take()).toEqual(["+a/x@101", "+a/y@102", "+a/z@103"]);
  });

  it("I41 removal drops what waits, and the call in progress runs to its end", async () => {
    const world = await aSyncedWorld();
    const handler = new Listener();
    handler.block();
    const registration = world.informer.addEventHandler(handler);
    await world.settle();
    expect(registration.pending).toBe(1);
    world.informer.removeEventHandler(registration);
    expect(registration.pending).toBe(0);
    handler.unblock();
    await world.settle();
    expect(handler.take()).toEqual(["+a/x@101"]);
    expect(registration.delivered).toBe(1);
  });

  it("I53 removed before the first list it never syncs, and hears nothing", async () => {
    const world = new World();
    world.source.canStreamLists = false;
    world.source.create("a", "x");
    world.source.hold();
    const handler = new Listener();
    const registration = world.informer.addEventHandler(handler);
    expect(registration.state).toEqual({ phase: "waiting" });
    await world.run();
    world.informer.removeEventHandler(registration);
    world.source.release();
    await world.settle();
    expect([world.informer.hasSynced, registration.hasSynced, handler.take()]).toEqual([true, false, []]);
  });

  it("I60 removal while it drains returns at once, also of oneself, and run resolves", async () => {
    const world = await aSyncedWorld();
    const handler = new Listener();
    const registration = world.informer.addEventHandler(handler);
    await world.settle();
    handler.take();
    handler.during = async () => {
      await stopped.promise;
      world.informer.removeEventHandler(registration);
    };
    const stopped = Promise.withResolvers<void>();
    world.source.create("a", "z");
    await world.settle();
    await world.stop();
    expect([world.informer.isStopped, world.hasReturned]).toEqual([true, false]);
    expect(world.informer.removeEventHandler(registration)).toBe(false);
    stopped.resolve();
    await world.settle();
    expect(world.hasReturned).toBe(true);
    expect(handler.take()).toEqual(["add a/z@103"]);
  });

  it("I59 a stopped informer refuses handlers and answers questions", async () => {
    const world = await aSyncedWorld();
    await world.stop();
    expect(() => world.informer.addEventHandler(new Listener())).toThrow(InformerStoppedError);
    expect(world.informer.store.size).toBe(2);
  });

  it("I44 no callback runs before the handle is held, or inside the change", async () => {
    const world = await aSyncedWorld();
    const handler = new Listener();
    world.informer.addEventHandler(handler);
    expect(handler.take()).toEqual([]);
  });
});

describe("a handler that misbehaves", () => {
  it("I47 throws: the call is counted and skipped, others hear everything, and the next call comes a second later", async () => {
    const world = await aSyncedWorld();
    const [bad, good] = [new Listener(), new Listener()];
    bad.during = (note) => {
      if (note === "add a/z@103") throw new Error("bad day");
    };
    const registration = world.informer.addEventHandler(bad, { name: "bad" });
    world.informer.addEventHandler(good);
    await world.settle();
    world.source.create("a", "z");
    world.source.create("a", "zz");
    await world.settle();
    expect(good.take().slice(2)).toEqual(["add a/z@103", "add a/zz@104"]);
    expect(bad.take().slice(2)).toEqual(["add a/z@103"]);
    expect(registration).toMatchObject({
      failed: 1,
      delivered: 2,
      pending: 1,
      lastError: { at: 0, message: "bad day" },
    });
    expect(world.reports).toMatchObject([{ kind: "handlerFailed", message: "bad: bad day" }]);
    await world.clock.advance(1_000);
    expect(bad.take()).toEqual(["add a/zz@104"]);
    expect(registration.state).toEqual({ phase: "live" });
  });

  it("I47 rejects: the same, and I53 a failed initial add keeps it unsynced for ever", async () => {
    const world = await aSyncedWorld();
    const bad = new Listener();
    bad.during = (note) => (note === "+a/x@101" ? Promise.reject(new Error("not now")) : undefined);
    const registration = world.informer.addEventHandler(bad);
    await world.clock.advance(5_000);
    expect(bad.take()).toEqual(["+a/x@101", "+a/y@102"]);
    expect(registration).toMatchObject({ failed: 1, hasSynced: false });
    expect(registration.state).toEqual({ phase: "liveUnsynced", failedInitialAdds: 1 });
  });

  it("I47 a slow handler delays nobody else; I61 its backlog and lag are seen", async () => {
    const world = await aSyncedWorld();
    const [slow, fast] = [new Listener(), new Listener()];
    const behind = world.informer.addEventHandler(slow);
    const ahead = world.informer.addEventHandler(fast);
    await world.settle();
    slow.block();
    for (const name of ["p", "q", "r"]) world.source.create("a", name);
    await world.clock.advance(7_000);
    expect(fast.take().length).toBe(5);
    expect([behind.pending, behind.busySince, behind.lagMs]).toEqual([2, 0, 7_000]);
    expect([ahead.pending, ahead.busySince, ahead.lagMs]).toEqual([0, undefined, 0]);
    slow.unblock();
    await world.settle();
    expect([behind.pending, behind.busySince, behind.lagMs]).toEqual([0, undefined, 7_000]);
    expect(behind.handlingTimes.longestMs).toBe(7_000);
  });

  it("I48 a handler that returns a promise is awaited before its next call", async () => {
    const world = await aSyncedWorld();
    const handler = new Listener();
    handler.block();
    world.informer.addEventHandler(handler);
    await world.settle();
    expect(handler.take()).toEqual(["+a/x@101"]);
    handler.unblock();
    await world.settle();
    expect(handler.take()).toEqual(["+a/y@102"]);
  });

  it("I49 a buffer that overflows stops its registration, marks it, and nobody else notices", async () => {
    const world = await aSyncedWorld({ bufferLimit: 3 });
    const [slow, fast] = [new Listener(), new Listener()];
    const registration = world.informer.addEventHandler(slow, { name: "slow" });
    world.informer.addEventHandler(fast);
    await world.settle();
    slow.block();
    for (let n = 0; n < 6; n++) world.source.updateIfPresent("a", "x", { n: String(n) });
    await world.settle();
    // One call in progress, three and a copy of the store of two waiting.
    expect([registration.pending, registration.state]).toEqual([5, { phase: "live" }]);
    world.source.updateIfPresent("a", "x", { n: "6" });
    await world.settle();
    expect([registration.pending, registration.state]).toEqual([0, { phase: "overflowed", at: 0 }]);
    slow.unblock();
    world.source.create("a", "z");
    await world.settle();
    expect(slow.take().slice(2)).toEqual(["update a/x@101→103"]);
    expect(fast.take().at(-1)).toBe("add a/z@110");
    expect(world.informer.registrations.length).toBe(2);
    expect(world.informer.removeEventHandler(registration)).toBe(true);
  });
});

describe("what is shown of a registration", () => {
  it("I52 progress of the initial list, then synced when the last add has returned", async () => {
    const world = await aSyncedWorld();
    const handler = new Listener();
    handler.block();
    const registration = world.informer.addEventHandler(handler);
    let isResolved = false;
    void registration.synced.then(() => (isResolved = true));
    await world.settle();
    expect(registration.state).toEqual({ phase: "syncing", delivered: 0, total: 2 });
    handler.during = (note) => (note === "+a/y@102" ? last.promise : undefined);
    const last = Promise.withResolvers<void>();
    handler.unblock();
    await world.settle();
    expect(registration.state).toEqual({ phase: "syncing", delivered: 1, total: 2 });
    expect([registration.hasSynced, isResolved]).toEqual([false, false]);
    last.resolve();
    await world.settle();
    expect([registration.hasSynced, isResolved, registration.state.phase]).toEqual([true, true, "live"]);
  });

  it("I50 a filter maps an update to add, update, delete or nothing, and counts for the initial list", async () => {
    const world = await aSyncedWorld();
    const handler = new Listener();
    const registration = world.informer.addEventHandler(handler, {
      filter: ({ metadata }) => metadata.labels?.["app"] === "web",
    });
    await world.settle();
    expect([handler.take(), registration.hasSynced, registration.filtered]).toEqual([[], true, 2]);
    for (const app of ["db", "web", "web", "db"]) world.source.updateIfPresent("a", "x", { app });
    world.source.updateIfPresent("a", "y", { app: "web" });
    world.source.deleteIfPresent("a", "y");
    await world.settle();
    expect(handler.take()).toEqual([
      "add a/x@104",
      "update a/x@104→105",
      "delete a/x@105",
      "add a/y@107",
      "delete a/y@108",
    ]);
  });

  it("I50 what the filter leaves is told if it is accepted, by the object before it in an update", async () => {
    const world = await aSyncedWorld();
    const handler = new Listener();
    const asked: string[] = [];
    const registration = world.informer.addEventHandler(handler, {
      filter: ({ metadata }) => metadata.labels?.["app"] !== "db",
      accepts: ({ metadata }, before) => {
        asked.push(`${metadata.resourceVersion ?? ""} after ${before?.metadata.resourceVersion ?? "nothing"}`);
        return before !== undefined && before.metadata.labels?.["app"] !== metadata.labels?.["app"];
      },
    });
    await world.settle();
    for (const app of ["web", "web", "api", "db"]) world.source.updateIfPresent("a", "x", { app });
    world.source.deleteIfPresent("a", "y");
    await world.settle();
    expect(handler.take()).toEqual(["update a/x@101→103", "update a/x@104→105"]);
    expect(asked).toEqual([
      "101 after nothing",
      "102 after nothing",
      "103 after 101",
      "104 after 103",
      "105 after 104",
      // It left the filter, which would be told as a delete of what it was.
      "105 after nothing",
      "107 after nothing",
    ]);
    expect(registration.filtered).toBe(5);
  });

  it("I66 it is leaked once its owner was released, and I62 the revision grows with what can be seen", async () => {
    const world = await aSyncedWorld();
    const owner = new Owner("a view", world.clock);
    const before = world.informer.revision;
    const registration = world.informer.addEventHandler(new Listener(), { owner, name: "tail" });
    await world.settle();
    expect(world.informer.revision).toBeGreaterThan(before);
    expect([registration.owner?.name, registration.name, owner.registrations]).toEqual(["a view", "tail", 1]);
    expect(registration.isLeaked).toBe(false);
    owner.release();
    expect(registration.isLeaked).toBe(true);
    world.informer.removeEventHandler(registration);
    expect([registration.isLeaked, owner.registrations]).toEqual([false, 0]);
  });
});
