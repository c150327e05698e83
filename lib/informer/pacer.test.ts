import { describe, expect, it } from "vitest";
import type { Clock } from "#lib/clock/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import { Pacer, paced } from "./pacer.ts";
import { FakeSource } from "./testing/fake-source.ts";
import { World } from "./testing/world.ts";

/** Every look costs `lookMs`: a clock in which work takes time. Remembers the longest turn. */
class BusyClock implements Clock {
  turns = 0;
  longestTurnMs = 0;
  #now = 0;
  #turnStartedAt = 0;
  readonly #lookMs: number;

  constructor(lookMs: number) {
    this.#lookMs = lookMs;
  }

  now(): number {
    this.#now += this.#lookMs;
    this.longestTurnMs = Math.max(this.longestTurnMs, this.#now - this.#turnStartedAt);
    return this.#now;
  }

  setTimer() {
    return { cancel: () => {} };
  }

  async yield(): Promise<void> {
    this.turns++;
    this.#turnStartedAt = this.#now;
  }
}

describe("I31 long work", () => {
  it("comes in turns of some milliseconds, in order and complete", async () => {
    const clock = new BusyClock(1);
    const seen: number[] = [];
    await paced(
      Array.from({ length: 6_400 }, (_, n) => n),
      new Pacer(clock),
      (n) => seen.push(n),
    );
    expect(seen).toEqual(Array.from({ length: 6_400 }, (_, n) => n));
    expect(clock.turns).toBeGreaterThan(9);
    expect(clock.longestTurnMs).toBeLessThan(12);
  });

  it("of many loops shares one budget, and the turns go round", async () => {
    const clock = new BusyClock(1);
    const pacer = new Pacer(clock);
    const order: string[] = [];
    const loop = (name: string) => paced(Array.from({ length: 2_000 }), pacer, () => order.push(name));
    await Promise.all(["a", "b", "c"].map(loop));
    expect(clock.longestTurnMs).toBeLessThan(16);
    const firstThird = order.slice(0, order.length / 2);
    for (const name of ["a", "b", "c"]) {
      expect(firstThird.filter((each) => each === name).length, name).toBeGreaterThan(500);
    }
  });

  it("of a large list, its relist and a late handler never takes a long turn", async () => {
    const clock = new BusyClock(0.2);
    const source = new FakeSource();
    for (let n = 0; n < 20_000; n++) source.create("a", `p${n}`, { app: `x${n % 7}` });
    const world = new World({
      server: source,
      source,
      clock,
      isStreamingEnabled: false,
      indexers: { app: ({ metadata }: KubeObject) => [metadata.labels?.["app"] ?? ""] },
    });
    let heard = 0;
    const handler = { onAdd: () => void heard++, onUpdate: () => void heard++ };
    const registrations = [world.informer.addEventHandler(handler), world.informer.addEventHandler(handler)];
    void world.run();
    await Promise.all(registrations.map(({ synced }) => synced));
    expect(heard).toBe(40_000);
    world.informer.relist();
    await until(() => heard === 80_000);
    await world.informer.addEventHandler(handler).synced;
    expect(heard).toBe(100_000);
    expect(clock.longestTurnMs).toBeLessThan(20);
    expect(clock.turns).toBeGreaterThan(20);
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; !isTrue(); turn++) {
    if (turn > 5_000_000) throw new Error("it never came true");
    await Promise.resolve();
  }
}
