/** `npm run embedded`: only the embedded cluster, for kubectl and other programs. */
import { writeFileSync } from "node:fs";
import process from "node:process";
import { Command, InvalidArgumentError } from "commander";
import { startEmbeddedCluster } from "./start.ts";
import { scenarioNames } from "./scenarios/scenarios.ts";

const command = new Command()
  .name("embedded")
  .option("--port <port>", "port on 127.0.0.1, 0 for any", wholeNumber, 0)
  .requiredOption("--kubeconfig-out <file>", "where to write the kubeconfig, readable by you only")
  .option("--scenario <name>", `one of ${scenarioNames.join(", ")}`, "busy")
  .option("--seed <number>", "what the scenario's chances are drawn from", wholeNumber, 1)
  .option("--interval <ms>", "mean time between two things that a busy scenario does", wholeNumber, 200)
  .parse();
const options = command.opts<{
  port: number;
  kubeconfigOut: string;
  scenario: string;
  seed: number;
  interval: number;
}>();

const cluster = await startEmbeddedCluster({ ...options, intervalMs: options.interval });
writeFileSync(options.kubeconfigOut, cluster.kubeconfig, { mode: 0o600 });
console.log(cluster.server);

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void cluster.stop());
const parent = process.ppid;
const orphanCheck = setInterval(() => {
  if (process.ppid !== parent) void cluster.stop();
}, 1000);

const failure = await cluster.ended;
clearInterval(orphanCheck);
if (failure !== undefined) throw failure;

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("not a whole number");
  return Number(text);
}
