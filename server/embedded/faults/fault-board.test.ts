import { beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import type { FaultRequest } from "#lib/protocol/index.ts";
import { FaultBoard, FaultRefusedError } from "./fault-board.ts";
import type { OpenWatch } from "./strike.ts";

let clock: FakeClock;
let happened: string[];
let watches: Set<OpenWatch>;
let board: FaultBoard;

beforeEach(() => {
  clock = new FakeClock(1_000);
  happened = [];
  watches = new Set([aWatch("v1/pods"), aWatch("v1/nodes")]);
  board = new FaultBoard({
    clock,
    watches,
    door: {
      shut: () => {
        happened.push("shut");
        return 3;
      },
      open: () => void happened.push("open"),
    },
    forget: (resource) => void happened.push(`forget ${resource ?? "all"}`),
    isServed: (resource) => resource.startsWith("v1/"),
  });
});

function aWatch(resource: string): OpenWatch {
  return {
    resource,
    strike: ({ kind }) => void happened.push(`${kind} ${resource}`),
    cut: () => void happened.push(`cut ${resource}`),
  };
}

const list = { resource: "v1/pods", verb: "list", namesVersion: false } as const;
const watch = { resource: "v1/pods", verb: "watch", namesVersion: true } as const;

function take(): readonly string[] {
  return happened.splice(0);
}

describe("a fault", () => {
  it("strikes what is open at once, then whoever asks, until it is switched off, which may be twice", () => {
    const { id } = board.add({ kind: "drop" });
    expect(take()).toEqual(["drop v1/pods", "drop v1/nodes"]);
    expect(board.onRequest(list)).toEqual({ delayMs: 0, strike: { kind: "drop" } });
    expect(board.state.on[id]).toMatchObject({ hits: { lists: 1, watches: 2 }, lastHitAt: 1_000 });
    expect([board.remove(id), board.remove(id)]).toEqual([true, false]);
    expect(board.onRequest(list)).toEqual({ delayMs: 0 });
    expect(board.state).toMatchObject({ on: {}, ended: { [id]: { endedAt: 1_000, hits: { lists: 1, watches: 2 } } } });
  });

  it("is about one resource and one verb where it says so", () => {
    board.add({ kind: "error", resource: "v1/pods", verbs: ["watch"] });
    expect(take()).toEqual(["error v1/pods"]);
    expect(board.onRequest(list).strike).toBeUndefined();
    expect(board.onRequest({ ...watch, resource: "v1/nodes" }).strike).toBeUndefined();
    expect(board.onRequest(watch).strike).toEqual({ kind: "error" });
  });

  it("ends after its time, or once it has struck so often", async () => {
    board.add({ kind: "drop", verbs: ["list"], durationMs: 500 });
    board.add({ kind: "garbage", verbs: ["list"], count: 2, resource: "v1/nodes" });
    await clock.advance(499);
    expect(board.onRequest(list).strike).toEqual({ kind: "drop" });
    await clock.advance(1);
    expect(board.onRequest(list).strike).toBeUndefined();
    const nodes = { ...list, resource: "v1/nodes" };
    const struck = [board.onRequest(nodes), board.onRequest(nodes), board.onRequest(nodes)];
    expect(struck.map(({ strike }) => strike?.kind)).toEqual(["garbage", "garbage", undefined]);
    expect(board.state.on).toEqual({});
  });

  it("that counts spares the rest of the open watches", () => {
    board.add({ kind: "drop", count: 1 });
    expect(take()).toEqual(["drop v1/pods"]);
    expect(board.state.on).toEqual({});
  });

  it("of 410 strikes whoever names a version, and open watches every five seconds", async () => {
    board.add({ kind: "gone", verbs: ["watch"], resource: "v1/pods" });
    expect(board.onRequest({ ...watch, namesVersion: false }).strike).toBeUndefined();
    expect(board.onRequest(watch).strike).toEqual({ kind: "gone" });
    await clock.advance(10_000);
    expect(take()).toEqual(["gone v1/pods", "gone v1/pods", "gone v1/pods"]);
    board.clear();
    await clock.advance(10_000);
    expect(take()).toEqual([]);
  });

  it("of compaction forgets first and cuts then, and each time is one", async () => {
    board.add({ kind: "compact", count: 2, resource: "v1/pods" });
    await clock.advance(60_000);
    expect(take()).toEqual(["forget v1/pods", "cut v1/pods", "forget v1/pods", "cut v1/pods"]);
    expect(board.state.on).toEqual({});
  });

  it("that makes wait adds to the others, and the oldest of the others strikes", () => {
    board.add({ kind: "slow", delayMs: 300 });
    board.add({ kind: "slow", delayMs: 40, verbs: ["list"] });
    board.add({ kind: "throttle", retryAfterSeconds: 7 });
    board.add({ kind: "drop" });
    expect(board.onRequest(list)).toEqual({ delayMs: 340, strike: { kind: "throttle", retryAfterSeconds: 7 } });
    expect(board.onEvents("v1/pods")).toBe(300);
  });

  it("that refuses shuts the door once, and opens it with the last that ends", async () => {
    const first = board.add({ kind: "refuse" });
    board.add({ kind: "refuse", durationMs: 100 });
    expect(board.state.on[first.id]?.hits).toEqual({ lists: 0, watches: 3 });
    board.remove(first.id);
    expect(take()).toEqual(["shut", "shut"]);
    await clock.advance(100);
    expect(take()).toEqual(["open"]);
  });

  const refused: readonly (FaultRequest & { readonly says: string })[] = [
    { kind: "refuse", resource: "v1/pods", says: "leave resource and count out" },
    { kind: "refuse", count: 3, says: "leave resource and count out" },
    { kind: "refuse", verbs: ["list"], says: "leave verbs out" },
    { kind: "compact", verbs: ["watch"], says: "leave verbs out" },
    { kind: "drop", resource: "pods", says: "there is no resource pods" },
  ];
  it.each(refused)("of kind $kind is refused where it cannot be: $says", ({ says, ...request }) => {
    expect(() => board.add(request)).toThrow(FaultRefusedError);
    expect(() => board.add(request)).toThrow(says);
    expect([board.state.on, take()]).toEqual([{}, []]);
  });
});

describe("the board", () => {
  it("tells of every change, and of none after its end", async () => {
    let told = 0;
    const unsubscribe = board.subscribe(() => void told++);
    const { id } = board.add({ kind: "slow", durationMs: 1_000 });
    board.onRequest(list);
    board.remove(id);
    expect(told).toBe(3);
    unsubscribe();
    unsubscribe();
    board.add({ kind: "gone" });
    expect(told).toBe(3);
    take();
    board.stop();
    await clock.advance(60_000);
    expect([board.state.on, take()]).toEqual([{}, []]);
  });

  it("keeps the newest twenty that have ended", () => {
    for (let time = 0; time < 25; time++) board.remove(board.add({ kind: "slow" }).id);
    expect(Object.keys(board.state.ended)).toHaveLength(20);
    expect(board.state.ended["fault-25"]).toBeDefined();
  });
});
