import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { FaultControl } from "./faults/index.ts";
import type { FromWorker, ToWorker, WorkerOptions } from "./messages.ts";
import { isScenarioName, scenarioNames, type ScenarioName } from "./scenarios/scenarios.ts";

export interface EmbeddedClusterOptions {
  /** One of `scenarioNames`. */
  readonly scenario: string;
  /** 0 or nothing takes any free port. */
  readonly port?: number;
  readonly seed?: number;
  /** Mean time between two things that a busy scenario does. */
  readonly intervalMs?: number;
  /** Beside the scenario: what a historical queue loses. */
  readonly losesEvents?: boolean;
}

export interface EmbeddedCluster {
  readonly server: string;
  /** YAML, with the authority and the token in it: whoever has it may do everything there. */
  readonly kubeconfig: string;
  /** What goes wrong on purpose. */
  readonly faults: FaultControl;
  /** Clears the cluster and begins another scenario on the same server. Resolves when its stage stands. */
  setScenario(scenario: string): Promise<void>;
  /** Idempotent; resolves when the thread has ended. */
  stop(): Promise<void>;
  /** Settles when the thread has ended, with the reason if nobody asked it to. */
  readonly ended: Promise<Error | undefined>;
}

/** Node refuses TypeScript below node_modules: a packed server has its bundles in one folder. */
function workerUrl(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./embedded-worker.js", import.meta.url);
}

/** Starts an embedded cluster in a worker thread of its own. */
export async function startEmbeddedCluster(options: EmbeddedClusterOptions): Promise<EmbeddedCluster> {
  const { port = 0, seed = 1, intervalMs = 200, losesEvents = false } = options;
  const workerData: WorkerOptions = { scenario: named(options.scenario), port, seed, intervalMs, losesEvents };
  const worker = new Worker(workerUrl(), { workerData });
  let failure: Error | undefined;
  worker.on("error", (error) => (failure ??= error instanceof Error ? error : new Error(String(error))));
  const ended = once(worker, "exit").then(() => failure);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin
  const send = (message: ToWorker): void => worker.postMessage(message);
  const faults = new FaultControl(send);
  void ended.then(() => faults.ended());
  const first = await answerOf(worker);
  if (first.type !== "ready") throw new Error(`the embedded cluster did not start: ${failureIn(first)}`);
  worker.on("message", (message: FromWorker) => {
    if (message.type === "faults" || message.type === "faultAnswer") faults.receive(message);
  });
  let isStopping = false;
  let lastAsked: Promise<void> = Promise.resolve();
  const play = async (scenario: ScenarioName): Promise<void> => {
    const answer = answerOf(worker);
    send({ type: "setScenario", scenario });
    const said = await answer;
    if (said.type !== "playing") throw new Error(`${scenario} did not begin: ${failureIn(said)}`);
  };
  return {
    server: first.server,
    kubeconfig: first.kubeconfig,
    faults,
    setScenario: async (scenario) => {
      const name = named(scenario);
      // One after the other: each has one answer.
      lastAsked = lastAsked.catch(() => undefined).then(() => play(name));
      await lastAsked;
    },
    stop: async () => {
      if (!isStopping) send({ type: "stop" });
      isStopping = true;
      await ended;
    },
    ended,
  };
}

function named(scenario: string): ScenarioName {
  if (isScenarioName(scenario)) return scenario;
  throw new Error(`unknown scenario ${JSON.stringify(scenario)}: choose one of ${scenarioNames.join(", ")}`);
}

type Answer = Extract<FromWorker, { readonly type: "ready" | "playing" | "failed" }>;

function isAnswer(message: FromWorker): message is Answer {
  return message.type === "ready" || message.type === "playing" || message.type === "failed";
}

/** How its start went, and then each change of the scenario. */
function answerOf(worker: Worker): Promise<Answer> {
  return new Promise((resolve) => {
    const settle = (answer: Answer): void => {
      worker.off("message", onMessage);
      worker.off("exit", onExit);
      resolve(answer);
    };
    const onMessage = (message: FromWorker): void => {
      if (isAnswer(message)) settle(message);
    };
    const onExit = (code: number): void => settle({ type: "failed", message: `exit code ${code}` });
    worker.on("message", onMessage);
    worker.on("exit", onExit);
  });
}

function failureIn(message: Answer): string {
  return message.type === "failed" ? message.message : `it said ${message.type}`;
}
