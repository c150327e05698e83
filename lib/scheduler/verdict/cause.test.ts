import { describe, expect, test } from "vitest";
import type { Node, PersistentVolumeClaim, Pod, StorageClass } from "#lib/kube/index.ts";
import { aNode, aPod, type PodSituation } from "#lib/kube/testing/builders.ts";
import type { RecordedCluster } from "../testing/recorded.ts";
import { TestCluster } from "../testing/test-cluster.ts";
import { causeOf } from "./cause.ts";
import type { VerdictCode } from "./code.ts";
import { Evaluation } from "./evaluation.ts";
import { nearMissesOf } from "./near-misses.ts";

interface Case {
  readonly title: string;
  readonly nodes?: readonly Node[];
  readonly pods?: readonly Pod[];
  readonly cluster?: RecordedCluster;
  readonly pod?: PodSituation;
  readonly code: VerdictCode | undefined;
  readonly row?: string;
}

function explain({ nodes = [], pods = [], cluster = {}, pod = {} }: Omit<Case, "title" | "code">) {
  const { cache, profile } = new TestCluster({ ...cluster, nodes: [...nodes], pods: [...pods] });
  const evaluation = new Evaluation(aPod("p", pod));
  const options = { profile, snapshot: cache, nominatedPods: () => [] };
  for (const _ of evaluation.update(options, 0));
  const nearMisses = nearMissesOf(evaluation, options);
  return { evaluation, nearMisses, cause: causeOf(evaluation, nearMisses, cache) };
}

const spot = { key: "spot", value: "true", effect: "NoSchedule" };
const big = { cpu: "4" };
const full = (node: string): Pod => aPod(`on-${node}`, { on: node, requests: { cpu: "4" }, priority: 1000 });
const zoned = (name: string, zone: string): Node => aNode(name, { labels: { "topology.kubernetes.io/zone": zone } });
const claim = (spec: PersistentVolumeClaim["spec"]): PersistentVolumeClaim => ({
  metadata: { name: "data", namespace: "default" },
  ...(spec && { spec }),
});
const withClaim: PodSituation = { spec: { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }] } };
const localVolumes: StorageClass = {
  metadata: { name: "local" },
  provisioner: "kubernetes.io/no-provisioner",
  volumeBindingMode: "WaitForFirstConsumer",
};
const apart = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "web" } } },
    ],
  },
};
const near = {
  podAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "db" } } },
    ],
  },
};
const spread = [
  {
    maxSkew: 1,
    topologyKey: "topology.kubernetes.io/zone",
    whenUnsatisfiable: "DoNotSchedule",
    labelSelector: { matchLabels: { app: "web" } },
  },
];
const web = (name: string, on: string): Pod => aPod(name, { on, labels: { app: "web" } });

const cases: readonly Case[] = [
  { title: "a node takes it", nodes: [aNode("a")], code: undefined },
  { title: "an empty cluster", code: "no-nodes", row: "There are no nodes." },
  {
    title: "a claim that is not there",
    nodes: [aNode("a")],
    pod: withClaim,
    code: "claim-missing",
    row: "Claim data does not exist.",
  },
  {
    title: "an unbound immediate claim",
    nodes: [aNode("a")],
    cluster: { pvcs: [claim({ storageClassName: "fast" })] },
    pod: withClaim,
    code: "volume-unbound",
    row: "Claim data is not bound yet: Immediate.",
  },
  {
    title: "a claim that names its volume, and is not bound to it",
    nodes: [aNode("a")],
    cluster: { pvcs: [claim({ storageClassName: "local", volumeName: "pv-7" })], storageClasses: [localVolumes] },
    pod: withClaim,
    code: "volume-unbound",
    row: "Claim data is not bound yet: WaitForFirstConsumer.",
  },
  {
    title: "a claim that waits for its consumer, and no volume",
    nodes: [zoned("a", "eu-1c")],
    cluster: {
      pvcs: [claim({ storageClassName: "local", resources: { requests: { storage: "1Gi" } } })],
      storageClasses: [localVolumes],
    },
    pod: withClaim,
    code: "volume-wait",
    row: "Waiting for a volume: no match for data in eu-1c.",
  },
  {
    title: "one toleration would do",
    nodes: [aNode("a", { taints: [spot] }), aNode("b", { taints: [spot] })],
    code: "near-toleration",
    row: "One toleration away: 2 nodes fit if it tolerates spot=true.",
  },
  {
    title: "a taint and a cordon are two ways out, so neither is the verdict",
    nodes: [aNode("a", { taints: [spot] }), aNode("b", { isCordoned: true })],
    code: "no-fit",
    row: "No node fits: 2 of 2 rule it out.",
  },
  {
    title: "one cordon",
    nodes: [
      aNode("a", {
        isCordoned: true,
        taints: [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }],
      }),
    ],
    code: "near-cordon",
    row: "One cordon away: 1 node fits once uncordoned.",
  },
  {
    title: "short by exactly a tenth of what it asks for",
    nodes: [aNode("a")],
    pods: [aPod("x", { on: "a", requests: { cpu: "400m" } })],
    pod: { requests: big },
    code: "near-resource",
    row: "Nearly fits: a is short by 400m CPU.",
  },
  {
    title: "short by a little more than a tenth",
    nodes: [aNode("a")],
    pods: [aPod("x", { on: "a", requests: { cpu: "401m" } })],
    pod: { requests: big },
    code: "no-fit",
    row: "No node fits: 1 of 1 is short of CPU.",
  },
  {
    title: "a value that no node has",
    nodes: [aNode("a", { labels: { disktype: "nvme" } }), aNode("b", { labels: { disktype: "hdd" } })],
    pod: { spec: { nodeSelector: { disktype: "nvme2" } } },
    code: "no-match",
    row: "No node matches disktype=nvme2; 1 node has disktype=nvme.",
  },
  {
    title: "a label that no node has",
    nodes: [aNode("a")],
    pod: { spec: { nodeSelector: { "example.com/rack": "7" } } },
    code: "no-label",
    row: "No node has the label example.com/rack.",
  },
  {
    title: "a spread that every eligible node breaks",
    nodes: [zoned("a", "eu-1a"), aNode("b", { labels: { "topology.kubernetes.io/zone": "eu-1b" }, taints: [spot] })],
    pods: [web("w1", "a"), web("w2", "a"), full("b")],
    pod: { labels: { app: "web" }, requests: big, spec: { topologySpreadConstraints: spread } },
    code: "spread",
    row: "Spread cannot be met: eu-1a already has 2, max skew is 1.",
  },
  {
    title: "affinity to nobody",
    nodes: [aNode("a")],
    pod: { spec: { affinity: near } },
    code: "affinity",
    row: "Affinity cannot be met: no node runs a pod matching app=db.",
  },
  {
    title: "kept apart from what runs everywhere",
    nodes: [aNode("a"), aNode("b")],
    pods: [web("w1", "a"), web("w2", "a"), web("w3", "b"), web("w4", "b")],
    pod: { spec: { affinity: apart } },
    code: "anti-affinity",
    row: "Kept apart: every eligible node runs a pod matching app=web.",
  },
  {
    title: "the pod limit",
    nodes: [aNode("a", { allocatable: { pods: "1" } })],
    pods: [aPod("x", { on: "a" })],
    code: "pod-limit",
    row: "Pod limit reached on the only eligible node.",
  },
  {
    title: "a host port that is taken",
    nodes: [aNode("a"), aNode("b")],
    pods: ["a", "b"].map((on) =>
      aPod(`p-${on}`, { on, spec: { containers: [{ name: "c", ports: [{ hostPort: 80 }] }], nodeName: on } }),
    ),
    pod: { spec: { containers: [{ name: "c", ports: [{ hostPort: 80 }] }] } },
    code: "ports",
    row: "Host port 80 is taken on all 2 eligible nodes.",
  },
  {
    title: "an extended resource decides",
    nodes: [
      aNode("a", { allocatable: { "nvidia.com/gpu": "1" } }),
      aNode("b", { allocatable: { "nvidia.com/gpu": "1" } }),
      aNode("c"),
    ],
    pods: ["a", "b"].map((on) => aPod(`g-${on}`, { on, requests: { "nvidia.com/gpu": "1" } })),
    pod: { requests: { "nvidia.com/gpu": "1" } },
    code: "no-fit-kind",
    row: "No node fits: all 2 nodes with nvidia.com/gpu are full.",
  },
  {
    title: "features that no node declares",
    nodes: [aNode("a")],
    pod: { spec: { hostNetwork: true, hostUsers: false } },
    code: "features",
    row: "Needs node features that no node declares: UserNamespacesHostNetworkSupport.",
  },
  {
    title: "several reasons",
    nodes: [aNode("a"), aNode("b"), aNode("c", { taints: [spot] })],
    pods: [full("a"), full("b"), full("c")],
    pod: { requests: big },
    code: "no-fit",
    row: "No node fits: 2 of 3 are short of CPU, 1 rules it out.",
  },
];

describe("why no node takes a pod", () => {
  test.each(cases)("$title: $code", ({ code, row, ...situation }) => {
    const { cause } = explain(situation);
    expect(cause?.code).toBe(code);
    if (row !== undefined) expect(cause?.row).toEqual([row]);
  });
});

describe("near misses", () => {
  test("are ranked by the nodes they open, then by size, and each carries its change", () => {
    const { nearMisses } = explain({
      nodes: [
        aNode("a"),
        aNode("b", { taints: [spot] }),
        aNode("c", { taints: [spot] }),
        aNode("d", { isCordoned: true }),
      ],
      pods: [aPod("x", { on: "a", requests: { cpu: "2" } })],
      pod: { requests: { cpu: "2500m" } },
    });
    expect(nearMisses.map(({ kind, opened }) => [kind, opened.length])).toEqual([
      ["toleration", 2],
      ["cordon", 1],
      ["resource", 1],
    ]);
    expect(nearMisses[0]?.changeFor(aPod("other", { namespace: "shop" }))).toEqual({
      patch: {
        op: "add",
        target: { apiVersion: "v1", kind: "Pod", namespace: "shop", name: "other", path: "/spec/tolerations" },
        value: [{ key: "spot", operator: "Equal", value: "true", effect: "NoSchedule" }],
      },
      command: `kubectl -n shop patch pod other --type=json -p '[{"op":"add","path":"/spec/tolerations","value":[{"key":"spot","operator":"Equal","value":"true","effect":"NoSchedule"}]}]'`,
    });
    expect(nearMisses[2]).toMatchObject({ title: "500m CPU short on a", shortfall: { node: "a", missing: 500 } });
  });

  test("what does not open a node is not offered: a toleration for a node that is full as well", () => {
    const { nearMisses } = explain({
      nodes: [aNode("a", { taints: [spot] })],
      pods: [full("a")],
      pod: { requests: big },
    });
    expect(nearMisses).toEqual([]);
  });

  test("a workload is changed instead of its pod, with the whole list of its tolerations", () => {
    const pod = aPod("web-5c9f7d6b44-tq8wz", { namespace: "shop", labels: { "pod-template-hash": "5c9f7d6b44" } });
    const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-5c9f7d6b44", uid: "rs", controller: true };
    const { cache, profile } = new TestCluster({ nodes: [aNode("a", { taints: [spot] })] });
    const evaluation = new Evaluation({ ...pod, metadata: { ...pod.metadata, ownerReferences: [owner] } });
    const options = { profile, snapshot: cache, nominatedPods: () => [] };
    for (const _ of evaluation.update(options, 0));
    expect(nearMissesOf(evaluation, options)[0]?.changeFor(evaluation.pod).patch.target).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      namespace: "shop",
      name: "web",
      path: "/spec/template/spec/tolerations",
    });
  });
});
