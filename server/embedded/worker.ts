import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../clock.ts";
import { startCluster, type Cluster } from "./cluster.ts";
import { FaultService } from "./faults/index.ts";
import type { FromWorker, ToWorker, WorkerOptions } from "./messages.ts";
import type { ScenarioName } from "./scenarios/scenarios.ts";

if (parentPort === null) throw new Error("this is the entry of a worker thread: start it with startEmbeddedCluster()");
const port = parentPort;
const send = (message: FromWorker): void => port.postMessage(message);

try {
  const cluster = await startCluster({ clock: systemClock, ...(workerData as WorkerOptions) });
  const faults = new FaultService(cluster.faults, systemClock, send);
  port.on("message", (message: ToWorker) => {
    if (message.type === "setScenario") play(cluster, message.scenario);
    else if (message.type === "fault") faults.answer(message);
    else {
      faults.stop();
      // With its server closed and nobody listening the thread has nothing left to do, and ends.
      void cluster.stop().finally(() => port.close());
    }
  });
  send({ type: "ready", server: cluster.server, kubeconfig: cluster.kubeconfig });
} catch (error) {
  send({ type: "failed", message: textOf(error) });
  port.close();
}

function play(cluster: Cluster, scenario: ScenarioName): void {
  try {
    cluster.setScenario(scenario);
    send({ type: "playing" });
  } catch (error) {
    send({ type: "failed", message: textOf(error) });
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
