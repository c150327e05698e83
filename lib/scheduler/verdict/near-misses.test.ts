import { describe, expect, test } from "vitest";
import type { Node, Pod } from "#lib/kube/index.ts";
import { aNode, aPod, type PodSituation } from "#lib/kube/testing/builders.ts";
import type { RecordedCluster } from "../testing/recorded.ts";
import { TestCluster } from "../testing/test-cluster.ts";
import { Evaluation } from "./evaluation.ts";
import { nearMissesOf, type NearMiss } from "./near-misses.ts";

interface Case {
  readonly title: string;
  readonly nodes: readonly Node[];
  readonly pods?: readonly Pod[];
  readonly cluster?: RecordedCluster;
  readonly pod: PodSituation;
  /** Kind, what is done to whom, and the path or nothing. */
  readonly offers: readonly (readonly [kind: NearMiss["kind"], op: string, target: string, path?: string])[];
}

const fpga = "example.com/fpga";
const web = { matchLabels: { app: "web" } };
const zoned = (name: string): Node => aNode(name, { labels: { zone: "z" } });
const spread = {
  topologySpreadConstraints: [
    { topologyKey: "zone", maxSkew: 1, minDomains: 2, whenUnsatisfiable: "DoNotSchedule", labelSelector: web },
  ],
};
const affinity = (operator: string, values?: readonly string[]) => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: "disk", operator, ...(values && { values }) }] }],
      },
    },
  },
});
const claim = {
  metadata: { name: "data", namespace: "default", annotations: { "pv.kubernetes.io/bind-completed": "yes" } },
  spec: { accessModes: ["ReadWriteOncePod"], volumeName: "v" },
};
const usesClaim = { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }] };
const disk = { volumes: [{ name: "d", iscsi: { iqn: "iqn.a" } }] };

const cases: readonly Case[] = [
  {
    title: "what cannot be resized in place is freed by somebody who leaves",
    nodes: [aNode("a"), aNode("b", { allocatable: { [fpga]: "1" } })],
    pods: [aPod("holder", { on: "b", requests: { [fpga]: "1" } })],
    pod: { requests: { [fpga]: "1" } },
    offers: [["resource", "delete", "Pod holder"]],
  },
  {
    title: "nobody leaves for a pod that is less important",
    nodes: [aNode("a", { allocatable: { pods: "1" } })],
    pods: [aPod("holder", { on: "a", priority: 10 })],
    pod: {},
    offers: [],
  },
  {
    title: "a pod that stands alone cannot change its spread: one that counts leaves",
    nodes: [zoned("a")],
    pods: [aPod("other", { on: "a" }), aPod("web-0", { on: "a", labels: { app: "web" } })],
    pod: { labels: { app: "web" }, spec: spread },
    offers: [["spread", "delete", "Pod web-0"]],
  },
  {
    title: "a label that only has to be there",
    nodes: [aNode("a")],
    pod: { spec: affinity("Exists") },
    offers: [["label", "add", "Node a", "/metadata/labels/disk"]],
  },
  {
    title: "a label that must not be there",
    nodes: [aNode("a", { labels: { disk: "old" } })],
    pod: { spec: affinity("NotIn", ["old"]) },
    offers: [["label", "remove", "Node a", "/metadata/labels/disk"]],
  },
  {
    title: "no label is made up for a comparison",
    nodes: [aNode("a", { labels: { disk: "4" } })],
    pod: { spec: affinity("Gt", ["8"]) },
    offers: [],
  },
  {
    title: "whoever has a claim for itself, on whatever node",
    nodes: [aNode("a"), aNode("b")],
    pods: [aPod("holder", { on: "b", spec: usesClaim })],
    cluster: { pvcs: [claim], pvs: [{ metadata: { name: "v" } }] },
    pod: { spec: usesClaim },
    offers: [["volume", "delete", "Pod holder"]],
  },
  {
    title: "whoever writes to the same disk",
    nodes: [aNode("a")],
    pods: [aPod("holder", { on: "a", spec: disk }), aPod("other", { on: "a" })],
    pod: { spec: disk },
    offers: [["volume", "delete", "Pod holder"]],
  },
];

describe("near misses, each one change that the API takes", () => {
  test.each(cases)("$title", ({ nodes, pods = [], cluster = {}, pod, offers }) => {
    const { cache, profile } = new TestCluster({ ...cluster, nodes: [...nodes], pods: [...pods] });
    const evaluation = new Evaluation(aPod("p", pod));
    const options = { profile, snapshot: cache, nominatedPods: () => [] };
    for (const _ of evaluation.update(options, 0));
    const offered = nearMissesOf(evaluation, options).map(({ kind, changeFor }) => {
      const { op, target } = changeFor(evaluation.pod).patch;
      return [kind, op, `${target.kind} ${target.name}`, ...(target.path === undefined ? [] : [target.path])];
    });
    expect(offered).toEqual(offers);
  });
});
