import { beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { applyPatch, type JsonObject } from "#lib/protocol/index.ts";
import { FaultBoard, FaultControl, FaultService } from "#server/embedded/faults/index.ts";
import type { ViewMessage } from "#server/hub/clusters.ts";
import { ClusterFaults } from "./cluster-faults.ts";
import { expectToKeepContract } from "./testing/contract.ts";

let clock: FakeClock;
let board: FaultBoard;
let control: FaultControl;
let faults: ClusterFaults;

/** Both ends of the port between the threads, without the threads. */
beforeEach(() => {
  clock = new FakeClock(1_000);
  board = new FaultBoard({
    clock,
    watches: [],
    door: { shut: () => 0, open: () => {} },
    forget: () => {},
    isServed: (resource) => resource === "v1/pods",
  });
  control = new FaultControl((call) => queueMicrotask(() => service.answer(call)));
  const service = new FaultService(board, clock, (news) => control.receive(news));
  faults = new ClusterFaults(control, clock);
});

/** What somebody who looks has on the screen. */
function look() {
  const seen: { value: JsonObject; closed: string | undefined } = { value: {}, closed: undefined };
  const close = faults.open((message: ViewMessage) => {
    if (message.kind === "snapshot") seen.value = message.value;
    else if (message.kind === "delta") seen.value = applyPatch(seen.value, message.patch);
    else seen.closed = message.problem.code;
  });
  return { seen, close };
}

const hit = { resource: "v1/pods", verb: "list", namesVersion: false } as const;

describe("the faults of an embedded cluster, as the server has them", () => {
  it("are seen by whoever looks: what is on, what it hits, and that it has ended", async () => {
    const { seen } = look();
    expect(seen.value).toEqual({ asOf: 1_000, on: {}, ended: {} });
    const { fault } = await faults.add({ kind: "error", resource: "v1/pods" });
    for (let time = 0; time < 1_000; time++) board.onRequest(hit);
    await clock.advance(200);
    expect(seen.value["on"]).toMatchObject({ [fault.id]: { kind: "error", hits: { lists: 1_000, watches: 0 } } });
    expectToKeepContract("faults", seen.value);
    await faults.remove(fault.id);
    await clock.advance(200);
    expect(seen.value).toMatchObject({ on: {}, ended: { [fault.id]: { endedAt: 1_200 } } });
    expectToKeepContract("faults", seen.value);
  });

  it("are refused with the reason: what cannot be, and what is not on any more", async () => {
    await expect(faults.add({ kind: "drop", resource: "pods" })).rejects.toMatchObject({ status: 422 });
    await expect(faults.remove("fault-7")).rejects.toMatchObject({ status: 404, code: "no-such-fault" });
    await faults.add({ kind: "drop" });
    await faults.add({ kind: "slow" });
    await faults.clear();
    expect(Object.keys(control.state.on)).toEqual([]);
  });

  it("close with the cluster, and whoever has left hears nothing", async () => {
    const [one, other] = [look(), look()];
    other.close();
    faults.stop({ code: "detached", title: "Detached", message: "", hint: "" });
    expect([one.seen.closed, other.seen.closed]).toEqual(["detached", undefined]);
    expect(clock.nextTimerAt).toBeUndefined();
    control.ended();
    await expect(faults.add({ kind: "drop" })).rejects.toThrow("has ended");
  });
});
