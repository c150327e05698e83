import { describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import type { JsonObject, Problem, RelistResponse } from "#lib/protocol/index.ts";
import { RefusedError } from "#server/hub/clusters.ts";
import type { FromWorker } from "./messages.ts";
import { PortServer, ViewGoneError, type Served } from "./port-server.ts";

const gone: Problem = { code: "gone", title: "Gone", message: "It went.", hint: "Look elsewhere." };
const secret = "token hunter2";
const viewFailed = { code: "view-failed", title: "View failed" };

/** A cluster in which everything answers, until the test says otherwise. */
function situation() {
  const clock = new FakeClock(1000);
  const sent: FromWorker[] = [];
  const state = {
    value: { n: 1 } as JsonObject,
    build: (): JsonObject => state.value,
    view: (): ReturnType<Served["view"]> => ({ build: () => state.build() }),
    relist: async (): Promise<RelistResponse> => ({ ok: true, isAsked: true }),
  };
  const served: Served = {
    view: () => state.view(),
    calls: {
      resources: async () => [],
      addHandler: async ({ informer }) => ({ ok: true, informer, registrations: [1], syntheticAdds: 0 }),
      removeHandler: async () => {
        throw new RefusedError(404, "no-such-handle", "there is none");
      },
      previewHandler: async ({ informer }) => ({ ok: true, informer, effect: "starts", nextHandle: 2, problems: [] }),
      lineObject: async () => ({ ok: true, object: {} }),
      releaseOwner: async () => ({ ok: true, leaked: 0 }),
      relist: () => state.relist(),
      replay: async () => ({ ok: true, registrations: 1, objects: 1 }),
      verify: async () => {
        throw new RefusedError(409, "verification-runs", "it runs");
      },
      setScheduler: async () => {},
      beginAnew: async () => {},
      metrics: async () => [],
      readStatements: async () => {},
      podYaml: async () => ({ ok: true, yaml: "" }),
      step: async () => ({ ok: true }),
      undo: async () => ({ ok: true, step: "pop", resourceVersion: "7" }),
      redo: async () => ({ ok: true, step: "pop", resourceVersion: "8" }),
    },
  };
  const server = new PortServer(served, clock, (message) => void sent.push(message));
  const open = (view: number): void => server.receive({ type: "open", view, topic: "overview", params: {} });
  const call = async (): Promise<readonly FromWorker[]> => {
    server.receive({ type: "call", call: 7, name: "relist", args: { informer: "v1/pods" } });
    await clock.settle();
    return take();
  };
  const take = (): readonly FromWorker[] => sent.splice(0);
  return { clock, server, state, open, call, take };
}

describe("views", () => {
  it("begin with a snapshot and go on with what changed, each under its own number", async () => {
    const { clock, state, open, take } = situation();
    open(1);
    open(2);
    state.value = { n: 2 };
    await clock.advance(100);
    expect(take()).toEqual([
      ...[1, 2].map((view) => ({
        type: "view",
        view,
        message: { kind: "snapshot", seq: 1, value: { n: 1, asOf: 1000 } },
      })),
      ...[1, 2].map((view) => ({
        type: "view",
        view,
        message: { kind: "delta", seq: 2, patch: { n: 2, asOf: 1100 } },
      })),
    ]);
  });

  it("are silent after they were closed; closing twice, or what was never open, is harmless", async () => {
    const { clock, server, open, take } = situation();
    open(1);
    open(2);
    take();
    for (const view of [1, 1, 99]) server.receive({ type: "close", view });
    await clock.advance(1_000);
    expect(take().map((message) => "view" in message && message.view)).toEqual([2]);
  });

  it("are closed with a problem where there is nothing to look at", () => {
    const { clock, state, open, take } = situation();
    state.view = () => ({ problem: gone });
    open(1);
    expect(take()).toEqual([{ type: "closed", view: 1, problem: gone }]);
    expect(clock.nextTimerAt).toBeUndefined();
  });

  it.each([
    ["at once", 0],
    ["later", 100],
  ])("whose subject goes %s are closed with its problem, and the log has nothing to say", async (_when, ms) => {
    const { clock, state, open, take } = situation();
    const goes = (): void => {
      state.build = () => {
        throw new ViewGoneError(gone);
      };
    };
    if (ms === 0) goes();
    open(1);
    goes();
    await clock.advance(ms);
    expect(take().filter(({ type }) => type !== "view")).toEqual([{ type: "closed", view: 1, problem: gone }]);
    await clock.advance(1_000);
    expect(take()).toEqual([]);
  });

  it("that cannot be built are closed; the log learns why, the client does not, and the others go on", async () => {
    const { clock, state, open, take } = situation();
    let builds = 0;
    state.view = () => {
      const isBroken = builds++ === 0;
      return {
        build: () => {
          if (isBroken) throw new Error(secret);
          return state.value;
        },
      };
    };
    open(1);
    open(2);
    await clock.advance(1_000);
    const [failure, closed, ...others] = take();
    expect(failure).toMatchObject({ type: "failure", during: "overview", error: expect.stringContaining(secret) });
    expect(closed).toMatchObject({ type: "closed", view: 1, problem: viewFailed });
    expect(JSON.stringify(closed)).not.toContain(secret);
    expect(others.map((message) => "view" in message && message.view)).toEqual([2, 2]);
  });

  it("that cannot even be looked for are closed in the same way", () => {
    const { state, open, take } = situation();
    state.view = () => {
      throw new TypeError(secret);
    };
    open(1);
    const [failure, closed, ...others] = take();
    expect([failure, others]).toMatchObject([{ type: "failure", during: "overview" }, []]);
    expect(closed).toMatchObject({ type: "closed", view: 1, problem: viewFailed });
    expect(JSON.stringify(closed)).not.toContain(secret);
  });

  it("are all closed with the port", async () => {
    const { clock, server, open, take } = situation();
    open(1);
    open(2);
    take();
    server.close();
    await clock.advance(5_000);
    expect([take(), clock.nextTimerAt]).toEqual([[], undefined]);
  });
});

describe("calls", () => {
  it("are answered under their number", async () => {
    const { call } = situation();
    expect(await call()).toEqual([{ type: "result", call: 7, value: { ok: true, isAsked: true } }]);
  });

  it("that are refused say so with status, code and message, and the log has nothing to say", async () => {
    const { state, call } = situation();
    state.relist = async () => {
      throw new RefusedError(404, "no-such-informer", "no informer v1/pods is running");
    };
    expect(await call()).toEqual([
      { type: "refused", call: 7, status: 404, code: "no-such-informer", message: "no informer v1/pods is running" },
    ]);
  });

  it.each([
    ["rejects", () => Promise.reject(new Error(secret))],
    [
      "throws",
      () => {
        throw new Error(secret);
      },
    ],
    ["rejects with no error", () => Promise.reject(secret)],
  ])("in which something %s tell the log, and the client nothing", async (_how, relist) => {
    const { state, call } = situation();
    state.relist = relist;
    const [failure, refused, ...others] = await call();
    expect([failure, others]).toMatchObject([{ type: "failure", during: "relist" }, []]);
    expect(JSON.stringify(failure)).toContain(secret);
    expect(refused).toMatchObject({ type: "refused", call: 7, status: 502, code: "failed" });
    expect(JSON.stringify(refused)).not.toContain(secret);
  });
});
