import { afterEach, describe, expect, it } from "vitest";
import type { KubeObject, Pod } from "#lib/kube/index.ts";
import { aNode, aPod, type PodSituation } from "#lib/kube/testing/builders.ts";
import { readConfiguration } from "#lib/scheduler/index.ts";
import { DiagnosedCluster } from "../testing/diagnosed-cluster.ts";

const pods = "v1/pods";
const nodes = "v1/nodes";
const second = 1_000;
const events = "events.k8s.io/v1/events?reason=FailedScheduling";
const created = new Date(Date.UTC(2026, 0, 1)).toISOString();

let cluster: DiagnosedCluster;
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

/** kube-scheduler has said so. */
function refused(name: string, message: string, situation: PodSituation = {}): Pod {
  const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];
  const pod = aPod(name, { ...situation, status: { ...situation.status, conditions } });
  return { ...pod, metadata: { ...pod.metadata, creationTimestamp: created } };
}

const large = { requests: { cpu: "40" } };
const short = "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No victims.";

describe("a cluster of somebody else", () => {
  it("a pod that has a node does not lend it to those that are like it", async () => {
    const bound = aPod("bound", { ...large, on: "a", status: { phase: "Pending" } });
    cluster = await new DiagnosedCluster().with([
      [nodes, aNode("a", { allocatable: { cpu: "40" } })],
      [pods, bound],
      [nodes, aNode("b")],
      [pods, refused("waits", "0/2 nodes are available: 2 Insufficient cpu.", large)],
    ]);
    expect(cluster.code("bound")).toBe("not-started");
    expect(cluster.row("waits")).toBe("No node fits: 2 of 2 are short of CPU.");
  });

  it("a pod that is being tried is in flight and in no lane, and in no queue once it has a node", async () => {
    cluster = await new DiagnosedCluster().with([
      [nodes, aNode("a")],
      [pods, aPod("fits")],
    ]);
    expect(cluster.judged("fits")).toMatchObject({ place: "inFlight", verdict: { code: "in-flight" } });
    await cluster.tell(pods, "MODIFIED", aPod("fits", { on: "a", status: { phase: "Pending" } }));
    await cluster.look();
    expect(cluster.judged("fits")).toMatchObject({ place: "outside", verdict: { code: "not-started" } });
  });

  it("is known once its pods were looked at, also where there is no node", async () => {
    cluster = await new DiagnosedCluster().with([[pods, aPod("waits")]]);
    expect(cluster.judged("waits").shape.explanation.cause?.code).toBe("no-nodes");
    expect(cluster.diagnosis.isSettled).toBe(true);
  });

  it("kube-scheduler's words are held against what was found in that moment, and kept", async () => {
    cluster = await new DiagnosedCluster().with([
      [nodes, aNode("a")],
      [pods, aPod("waits", large)],
    ]);
    await cluster.look(5 * second);
    await cluster.tell(pods, "MODIFIED", refused("waits", short, large));
    await cluster.look();
    const said = () => cluster.diagnosis.saidOf("uid-waits")?.compared.differing;
    expect(said()).toEqual([]);
    await cluster.tell(nodes, "ADDED", aNode("b"));
    await cluster.look();
    expect(said()).toEqual([]);
  });

  it("what differs from ours is a disagreement, unless a node changed in the second before, or soon after", async () => {
    cluster = await new DiagnosedCluster().with([
      [nodes, aNode("a")],
      [pods, aPod("quiet", large)],
      [pods, aPod("before", large)],
      [pods, aPod("after", large)],
    ]);
    const wrong = "0/1 nodes are available: 1 node(s) were unschedulable.";
    await cluster.look(5 * second);
    await cluster.tell(pods, "MODIFIED", refused("quiet", wrong, large));
    await cluster.look(6 * second);
    await cluster.tell(pods, "MODIFIED", refused("after", wrong, large));
    await cluster.tell(nodes, "MODIFIED", aNode("a", { labels: { changed: "yes" } }));
    await cluster.tell(pods, "MODIFIED", refused("before", wrong, large));
    await cluster.look(6 * second);
    expect(cluster.row("quiet")).toBe("kube-scheduler disagrees: we find Insufficient cpu, it reports none.");
    expect([cluster.code("before"), cluster.code("after")]).toEqual(["no-fit", "no-fit"]);
  });

  it("and nothing is held against anybody while a pod is promised a node, before or soon after", async () => {
    cluster = await new DiagnosedCluster().with([
      [nodes, aNode("a")],
      [pods, aPod("waits", large)],
      [pods, aPod("also", large)],
      [pods, aPod("rival", { requests: { cpu: "50" } })],
    ]);
    const wrong = "0/1 nodes are available: 1 node(s) were unschedulable.";
    const rival = (nominatedNodeName: string) =>
      aPod("rival", { requests: { cpu: "50" }, status: { phase: "Pending", nominatedNodeName } });
    await cluster.look(5 * second);
    await cluster.tell(pods, "MODIFIED", refused("waits", wrong, large));
    await cluster.look(2 * second);
    await cluster.tell(pods, "MODIFIED", rival("a"));
    await cluster.look(5 * second);
    await cluster.tell(pods, "MODIFIED", refused("also", wrong, large));
    await cluster.look(5 * second);
    await cluster.look(5 * second);
    expect([cluster.code("waits"), cluster.code("also")]).toEqual(["no-fit", "no-fit"]);
  });

  it("nobody is accused by one who stood still until a moment ago", async () => {
    cluster = await new DiagnosedCluster().with([
      [nodes, aNode("a")],
      [pods, aPod("waits", large)],
    ]);
    await cluster.look(5 * second);
    const wrong = "0/1 nodes are available: 1 node(s) were unschedulable.";
    await cluster.tell(pods, "MODIFIED", refused("waits", wrong, large));
    cluster.standStill(60 * second);
    await cluster.look(second);
    expect(cluster.code("waits")).toBe("no-fit");
    await cluster.look(10 * second);
    expect(cluster.code("waits")).toBe("disagrees");
  });

  it("a pod that is made again under its name is another one, and that is told", async () => {
    cluster = await new DiagnosedCluster().with([
      [nodes, aNode("a")],
      [pods, aPod("web-0", { uid: "first" })],
    ]);
    await cluster.tell(pods, "DELETED", aPod("web-0", { uid: "first" }));
    await cluster.tell(pods, "ADDED", aPod("web-0", { uid: "second", ...large }));
    await cluster.look();
    const facts = cluster.diagnosis.factsAbout(cluster.judged("web-0"));
    expect(facts).toMatchObject([
      { kind: "recreated", detail: ["The pod with uid ", "first", expect.any(String), {}, expect.any(String)] },
    ]);
  });

  it("of a name that many pods had it is told how many, since when", async () => {
    cluster = await new DiagnosedCluster().with([[nodes, aNode("a")]]);
    for (const uid of ["first", "second"]) {
      await cluster.tell(pods, "ADDED", aPod("web-0", { uid }));
      await cluster.tell(pods, "DELETED", aPod("web-0", { uid }));
    }
    await cluster.tell(pods, "ADDED", aPod("web-0", { uid: "third", ...large }));
    await cluster.look();
    const [fact] = cluster.diagnosis.factsAbout(cluster.judged("web-0"));
    expect(fact?.detail.slice(-3)).toEqual([
      " 2 pods have had the name before it since ",
      { time: expect.any(Number) as unknown },
      ".",
    ]);
  });

  it("what Karpenter calls FailedScheduling is no word of kube-scheduler", async () => {
    cluster = await new DiagnosedCluster().with([
      [nodes, aNode("a")],
      [pods, aPod("waits", large)],
    ]);
    await cluster.tell(events, "ADDED", {
      metadata: { name: "e", namespace: "default" },
      reason: "FailedScheduling",
      note: 'incompatible with nodepool "default"',
      deprecatedSource: { component: "karpenter" },
      regarding: { kind: "Pod", namespace: "default", name: "waits", uid: "uid-waits" },
    } as KubeObject);
    await cluster.look();
    expect(cluster.diagnosis.failures.of("uid-waits")).toBeUndefined();
  });

  it("a nomination that no longer fits is left alone for ten seconds", async () => {
    cluster = await new DiagnosedCluster().with([
      [nodes, aNode("a")],
      [pods, refused("waits", short, { ...large, nominatedTo: "a" })],
      [pods, refused("lost", short, { ...large, nominatedTo: "nowhere" })],
    ]);
    expect([cluster.code("waits"), cluster.code("lost")]).toEqual(["no-fit", "stale-nomination"]);
    await cluster.look(11 * second);
    expect(cluster.row("waits")).toBe("Nominated to a, which no longer fits.");
  });

  it("what cannot be read matters to those that need it", async () => {
    const claim = { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }] };
    cluster = await new DiagnosedCluster({ forbidden: "v1/persistentvolumes" }).with([
      [nodes, aNode("a")],
      [pods, refused("with", short, { ...large, spec: claim })],
      [pods, refused("without", short, large)],
    ]);
    expect(cluster.row("with")).toBe("Cannot tell: not allowed to list persistentvolumes.");
    expect(cluster.code("without")).toBe("no-fit");
  });

  it("a plugin that is configured and not known is named where all others agree", async () => {
    const configuration = readConfiguration({
      kind: "KubeSchedulerConfiguration",
      profiles: [{ plugins: { filter: { enabled: [{ name: "Licenses" }], disabled: [{ name: "NodePorts" }] } } }],
    });
    cluster = await new DiagnosedCluster({ configuration }).with([
      [nodes, aNode("a")],
      [pods, aPod("fits")],
      [pods, aPod("large", large)],
    ]);
    await cluster.tell(pods, "MODIFIED", refused("fits", "0/1 nodes are available: 1 node(s) had no licence."));
    await cluster.tell(pods, "MODIFIED", refused("large", short, large));
    await cluster.look(5 * second);
    expect(cluster.row("fits")).toContain('Cannot tell: kube-scheduler says "node(s) had no licence"');
    expect(cluster.code("large")).toBe("no-fit");
  });
});

describe("another scheduler", () => {
  const other: PodSituation = { scheduler: "batch" };
  const lease = "coordination.k8s.io/v1/leases?metadata.name=batch";
  const renewed = (at: number) => ({ metadata: { name: "batch" }, spec: { renewTime: new Date(at).toISOString() } });

  it("is alive while its Lease is renewed, and dead a minute later", async () => {
    cluster = await new DiagnosedCluster().with([
      [nodes, aNode("a")],
      [pods, aPod("job", other)],
    ]);
    expect(cluster.row("job")).toBe("Cannot tell: nothing has been heard of a scheduler named batch yet.");
    await cluster.tell(lease, "ADDED", renewed(cluster.now));
    await cluster.look();
    expect(cluster.row("job")).toBe("Uses schedulerName batch, which is not watched.");
    await cluster.look(60 * second);
    expect(cluster.row("job")).toBe("No scheduler answers to batch.");
  });

  it("is alive if it reported on a pod within ten minutes", async () => {
    cluster = await new DiagnosedCluster().with([
      [nodes, aNode("a")],
      [pods, aPod("job", other)],
    ]);
    const said = {
      metadata: { name: "e", namespace: "default" },
      reason: "FailedScheduling",
      note: "not today",
      reportingController: "batch",
      regarding: { kind: "Pod", namespace: "default", name: "job", uid: "uid-job" },
    };
    await cluster.tell(events, "ADDED", said);
    await cluster.look();
    expect(cluster.code("job")).toBe("not-watched");
  });
});
