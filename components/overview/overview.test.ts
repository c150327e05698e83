import { describe, expect, it } from "vitest";
import type { QueueCounts } from "#lib/protocol/index.ts";
import { pendingPods, proportions, rejectorRows, situation } from "./overview.model.ts";

const counts: QueueCounts = { active: 214, backoff: 96, unschedulable: 3_058, gated: 45, inFlight: 5 };
const none: QueueCounts = { active: 0, backoff: 0, unschedulable: 0, gated: 0, inFlight: 0 };

describe("the situation", () => {
  it("says where all pending pods are, and nothing that is not known", () => {
    expect(situation({ queue: counts, provenance: "actual" })).toEqual({
      sentence: "3,418 pods are pending: 315 on the way, 3,058 waiting for a change, 45 held on purpose.",
      context: "",
    });
    expect(situation({ queue: { ...none, gated: 1 }, provenance: "actual" }).sentence).toBe(
      "1 pod is pending: 1 held on purpose.",
    );
    expect(situation({ queue: none, provenance: "actual" }).sentence).toBe("No pods are pending.");
  });

  it("says that it is simulated where it is", () => {
    expect(situation({ queue: counts, provenance: "simulated" }).context).toBe("by our model of the scheduling queue");
  });

  it("is drawn to scale, in the order of a pod's life", () => {
    expect(proportions(counts).map(({ queue }) => queue)).toEqual([
      "gated",
      "active",
      "inFlight",
      "backoff",
      "unschedulable",
    ]);
    expect(proportions({ ...none, backoff: 2 })).toEqual([{ queue: "backoff", count: 2 }]);
    expect(proportions(counts).reduce((sum, { count }) => sum + count, 0)).toBe(pendingPods(counts));
  });
});

describe("the plugins that reject", () => {
  it("are told with the one that holds most pods first, to its scale", () => {
    expect(rejectorRows({ NodeAffinity: 10, NodeResourcesFit: 40, TaintToleration: 10 })).toEqual([
      { plugin: "NodeResourcesFit", count: 40, share: 1 },
      { plugin: "NodeAffinity", count: 10, share: 0.25 },
      { plugin: "TaintToleration", count: 10, share: 0.25 },
    ]);
    expect(rejectorRows({})).toEqual([]);
  });
});
