/** `npm run conformance -- informer|queue|filters DIR`: replays recordings of the Go code. Ends with `N passed, N failed`. */
import process from "node:process";
import { runFiltersConformance } from "./filters.ts";
import { runInformerConformance } from "./informer.ts";
import { runQueueConformance } from "./queue.ts";

const suites = { informer: runInformerConformance, queue: runQueueConformance, filters: runFiltersConformance };

const [suite, dir] = process.argv.slice(2);
if (suite === undefined || !Object.hasOwn(suites, suite) || dir === undefined) {
  console.error("expected: npm run conformance -- informer|queue|filters DIR");
  process.exitCode = 2;
} else {
  const { passed, failed } = await suites[suite as keyof typeof suites](dir);
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}
