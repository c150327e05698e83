import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { podUid, type Node, type Pod, type PodSpec } from "#lib/kube/index.ts";
import { aNode, aPod, type NodeSituation, type PodSituation } from "#lib/kube/testing/builders.ts";
import { wholeMessageOf } from "#lib/scheduler/index.ts";
import { StillCluster } from "../testing/still-cluster.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { buildMatrix } from "./matrix.ts";

const gpu = "example.com/gpu";
const web = { app: "web" };
const selector = { matchLabels: web };
const zone = "topology.kubernetes.io/zone";

function apart(topologyKey: string): PodSpec {
  const terms = [{ topologyKey, labelSelector: selector }];
  return { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } } };
}

function inDisk(operator: string, values?: readonly string[]): PodSpec {
  const nodeSelectorTerms = [{ matchExpressions: [{ key: "disk", operator, ...(values && { values }) }] }];
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } };
}

const spread: PodSpec = {
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: zone, whenUnsatisfiable: "DoNotSchedule", labelSelector: selector },
  ],
};
const port: PodSpec = { containers: [{ name: "main", ports: [{ hostPort: 80, containerPort: 80 }] }] };

/** What pods can be told by: what they ask for, tolerate and select, and whom they mind. */
const shapes: Readonly<Record<string, PodSituation>> = {
  small: { requests: { cpu: "500m" } },
  large: { requests: { cpu: "5" } },
  roomy: { requests: { cpu: "3", memory: "9Gi" } },
  devices: { requests: { cpu: "1", [gpu]: "2" } },
  tolerant: { requests: { cpu: "3" }, tolerations: [{ key: "spot", operator: "Exists" }] },
  selective: { requests: { cpu: "1" }, spec: { nodeSelector: { disk: "ssd" } } },
  particular: { requests: { cpu: "1" }, spec: inDisk("In", ["ssd", "nvme"]) },
  exclusive: { requests: { cpu: "1" }, spec: inDisk("DoesNotExist") },
  spread: { requests: { cpu: "1" }, labels: web, spec: spread },
  alone: { requests: { cpu: "1" }, labels: web, spec: apart("kubernetes.io/hostname") },
  aloneInZone: { requests: { cpu: "4500m" }, labels: web, spec: apart(zone) },
  port: { spec: port },
  nominated: { requests: { cpu: "3" }, nominatedTo: "n1", priority: 10 },
};

const pending = Object.entries(shapes).flatMap(([name, situation]): Pod[] => {
  const [own, made] = [aPod(`${name}-own`, situation), aPod(`${name}-made`, situation)];
  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name, uid: name, controller: true };
  return [own, { ...made, metadata: { ...made.metadata, ownerReferences: [owner] } }];
});

const nodeSituations: readonly NodeSituation[] = [
  {},
  { isCordoned: true },
  { taints: [{ key: "spot", value: "true", effect: "NoSchedule" }] },
  { taints: [{ key: "old", effect: "NoExecute" }], isCordoned: true },
  { labels: { disk: "ssd", [zone]: "a" } },
  { labels: { disk: "hdd", [zone]: "b" } },
  { labels: { disk: "nvme" }, allocatable: { cpu: "5" } },
  { allocatable: { cpu: "4900m" } },
  { allocatable: { cpu: "4950m", memory: "16Gi" } },
  { allocatable: { [gpu]: "1" } },
  { allocatable: { [gpu]: "3" } },
  { allocatable: { pods: "1" } },
  { labels: { [zone]: "a" }, allocatable: { cpu: "16", memory: "64Gi" } },
];

const runningSituations: readonly PodSituation[] = [
  { requests: { cpu: "3" } },
  { requests: { cpu: "3800m" }, priority: 5 },
  { requests: { cpu: "1" }, labels: web },
  { requests: { cpu: "1" }, labels: web, spec: apart(zone) },
  { requests: { [gpu]: "1" } },
  { spec: port },
];

const change = fc.oneof(
  fc.record({
    what: fc.constant("node" as const),
    node: fc.nat(4),
    as: fc.option(fc.nat(nodeSituations.length - 1), { freq: 4, nil: undefined }),
  }),
  fc.record({
    what: fc.constant("pod" as const),
    node: fc.nat(4),
    place: fc.nat(2),
    as: fc.option(fc.nat(runningSituations.length - 1), { freq: 2, nil: undefined }),
  }),
);

/** Everything that is said of every pod. */
function wordsOf(diagnosis: Diagnosis) {
  const words = pending.map((pod) => {
    const judged = diagnosis.judged.get(podUid(pod));
    if (judged === undefined) throw new Error("every pod is judged");
    const { shape, verdict } = judged;
    const { fittingNode, nearMisses } = shape.explanation;
    const misses = nearMisses.map(({ title, detail, opened, size, changeFor }) => ({
      title,
      detail,
      opened: opened.map(({ name }) => name).sort(),
      size,
      patch: changeFor(pod).patch,
    }));
    const message = wholeMessageOf(shape.evaluation, shape.options);
    const matrix = buildMatrix(shape, { groupBy: "reason", fold: false });
    return [pod.metadata.name, { told: { verdict, fittingNode, misses }, message, matrix }] as const;
  });
  return new Map(words);
}

function toldBy(words: ReturnType<typeof wordsOf>): string {
  return JSON.stringify([...words].map(([name, { told }]) => [name, told]));
}

const running: Diagnosis[] = [];
afterEach(() => {
  for (const diagnosis of running.splice(0)) diagnosis.stop();
});

describe("a diagnosis that follows nodes and the pods on them", () => {
  it("says of every pod after every change what one says that asks everything anew", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
        const still = new StillCluster();
        const { pipeline, diagnosis, cluster } = still;
        running.push(diagnosis);
        const nodes = new Map<string, Node>();
        const placed = new Map<string, Pod>();
        pipeline.nodes.onAdd(aNode("n0", { labels: { [zone]: "a" } }));
        nodes.set("n0", aNode("n0"));
        for (const pod of pending) pipeline.pods.onAdd(pod);
        void diagnosis.watch();
        await cluster.clock.advance(1_000);
        for (const { what, node, ...rest } of changes) {
          const on = `n${node}`;
          if (what === "node") tellNode(on, rest.as);
          else tellPod(`r-${node}-${"place" in rest ? rest.place : 0}`, on, rest.as);
          const { revision } = diagnosis;
          const before = toldBy(wordsOf(diagnosis));
          await cluster.clock.advance(20);
          const anew = still.anotherDiagnosis();
          running.push(anew);
          await anew.sweep();
          expect(wordsOf(diagnosis)).toEqual(wordsOf(anew));
          // Whoever looks is told of it by the revision.
          if (toldBy(wordsOf(diagnosis)) !== before) expect(diagnosis.revision).toBeGreaterThan(revision);
          anew.stop();
        }
        diagnosis.stop();

        function tellNode(name: string, as: number | undefined): void {
          const before = nodes.get(name);
          if (as === undefined) {
            if (before !== undefined) pipeline.nodes.onDelete(before);
            nodes.delete(name);
            return;
          }
          const now = aNode(name, nodeSituations[as]);
          nodes.set(name, now);
          if (before === undefined) pipeline.nodes.onAdd(now);
          else pipeline.nodes.onUpdate(before, now);
        }

        function tellPod(name: string, on: string, as: number | undefined): void {
          const before = placed.get(name);
          if (before !== undefined) pipeline.pods.onDelete(before);
          placed.delete(name);
          if (as === undefined) return;
          const now = aPod(name, { ...runningSituations[as], on });
          placed.set(name, now);
          pipeline.pods.onAdd(now);
        }
      }),
      { numRuns: 60 },
    );
  });
});
