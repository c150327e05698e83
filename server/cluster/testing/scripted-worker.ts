/**
 * Entry point of a worker thread that plays a cluster's worker: it does what the calls that reach it name. The other end
 * is what the tests are about.
 */
import process from "node:process";
import { parentPort, threadId, workerData } from "node:worker_threads";
import type { FromWorker, ToWorker, WorkerConfig } from "../messages.ts";

const { id, name } = workerData as WorkerConfig;
const port = parentPort;
if (port === null) throw new Error("this file is the entry point of a worker thread");
const send = (message: FromWorker): void => port.postMessage(message);

const scripts: Readonly<Record<string, (call: number) => void>> = {
  exits: () => process.exit(1),
  throws: () =>
    void setImmediate(() => {
      throw new Error("broken on purpose");
    }),
  "never answers": () => {},
  refuses: (call) => send({ type: "refused", call, status: 404, code: "no-such-informer", message: "none is running" }),
  "has a fault": () => send({ type: "failure", during: "relist", error: "a fault of ours" }),
  connects: (call) => {
    send({ type: "summary", cluster: { id, name, mode: "shadow", phase: "connected", server: "https://c.example" } });
    send({ type: "result", call, value: undefined });
  },
  "closes views": () => {
    const problem = { code: "gone", title: "Gone", message: "It went.", hint: "Look elsewhere." };
    for (const view of views) send({ type: "closed", view, problem });
  },
  "changes views": () => {
    for (const view of views)
      send({ type: "view", view, message: { kind: "delta", seq: 2, patch: { isChanged: true } } });
  },
};

const views = new Set<number>();

port.on("message", (message: ToWorker) => {
  switch (message.type) {
    case "open": {
      const { view, topic } = message;
      views.add(view);
      send({ type: "view", view, message: { kind: "snapshot", seq: 1, value: { topic, threadId } } });
      break;
    }
    case "close":
      views.delete(message.view);
      break;
    case "call":
      if ("informer" in (message.args ?? {})) scripts[(message.args as { informer: string }).informer]?.(message.call);
      else send({ type: "result", call: message.call, value: [...views] });
      break;
    case "change":
      break;
    case "stop":
      if (id !== "stubborn") process.exit(0);
  }
});
