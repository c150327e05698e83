/** Child process (`--expose-gc`): the queue of this project. Prints a line of JSON per workload. */
import process from "node:process";
import { nodesOf, podsOf, Stage, workloads } from "./workloads.ts";

const [runs = "3", ...names] = process.argv.slice(2);
/** The compiler is done with a workload after this many. Go is compiled before it starts. */
const warmUps = 3;

/**
 * Each measurement begins with a collection, which throws away compiled code for shapes that no object has. In a program
 * that has a queue there always is one with pods in every place, so here is one as well.
 */
const living = livingStage();

for (const [workload, run] of Object.entries(workloads)) {
  if (names.length > 0 && !names.includes(workload)) continue;
  for (let time = 0; time < warmUps; time++) run();
  const results = Array.from({ length: Number(runs) }, run) as Readonly<Record<string, number>>[];
  const phases = Object.keys(results[0] ?? {}).map((phase) => [phase, median(results.map((each) => each[phase] ?? 0))]);
  console.log(JSON.stringify({ workload, ...Object.fromEntries(phases) }));
}
if (living.queue.view.sizes().active === 0) throw new Error("the living queue has lost its pods");

function livingStage(): Stage {
  const stage = new Stage();
  stage.addAll(podsOf(1_000));
  const infos = stage.popAll(200);
  stage.events(nodesOf(10));
  stage.handBack(infos.slice(0, 50));
  stage.done(infos.slice(50, 100));
  return stage;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
