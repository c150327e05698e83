import { afterEach, describe, expect, it } from "vitest";
import { podUid, type Pod } from "#lib/kube/index.ts";
import { aNode, aPod } from "#lib/kube/testing/builders.ts";
import { StillCluster } from "../testing/still-cluster.ts";
import type { Diagnosis } from "./diagnosis.ts";

let running: Diagnosis | undefined;

afterEach(() => running?.stop());

async function situation(pods: readonly Pod[]) {
  const { cluster, diagnosis, pipeline } = new StillCluster();
  const { clock } = cluster;
  for (const name of ["a", "b"]) pipeline.nodes.onAdd(aNode(name));
  for (const pod of pods) pipeline.pods.onAdd(pod);
  running = diagnosis;
  void diagnosis.watch();
  await clock.advance(1_000);
  const nodeOf = (pod: Pod) => diagnosis.judged.get(podUid(pod))?.situation.fittingNode;
  return { clock, diagnosis, pipeline, nodeOf };
}

const large = aPod("large", { requests: { cpu: "8" } });
const small = aPod("small", { requests: { cpu: "100m" } });
const selector = { matchLabels: { app: "web" } };
const apart = aPod("apart", {
  labels: { app: "web" },
  requests: { cpu: "8" },
  spec: {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: "kubernetes.io/hostname", labelSelector: selector },
        ],
      },
    },
  },
});

describe("one node's change", () => {
  it("is followed between two sweeps, by pods that are held against it alone and by those that look around", async () => {
    const { clock, pipeline, nodeOf } = await situation([large, apart]);
    expect([nodeOf(large), nodeOf(apart)]).toEqual([undefined, undefined]);
    pipeline.nodes.onUpdate(aNode("b"), aNode("b", { allocatable: { cpu: "16" } }));
    await clock.advance(20);
    expect([nodeOf(large), nodeOf(apart)]).toEqual(["b", "b"]);
    pipeline.nodes.onDelete(aNode("b"));
    await clock.advance(20);
    expect([nodeOf(large), nodeOf(apart)]).toEqual([undefined, undefined]);
  });

  it("leaves the verdicts of others as they are", async () => {
    const { clock, diagnosis, pipeline, nodeOf } = await situation([large, small]);
    const before = diagnosis.judged.get(podUid(small));
    const { revision } = diagnosis;
    pipeline.nodes.onUpdate(aNode("b"), aNode("b", { allocatable: { cpu: "16" } }));
    await clock.advance(20);
    expect(nodeOf(large)).toBe("b");
    expect(diagnosis.revision).toBe(revision + 1);
    expect(diagnosis.judged.get(podUid(small))).toBe(before);
  });

  it("says nothing of a pod that has gone since: the next sweep does", async () => {
    const { clock, diagnosis, pipeline } = await situation([large]);
    pipeline.pods.onDelete(large);
    pipeline.nodes.onUpdate(aNode("b"), aNode("b", { allocatable: { cpu: "16" } }));
    await clock.advance(20);
    expect(diagnosis.judged.get(podUid(large))?.situation.fittingNode).toBeUndefined();
    await clock.advance(1_000);
    expect(diagnosis.judged.has(podUid(large))).toBe(false);
  });

  it("shows in what is missing there, although the node still rejects the pod", async () => {
    const pod = aPod("nearly", { requests: { cpu: "4200m" } });
    const { clock, diagnosis, pipeline } = await situation([pod]);
    const missing = () => diagnosis.judged.get(podUid(pod))?.shape.explanation.nearMisses[0]?.shortfall?.missing;
    expect(missing()).toBe(200);
    pipeline.nodes.onUpdate(aNode("a"), aNode("a", { allocatable: { cpu: "4100m" } }));
    await clock.advance(20);
    expect(missing()).toBe(100);
  });
});

describe("a diagnosis that is stopped", () => {
  it("ends, whether it sweeps or waits", async () => {
    const { clock, diagnosis, pipeline } = await situation([large]);
    const { revision } = diagnosis;
    diagnosis.stop();
    pipeline.nodes.onUpdate(aNode("b"), aNode("b", { allocatable: { cpu: "16" } }));
    await clock.advance(5_000);
    expect(diagnosis.revision).toBe(revision);
  });
});
