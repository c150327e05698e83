import { afterEach, describe, expect, it } from "vitest";
import type { Pod } from "#lib/kube/index.ts";
import { aNode, aPod, type PodSituation } from "#lib/kube/testing/builders.ts";
import type { PodDetail, Problem, View } from "#lib/protocol/index.ts";
import { ViewGoneError } from "../port-server.ts";
import { DiagnosedCluster } from "../testing/diagnosed-cluster.ts";
import { expectToKeepContract } from "../testing/contract.ts";
import { AttentionList } from "./attention.ts";
import { PodView } from "./pod-view.ts";
import { buildPod } from "./pod.ts";
import { PodsList } from "./pods.ts";

const pods = "v1/pods";
const nodes = "v1/nodes";
const start = Date.UTC(2026, 0, 1);
const minute = 60_000;

let cluster: DiagnosedCluster;
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

interface Waiting extends PodSituation {
  readonly minutesOld?: number;
  readonly replicaSet?: string;
}

function waiting(name: string, { minutesOld = 0, replicaSet, ...situation }: Waiting = {}): Pod {
  const labels = replicaSet === undefined ? situation.labels : { ...situation.labels, "pod-template-hash": "5c9f" };
  const pod = aPod(name, { namespace: "shop", ...situation, ...(labels && { labels }) });
  const creationTimestamp = new Date(start - minutesOld * minute).toISOString();
  const owner = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    name: `${replicaSet ?? ""}-5c9f`,
    uid: "rs",
    controller: true,
  };
  return {
    ...pod,
    metadata: { ...pod.metadata, creationTimestamp, ...(replicaSet !== undefined && { ownerReferences: [owner] }) },
  };
}

const large = { requests: { cpu: "40" } };
/** Three of one Deployment that fit nowhere, one that is gated, one of a scheduler that is dead. */
const crowd: readonly Pod[] = [
  ...[3, 1, 2].map((minutesOld) => waiting(`web-${minutesOld}`, { ...large, minutesOld, replicaSet: "web" })),
  waiting("gated", { gates: ["quota"], namespace: "ml", minutesOld: 30 }),
  waiting("orphan", { scheduler: "batch", spec: { priorityClassName: "high", priority: 7 } }),
];
const deadLease = { metadata: { name: "batch" }, spec: { renewTime: new Date(start - 10 * minute).toISOString() } };

async function aCrowd(): Promise<DiagnosedCluster> {
  cluster = await new DiagnosedCluster().with([[nodes, aNode("a")], ...crowd.map((pod) => [pods, pod] as const)]);
  await cluster.tell("coordination.k8s.io/v1/leases?metadata.name=batch", "ADDED", deadLease);
  await cluster.look();
  return cluster;
}

function pageOf(view: Partial<View<"pods">> = {}) {
  const { diagnosis } = cluster;
  const list = new PodsList(diagnosis, "simulated", () => cluster.now).build({ offset: 0, limit: 50, ...view });
  expectToKeepContract("pods", list);
  return { ...list, names: list.order.map((key) => list.rows[key]?.name) };
}

describe("the Pods page", () => {
  it("shows the worst first, then the oldest", async () => {
    await aCrowd();
    expect(pageOf().names).toEqual(["orphan", "web-3", "web-2", "web-1", "gated"]);
    expect(pageOf({ sort: "age" }).names).toEqual(["gated", "web-3", "web-2", "web-1", "orphan"]);
    expect(pageOf({ sort: "priority" }).names[0]).toBe("orphan");
    expect(pageOf({ sort: "name", isDescending: true }).names[0]).toBe("web-3");
  });

  it("folds pods of one workload and verdict into one row, for which the oldest speaks", async () => {
    await aCrowd();
    const { order, rows, rowCount, matching } = pageOf({ fold: true });
    expect([rowCount, matching]).toEqual([3, 5]);
    expect(rows[order[1] ?? ""]).toMatchObject({
      count: 3,
      name: "web-3",
      workload: { kind: "Deployment", name: "web" },
    });
  });

  it("counts of a facet reflect what is chosen in the others, not in itself", async () => {
    await aCrowd();
    const { facets, names } = pageOf({ verdict: ["gated"] });
    expect(names).toEqual(["gated"]);
    expect(facets.verdict.values).toEqual([
      { value: "no-fit", count: 3 },
      { value: "gated", count: 1 },
      { value: "no-scheduler", count: 1 },
    ]);
    expect(facets.ns.values).toEqual([{ value: "ml", count: 1 }]);
  });

  it("shows the part that is looked at, and finds by the grammar of queries", async () => {
    await aCrowd();
    expect(pageOf({ offset: 1, limit: 2 })).toMatchObject({ names: ["web-3", "web-2"], rowCount: 5, offset: 1 });
    expect(pageOf({ q: "scheduler:batch" }).names).toEqual(["orphan"]);
    expect(pageOf({ q: "ns:shop age>90s" }).names).toEqual(["web-3", "web-2"]);
    expect(pageOf({ q: "short of CPU" }).names).toHaveLength(3);
    expect(pageOf({ q: "verdict:sideways" }).queryProblem).toContain("sideways");
  });
});

describe("what needs attention", () => {
  it("is grouped by workload and verdict, in sections by what is to be done", async () => {
    await aCrowd();
    const list = new AttentionList(cluster.diagnosis, "simulated", () => cluster.now).build();
    expectToKeepContract("attention", list);
    const { needYou, blocked, held, moving, pending, sections, groups } = list;
    expect({ needYou, blocked, held, moving, pending }).toEqual({
      needYou: 1,
      blocked: 3,
      held: 1,
      moving: 0,
      pending: 5,
    });
    expect(sections.blocked).toMatchObject({ pods: 3, groups: 1 });
    expect(groups[sections.blocked.order[0] ?? ""]).toMatchObject({ count: 3, pod: { name: "web-3" }, code: "no-fit" });
  });

  it("more pods that wait longer come first, and who has a node is no longer pending", async () => {
    cluster = await new DiagnosedCluster().with([
      [nodes, aNode("a")],
      [pods, waiting("lonely", { ...large, minutesOld: 5 })],
      [pods, waiting("pair-1", { ...large, minutesOld: 3, replicaSet: "pair" })],
      [pods, waiting("pair-2", { ...large, minutesOld: 3, replicaSet: "pair" })],
      [pods, waiting("bound", { on: "a", status: { phase: "Pending" } })],
    ]);
    const { pending, sections, groups } = new AttentionList(cluster.diagnosis, "simulated", () => cluster.now).build();
    expect(pending).toBe(3);
    expect(sections.blocked.order.map((key) => groups[key]?.pod.name)).toEqual(["pair-1", "lonely"]);
  });
});

describe("the page of a pod", () => {
  const viewOf = (name: string, more: Partial<View<"pod">> = {}): PodView =>
    new PodView(
      () => ({
        diagnosis: cluster.diagnosis,
        scheduling: cluster.scheduling,
        provenance: "simulated",
        now: cluster.now,
      }),
      { namespace: "shop", name, ...more },
    );
  const shown = (view: PodView): Omit<PodDetail, "asOf"> => {
    const detail = view.build();
    expectToKeepContract("pod", detail);
    return detail;
  };

  const problemOf = (view: PodView): Problem => {
    try {
      view.build();
    } catch (error) {
      if (error instanceof ViewGoneError) return error.problem;
    }
    throw new Error("expected a view that is gone");
  };

  it("has the verdict, the matrix, ways out as they would be sent, and the neighbours", async () => {
    cluster = await new DiagnosedCluster().with([
      [nodes, aNode("a", { taints: [{ key: "spot", value: "true", effect: "NoSchedule" }] })],
      [pods, waiting("older", { ...large, minutesOld: 9 })],
      [pods, waiting("web")],
    ]);
    const detail = shown(viewOf("web"));
    expect(detail).toMatchObject({
      state: "pending",
      verdict: { code: "near-toleration", provenance: "simulated" },
      matrix: { nodes: 1, fits: 0 },
      nearMisses: [{ rank: 1, kind: "toleration", nodes: 1, nodeNames: ["a"], patch: { op: "add" } }],
      position: { index: 1, of: 2, previous: { name: "older" } },
      comparison: { state: "silent" },
    });
    expect(detail.matrix?.rows.map(({ plugin }) => plugin)).toContain("TaintToleration");
    expect(detail.matrix?.taints).toEqual([{ taint: "spot=true:NoSchedule", nodes: 1 }]);
  });

  it("says what kube-scheduler said beside our own message, whole", async () => {
    const message =
      "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.";
    const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];
    cluster = await new DiagnosedCluster().with([
      [nodes, aNode("a")],
      [pods, aPod("filler", { on: "a", requests: { cpu: "3" } })],
      [pods, waiting("web", { requests: { cpu: "2" }, status: { conditions } })],
    ]);
    expect(shown(viewOf("web")).comparison).toMatchObject({ state: "agrees", message, ourMessage: message });
  });

  it("tells of whoever is first in line", async () => {
    await aCrowd();
    const judged = cluster.judged("web-1");
    const ahead = { count: 4, first: waiting("first") };
    const inLine = { ...judged, situation: { ...judged.situation, ahead } };
    const { diagnosis, scheduling, now } = cluster;
    const source = { diagnosis, scheduling, provenance: "simulated", now } as const;
    const detail = buildPod(inLine, source, { namespace: "shop", name: "web-1" });
    expect(detail.ahead).toEqual({ count: 4, first: { uid: "uid-first", namespace: "shop", name: "first" } });
  });

  it("stays as it was when the pod is bound, or gone", async () => {
    await aCrowd();
    const [bound, gone] = [viewOf("web-1"), viewOf("web-2")];
    for (const view of [bound, gone]) expect(shown(view).state).toBe("pending");
    await cluster.tell(pods, "MODIFIED", waiting("web-1", { on: "a", status: { phase: "Running" } }));
    await cluster.tell(pods, "DELETED", waiting("web-2"));
    await cluster.look();
    const at = cluster.now;
    expect(shown(bound)).toMatchObject({
      state: "bound",
      node: "a",
      nearMisses: [],
      verdict: { headline: ["Bound to ", "a", " at ", { time: at }, "."] },
      lastVerdict: ["No node fits: 1 of 1 is short of CPU."],
      endedAt: at,
    });
    const left = shown(gone);
    expect(left).toMatchObject({ state: "gone", verdict: { code: "no-fit", headline: ["Deleted at ", {}, "."] } });
    expect(left.timeline.stays.at(-1)?.until).toBe(left.endedAt);
    await cluster.look();
    expect(shown(gone)).toEqual(left);
  });

  it("of a pod that never was says so", async () => {
    await aCrowd();
    expect(problemOf(viewOf("nobody"))).toMatchObject({
      code: "no-such-pod",
      hint: "Check the name and the namespace.",
    });
  });

  it("of a name that is nearly one names those that may have been meant", async () => {
    await aCrowd();
    expect(problemOf(viewOf("wbe-1"))).toMatchObject({
      message: "There is no pod shop/wbe-1, or it has ended.",
      nearest: expect.arrayContaining([{ namespace: "shop", name: "web-1" }]) as unknown,
    });
    expect(problemOf(viewOf("web-1", { namespace: "elsewhere" })).nearest).toEqual([
      { namespace: "shop", name: "web-1" },
    ]);
    expect(problemOf(viewOf("web-1", { uid: "another" })).message).toBe(
      "Pod shop/web-1 with the uid another is gone: another one has its name.",
    );
  });

  it("where pods may not be read says what is missing", async () => {
    cluster = await new DiagnosedCluster({ forbidden: pods }).with([[nodes, aNode("a")]]);
    expect(problemOf(viewOf("web-1")).message).toBe("Cannot tell: not allowed to list pods.");
    expect(pageOf()).toMatchObject({ total: 0, doubt: "not allowed to list pods" });
  });
});
