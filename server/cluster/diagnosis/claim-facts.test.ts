import { expect, it } from "vitest";
import type { KubeObject } from "#lib/kube/index.ts";
import { aPod } from "#lib/kube/testing/builders.ts";
import { sentenceText } from "#lib/protocol/index.ts";
import { ClusterCache } from "#lib/scheduler/index.ts";
import { claimFacts } from "./claim-facts.ts";

const pod = aPod("db-0", { spec: { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }] } });
const named = (name: string, fields: object, more: object = {}): KubeObject => ({
  metadata: { name, ...more },
  ...fields,
});
const claim = (fields: object) => named("data", fields, { namespace: "default" });
const inZone = { nodeSelectorTerms: [{ matchExpressions: [{ key: "zone", operator: "In", values: ["eu-1a"] }] }] };

function detailOf(objects: { claim?: KubeObject; storageClass?: KubeObject; volume?: KubeObject }): string {
  const cache = new ClusterCache();
  if (objects.claim !== undefined) cache.persistentVolumeClaims.set(objects.claim);
  if (objects.storageClass !== undefined) cache.storageClasses.set(objects.storageClass);
  if (objects.volume !== undefined) cache.persistentVolumes.set(objects.volume);
  const [{ title, detail } = { title: "", detail: [] }] = claimFacts(pod, cache);
  expect(title).toBe("Claim data");
  return sentenceText(detail, 0);
}

it.each([
  ["that it is not there", {}, "It does not exist."],
  [
    "that its class waits for the node",
    {
      claim: claim({ spec: { storageClassName: "fast" }, status: { phase: "Pending" } }),
      storageClass: named("fast", { volumeBindingMode: "WaitForFirstConsumer" }),
    },
    "It is Pending. Class fast, WaitForFirstConsumer: a volume is chosen with the node. It has no volume yet.",
  ],
  [
    "that its class is not there",
    { claim: claim({ spec: { storageClassName: "fast" }, status: { phase: "Pending" } }) },
    "It is Pending. Its class fast does not exist. It has no volume yet.",
  ],
  [
    "where its volume can be reached from",
    {
      claim: claim({ spec: { storageClassName: "fast", volumeName: "pv-1" }, status: { phase: "Bound" } }),
      storageClass: named("fast", {}),
      volume: named("pv-1", { spec: { nodeAffinity: { required: inZone } }, status: { phase: "Bound" } }),
    },
    "It is Bound. Class fast, Immediate. Volume pv-1 is Bound, reached from zone = eu-1a.",
  ],
  [
    "the zone that a label of its volume names",
    {
      claim: claim({ spec: { volumeName: "pv-1" }, status: { phase: "Bound" } }),
      volume: named("pv-1", { status: { phase: "Bound" } }, { labels: { "topology.kubernetes.io/zone": "a__b" } }),
    },
    "It is Bound. It names no class. Volume pv-1 is Bound, reached from topology.kubernetes.io/zone in a, b.",
  ],
  [
    "that its volume is not there",
    { claim: claim({ spec: { volumeName: "pv-1" }, status: { phase: "Lost" } }) },
    "It is Lost. It names no class. Its volume pv-1 does not exist.",
  ],
])("a claim tells %s", (_what, objects, expected) => {
  expect(detailOf(objects)).toBe(expected);
});
