/** Measures one diagnosis in this process, as the worker of a cluster runs it: prints its figures as one JSON line. */
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { podUid, type Node } from "#lib/kube/index.ts";
import { PriorityQueue } from "#lib/queue/index.ts";
import {
  ClusterCache,
  defaultProfile,
  Evaluation,
  EventPipeline,
  nominatedPodsOf,
  preEnqueuePlugins,
  queueingHintMap,
  type EvaluationOptions,
} from "#lib/scheduler/index.ts";
import { Diagnosis } from "#server/cluster/diagnosis/index.ts";
import { assumedConfiguration, describeConfiguration } from "#server/cluster/scheduling/scheduler-configuration.ts";
import { systemClock as clock } from "#server/clock.ts";
import { FakeCluster } from "#server/cluster/testing/fake-cluster.ts";
import { nodeOf, pendingPod, runningOn, size } from "./cluster.ts";

const deltaEveryMs = 10;
const changes = 8;

const cache = new ClusterCache();
const profiles = [defaultProfile(cache)];
const queue = new PriorityQueue({
  clock,
  queueingHintMap: queueingHintMap(profiles),
  preEnqueuePlugins: preEnqueuePlugins(profiles),
  podLister: (key) => cache.pods.get(key),
});
const pipeline = new EventPipeline({ cache, queue, schedulerNames: new Set(["default-scheduler"]) });
const nodes = new Map<number, Node>();

fill();
// What it hears of pods is of no use here: its informers find nothing.
const cluster = new FakeCluster();
const diagnosis = new Diagnosis({
  clock,
  mode: "actual",
  board: cluster.board,
  transport: cluster.transport,
  scheduling: {
    judging: () => ({
      cache,
      queue,
      pipeline,
      profiles,
      maxBackoffMs: 10_000,
      flightOf: () => undefined,
      outcomeOf: () => undefined,
    }),
    loopState: () => undefined,
    facts: () => ({
      configuration: describeConfiguration(assumedConfiguration),
      metrics: { state: "notNeeded" },
      otherSchedulers: {},
    }),
  },
  version: () => "v1.36.3",
  reportError: (error) => {
    throw error;
  },
});
await cluster.clock.settle();
const first = await firstDiagnosis();
const change = await oneNodeAtATime();
const naive = naiveMs();
diagnosis.stop();
console.log(JSON.stringify({ ...first, ...change, naiveMs: naive }));
process.exit(0);

/** As after their first attempts: everybody is parked. */
function fill(): void {
  for (let index = 0; index < size.nodes; index++) {
    setNode(index, nodeOf(index));
    for (const pod of runningOn(index)) pipeline.pods.onAdd(pod);
  }
  for (let index = 0; index < size.pendingPods; index++) pipeline.pods.onAdd(pendingPod(index));
  for (let info = queue.pop(); info !== undefined; info = queue.pop()) {
    info.unschedulablePlugins = new Set(["NodeResourcesFit"]);
    queue.addUnschedulableIfNotPresent(info, queue.schedulingCycle);
  }
}

function setNode(index: number, node: Node): void {
  const old = nodes.get(index);
  nodes.set(index, node);
  if (old === undefined) pipeline.nodes.onAdd(node);
  else pipeline.nodes.onUpdate(old, node);
}

/** Until every pod has a verdict, while nodes go on to change; and how long anybody else had to wait meanwhile. */
async function firstDiagnosis(): Promise<{ readonly firstMs: number; readonly gapMs: number }> {
  const first = { isOver: false };
  let gapMs = 0;
  let at = performance.now();
  const watching = (async () => {
    for (let round = 0; !first.isOver; round++) {
      await sleep(deltaEveryMs);
      const now = performance.now();
      gapMs = Math.max(gapMs, now - at - deltaEveryMs);
      at = now;
      // A kubelet reports: another image of the same node, with a little less room.
      setNode(round % size.nodes, nodeOf(round % size.nodes, { cpu: "15900m" }));
    }
  })();
  const began = performance.now();
  void diagnosis.watch();
  while (diagnosis.judged.size < size.pendingPods) await setImmediate();
  const firstMs = performance.now() - began;
  first.isOver = true;
  await watching;
  return { firstMs, gapMs };
}

/** From a change of one node to the verdicts that follow from it, again and again. */
async function oneNodeAtATime(): Promise<{ readonly changeMs: number; readonly worstChangeMs: number }> {
  const times: number[] = [];
  const uid = podUid(pendingPod(0));
  for (let round = 0; round < changes; round++) {
    await sleep(1_200); // whatever was under way is over
    const index = 600 + 6 * round;
    const takes = () => diagnosis.judged.get(uid)?.situation.fittingNode === `node-${index}`;
    const began = performance.now();
    setNode(index, nodeOf(index, { cpu: "64" }));
    while (!takes()) await setImmediate();
    times.push(performance.now() - began);
    setNode(index, nodeOf(index));
    while (takes()) await setImmediate();
  }
  times.sort((a, b) => a - b);
  return { changeMs: times[times.length >> 1] ?? Number.NaN, worstChangeMs: times.at(-1) ?? Number.NaN };
}

/** What it costs to ask every plugin about every node anew, once for each spec. */
function naiveMs(): number {
  const options: EvaluationOptions = {
    profile: defaultProfile(cache),
    snapshot: cache,
    nominatedPods: nominatedPodsOf(queue),
  };
  const began = performance.now();
  for (let spec = 0; spec < size.specs; spec++) {
    for (const _ of new Evaluation(pendingPod(spec)).update(options, clock.now()));
  }
  return performance.now() - began;
}
