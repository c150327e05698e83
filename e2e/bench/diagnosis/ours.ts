/** Measures one diagnosis in this process, as the worker of a cluster runs it: prints its figures as one JSON line. */
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { podUid, type Node } from "#lib/kube/index.ts";
import { defaultProfile, Evaluation, nominatedPodsOf, type EvaluationOptions } from "#lib/scheduler/index.ts";
import { systemClock as clock } from "#server/clock.ts";
import { StillCluster } from "#server/cluster/testing/still-cluster.ts";
import { nodeOf, pendingPod, runningOn, size } from "./cluster.ts";

const deltaEveryMs = 10;
const changes = 8;
/** Whatever was under way is over by then. */
const pauseMs = 1_200;

// Its informers find nothing: what it hears of pods is of no use here.
const { cluster, cache, queue, pipeline, diagnosis } = new StillCluster(clock);
const nodes = new Map<number, Node>();

fill();
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

/**
 * From a change of one node to the verdicts that follow from it, again and again: once a node comes to take nearly all
 * pods, and once the last node that takes them goes, so that it has to be said anew why none does.
 */
async function oneNodeAtATime() {
  const opening: number[] = [];
  const closing: number[] = [];
  const uid = podUid(pendingPod(0));
  for (let round = 0; round < changes; round++) {
    const index = 600 + 6 * round;
    const takes = () => diagnosis.judged.get(uid)?.situation.fittingNode === `node-${index}`;
    opening.push(await followed(index, nodeOf(index, { cpu: "64" }), takes));
    closing.push(await followed(index, nodeOf(index), () => !takes()));
  }
  return { openingMs: median(opening), closingMs: median(closing) };
}

async function followed(index: number, node: Node, isSeen: () => boolean): Promise<number> {
  await sleep(pauseMs);
  const began = performance.now();
  setNode(index, node);
  while (!isSeen()) await setImmediate();
  return performance.now() - began;
}

function median(times: number[]): number {
  times.sort((a, b) => a - b);
  return times[times.length >> 1] ?? Number.NaN;
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
