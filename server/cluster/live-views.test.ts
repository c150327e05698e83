import { describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { applyPatch, type JsonObject } from "#lib/protocol/index.ts";
import { LiveViews, type ViewMessage } from "./live-views.ts";

function watching(initial: JsonObject) {
  const clock = new FakeClock(1000);
  const views = new LiveViews(clock);
  const state = {
    value: initial,
    build: (): JsonObject => state.value,
    messages: [] as ViewMessage[],
    failures: [] as unknown[],
  };
  const close = views.open({
    build: () => state.build(),
    send: (message) => void state.messages.push(message),
    onFailure: (error) => void state.failures.push(error),
  });
  return { clock, state, close };
}

describe("LiveViews", () => {
  it("sends the whole value first, then what changed", async () => {
    const { clock, state } = watching({ a: 1, b: { c: 1 } });
    state.value = { a: 1, b: { c: 2 } };
    await clock.advance(100);
    expect(state.messages).toEqual([
      { kind: "snapshot", seq: 1, value: { a: 1, b: { c: 1 }, asOf: 1000 } },
      { kind: "delta", seq: 2, patch: { b: { c: 2 }, asOf: 1100 } },
    ]);
  });

  it("sends at most ten deltas a second, and a heartbeat when nothing moves", async () => {
    const { clock, state } = watching({ n: 0 });
    for (let n = 1; n <= 100; n++) {
      state.value = { n };
      await clock.advance(10);
    }
    expect(state.messages.length).toBe(1 + 10);
    state.messages.length = 0;
    await clock.advance(3000);
    expect(state.messages.map(({ kind }) => kind)).toEqual(["delta", "delta", "delta"]);
  });

  it("tells large changes less often, and leaves out none of them", async () => {
    const { clock, state } = watching({ text: "" });
    let bytes = 0;
    for (let round = 0; round < 600; round++) {
      state.value = { text: String(round).padStart(10_000, "x") };
      await clock.advance(100);
    }
    for (const message of state.messages) bytes += JSON.stringify(message).length;
    expect(bytes / 60).toBeGreaterThan(15 * 1024);
    expect(bytes / 60).toBeLessThan(22 * 1024);
    await clock.advance(1000);
    expect(state.messages.at(-1)).toMatchObject({ patch: { text: state.value["text"] } });
  });

  it("adds up to the value built last, whatever happened on the way", async () => {
    const { clock, state } = watching({ rows: {} });
    for (let round = 0; round < 50; round++) {
      const rows = Object.fromEntries([round % 3, round % 7, round % 11].map((key) => [`r${key}`, { round }]));
      state.value = round % 5 === 0 ? { rows, extra: round } : { rows };
      await clock.advance(100);
    }
    const [first, ...rest] = state.messages;
    let value: JsonObject = first?.kind === "snapshot" ? first.value : {};
    for (const [index, message] of rest.entries()) {
      expect(message.seq).toBe(index + 2);
      if (message.kind === "delta") value = applyPatch(value, message.patch);
    }
    expect(value).toEqual({ ...state.value, asOf: clock.now() });
  });

  it("is built less often the longer it takes, so that others have their turn", async () => {
    const { clock, state } = watching({ n: 0 });
    let built = 0;
    state.build = () => {
      clock.set(clock.now() + 50);
      return { n: ++built };
    };
    await clock.advance(10_000);
    expect(built).toBeGreaterThan(15);
    expect(built).toBeLessThan(25);
  });

  it("costs nothing after the last one was closed, and closing twice is harmless", async () => {
    const { clock, state, close } = watching({ n: 0 });
    close();
    close();
    await clock.advance(5000);
    expect(state.messages.length).toBe(1);
    expect(clock.nextTimerAt).toBeUndefined();
  });

  it("is closed when it cannot be built any more", async () => {
    const { clock, state } = watching({ n: 0 });
    const broken = new Error("its subject is gone");
    state.build = () => {
      throw broken;
    };
    await clock.advance(1000);
    expect(state.failures).toEqual([broken]);
    expect(clock.nextTimerAt).toBeUndefined();
  });
});
