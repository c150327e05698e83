import { pino } from "pino";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import type { Cluster } from "#lib/protocol/index.ts";
import type { ViewMessage } from "#server/hub/clusters.ts";
import { ClusterWorker } from "./cluster-worker.ts";
import type { WorkerConfig } from "./messages.ts";
import { accessOf } from "./transport/testing/access.ts";

const second = 1_000;
const undos: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const undo of undos.splice(0)) await undo();
});

/** A worker thread that does as its calls say: `relist("exits")` ends it. Time stands still, the thread does not. */
function situation({ id = "c", entry = new URL("./testing/scripted-worker.ts", import.meta.url) } = {}) {
  const clock = new FakeClock(0);
  const log: Readonly<Record<string, unknown>>[] = [];
  const logger = pino({ base: null }, { write: (line: string) => void log.push(JSON.parse(line)) });
  const config: WorkerConfig = {
    id,
    name: "prod",
    version: "test",
    mode: "shadow",
    access: accessOf({ server: "https://c.example" }),
    queue: "concurrent",
    approvedExec: [],
    isExecAllowed: false,
  };
  const summary: Cluster = { id, name: "prod", mode: "shadow", phase: "starting", server: "https://c.example" };
  const worker = new ClusterWorker({ config, summary, clock, logger, entry });
  undos.push(async () => {
    const stopped = worker.stop();
    await clock.advance(10 * second);
    await stopped;
  });
  const look = () => {
    const heard: ViewMessage[] = [];
    const close = worker.openView("informers", {}, (message) => void heard.push(message));
    return { heard, close };
  };
  /** What is under way is refused when the worker dies of it. */
  const die = async (how: string): Promise<void> => {
    await expect(worker.relist(how)).rejects.toMatchObject({ status: 503, code: "worker-gone" });
    await until(() => expect(worker.summary().phase).toBe("failed"));
  };
  const waitMs = (): number => (clock.nextTimerAt ?? Number.NaN) - clock.now();
  return { clock, log, worker, look, die, waitMs };
}

function until(seen: () => void): Promise<void> {
  return vi.waitFor(seen, { timeout: 20 * second, interval: 5 });
}

const threadOf = (message: ViewMessage | undefined): unknown =>
  message?.kind === "snapshot" ? message.value["threadId"] : undefined;

describe("a worker that runs", () => {
  it("answers views and calls of both kinds, and says how its cluster is", async () => {
    const { worker, look } = situation();
    const { heard } = look();
    expect(worker.summary().phase).toBe("starting");
    await worker.relist("connects");
    expect(worker.summary()).toMatchObject({ phase: "connected", name: "prod" });
    expect(heard).toMatchObject([{ kind: "snapshot", seq: 1, value: { topic: "informers" } }]);
    await expect(worker.replay("refuses")).rejects.toMatchObject({ status: 404, code: "no-such-informer" });
  });

  it("hears when a view is closed, which then hears nothing more; closing twice is harmless", async () => {
    const { worker, look } = situation();
    const [left, right] = [look(), look()];
    expect((await worker.resources()).length).toBe(2);
    left.close();
    left.close();
    void worker.relist("changes views").catch(() => {});
    expect((await worker.resources()).length).toBe(1);
    expect([left.heard.length, right.heard.map(({ kind }) => kind)]).toEqual([1, ["snapshot", "delta"]]);
  });

  it("closes a view whose subject went: that is the last it hears", async () => {
    const { worker, look } = situation();
    const { heard, close } = look();
    void worker.relist("closes views").catch(() => {});
    void worker.relist("changes views").catch(() => {});
    await worker.resources();
    expect(heard).toMatchObject([{ kind: "snapshot" }, { kind: "closed", problem: { code: "gone" } }]);
    close();
  });

  it("has its faults in the log", async () => {
    const { worker, log } = situation();
    void worker.relist("has a fault").catch(() => {});
    await worker.resources();
    expect(log).toMatchObject([{ cluster: "c", during: "relist", error: "a fault of ours", msg: "worker failed" }]);
  });
});

describe("a worker that dies", () => {
  it.each([
    ["exits", "it ended by itself"],
    ["throws", "broken on purpose"],
  ])("because it %s is shown as failed, and what was asked of it is refused", async (how, cause) => {
    const { worker, log, die } = situation();
    const waiting = expect(worker.relist("never answers")).rejects.toMatchObject({ code: "worker-gone" });
    await die(how);
    await waiting;
    expect(worker.summary()).toEqual({
      id: "c",
      name: "prod",
      mode: "shadow",
      server: "https://c.example",
      phase: "failed",
      problem: {
        code: "worker-died",
        title: "Worker ended",
        message: `The worker of this cluster ended: ${cause}.`,
        hint: "It is started again in 1 s.",
      },
    });
    expect(log).toMatchObject([{ cluster: "c", phase: "failed", msg: "cluster" }]);
    await expect(worker.resources()).rejects.toMatchObject({ status: 503, code: "worker-gone" });
  });

  it("is started again: its open views begin anew with a snapshot, and those opened meanwhile begin", async () => {
    const { clock, worker, look, die } = situation();
    const [stays, leaves] = [look(), look()];
    await worker.relist("connects");
    await die("exits");
    leaves.close();
    const joins = look();
    await clock.advance(second - 1);
    expect(worker.summary().phase).toBe("failed");
    await clock.advance(1);
    expect(worker.summary().phase).toBe("starting");
    expect(worker.summary()).not.toHaveProperty("problem");

    expect((await worker.resources()).length).toBe(2);
    expect(stays.heard.map(({ kind }) => kind)).toEqual(["snapshot", "snapshot"]);
    const [before, after] = stays.heard.map(threadOf);
    expect(after).not.toBe(before);
    expect([leaves.heard.length, joins.heard.map(threadOf)]).toEqual([1, [after]]);
    await worker.relist("connects");
    expect(worker.summary().phase).toBe("connected");
  });

  it("waits longer each time it dies soon, half a minute at most, and shortly after it was well", async () => {
    const { clock, worker, die, waitMs } = situation();
    const waits: number[] = [];
    for (let time = 0; time < 7; time++) {
      await die("exits");
      waits.push(waitMs() / second);
      await clock.advance(waitMs());
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30]);
    await worker.resources();
    clock.set(clock.now() + 61 * second);
    await die("exits");
    expect(waitMs()).toBe(second);
  });

  it("at its very start is no different", async () => {
    const { worker } = situation({ entry: new URL("./testing/no-such-worker.ts", import.meta.url) });
    await expect(worker.resources()).rejects.toMatchObject({ code: "worker-gone" });
    await until(() => expect(worker.summary()).toMatchObject({ phase: "failed", problem: { code: "worker-died" } }));
  });
});

describe("a worker that is stopped", () => {
  it("ends, closes its views and starts no more; stopping twice is harmless", async () => {
    const { clock, worker, look } = situation();
    const { heard, close } = look();
    await worker.resources();
    await worker.stop();
    await worker.stop();
    const closed = { kind: "closed", problem: { code: "detached", message: "prod was detached." } };
    expect(heard).toMatchObject([{ kind: "snapshot" }, closed]);
    close();
    expect(look().heard).toMatchObject([closed]);
    await expect(worker.resources()).rejects.toMatchObject({ code: "worker-gone" });
    expect(clock.nextTimerAt).toBeUndefined();
  });

  it("while it waits to be started again is not started", async () => {
    const { clock, worker, die } = situation();
    await die("exits");
    await worker.stop();
    expect(clock.nextTimerAt).toBeUndefined();
    await clock.advance(60 * second);
    expect(worker.summary().phase).toBe("failed");
  });

  it("and does not end is ended after three seconds", async () => {
    const { clock, worker } = situation({ id: "stubborn" });
    await worker.resources();
    let hasEnded = false;
    const stopped = worker.stop().then(() => (hasEnded = true));
    await clock.advance(3 * second - 1);
    expect(hasEnded).toBe(false);
    await clock.advance(1);
    await stopped;
    await expect(worker.resources()).rejects.toMatchObject({ code: "worker-gone" });
  });
});
