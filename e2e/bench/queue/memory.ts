/**
 * Child process (`--expose-gc`): what the queue keeps per pod, besides the pods themselves: a tenth active, a tenth in
 * flight with one event each, the others parked. Prints KiB per pod for a small and for a large number.
 */
import process from "node:process";
import { nodesOf, podsOf, Stage } from "./workloads.ts";

/** The first includes what the compiler makes, once. */
perPod(1_000);
console.log(JSON.stringify({ small: perPod(10_000), large: perPod(100_000) }));

function perPod(count: number): number {
  const pods = podsOf(count);
  const nodes = nodesOf(count / 10);
  const before = liveBytes();
  const stage = new Stage();
  stage.addAll(pods);
  const flying = stage.popAll(count / 10);
  stage.events(nodes);
  // One after the other: a hand-back walks past every pod that took off later.
  for (let pod = 0; pod < (count / 10) * 8; pod++) stage.handBack(stage.popAll(1));
  const bytes = liveBytes() - before;
  const { active, inFlight, unschedulable } = stage.queue.view.sizes();
  if (active + inFlight + unschedulable !== count) throw new Error("pods are missing");
  stage.done(flying);
  return bytes / count / 1024;
}

function liveBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
