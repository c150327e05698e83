import { describe, expect, it } from "vitest";
import type { Split } from "#lib/protocol/index.ts";
import { expectedAfter, namesOf, parkedSince } from "./split.model.ts";

const lost: Split = {
  event: { label: "NodeAdd", object: "n", at: 1_030 },
  expected: {
    stays: [
      { queue: "active", from: 900, until: 1_000 },
      { queue: "inFlight", from: 1_000, until: 1_300 },
      { queue: "backoff", from: 1_300, until: 2_300 },
      { queue: "active", from: 2_300 },
    ],
    provenance: "actual",
  },
  happened: { stays: [{ queue: "unschedulable", from: 1_300 }], provenance: "actual" },
  attempt: { attempt: 6, popped: 1_000, ended: 1_300 },
};
const { attempt: _attempt, ...rest } = lost;
const suspected: Split = {
  ...rest,
  expected: {
    stays: [
      { queue: "unschedulable", from: 500, until: 1_030 },
      { queue: "active", from: 1_030 },
    ],
    provenance: "simulated",
  },
  happened: { stays: [{ queue: "unschedulable", from: 500 }], provenance: "observed" },
};

describe("two queues that split", () => {
  it("do so where the attempt ended, if the event fell into one, else at the event", () => {
    expect([parkedSince(lost), parkedSince(suspected)]).toEqual([1_300, 1_030]);
  });

  it("tell where the pod should be: where the correct one put it first", () => {
    expect([expectedAfter(lost), expectedAfter(suspected)]).toEqual(["backoff", "active"]);
  });

  it("are both ours in the embedded cluster, else one is the scheduler's", () => {
    expect(namesOf("default-scheduler", lost).happened).toBe("The queue of 1.28.0");
    expect(namesOf("default-scheduler", suspected).happened).toBe("kube-scheduler");
    expect(namesOf("volcano", suspected).happened).toBe("volcano");
  });
});
