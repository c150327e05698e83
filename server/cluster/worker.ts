/** Entry point of the worker thread of one cluster. */
import process from "node:process";
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "#server/clock.ts";
import type { FromWorker, ToWorker, WorkerConfig } from "./messages.ts";
import { PortServer } from "./port-server.ts";
import { ClusterSession } from "./session.ts";

const port = parentPort;
if (port === null) throw new Error("this file is the entry point of a worker thread: the server starts it");

const send = (message: FromWorker): void => port.postMessage(message);
const session = new ClusterSession({
  config: workerData as WorkerConfig,
  clock: systemClock,
  onSummary: (cluster) => send({ type: "summary", cluster }),
  onFailure: (during, error) => send({ type: "failure", during, error: textOf(error) }),
});
const server = new PortServer(session, systemClock, send);

port.on("message", (message: ToWorker) => {
  if (message.type === "stop") void stop();
  else if (message.type === "change") session.change(message.change);
  else server.receive(message);
});

async function stop(): Promise<void> {
  server.close();
  await session.stop();
  process.exit(0);
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
