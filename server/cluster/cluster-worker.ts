import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import { Abort, sleep, type Clock, type Timer } from "#lib/clock/index.ts";
import type {
  ApiResource,
  Cluster,
  FaultRequest,
  Problem,
  ScenarioName,
  SchedulerRequest,
  SchedulerStep,
  TopicName,
  View,
} from "#lib/protocol/index.ts";
import {
  RefusedError,
  type ClusterHandle,
  type HandlerToAdd,
  type HandlerToPreview,
  type ViewListener,
} from "#server/hub/clusters.ts";
import type { ClusterFaults } from "./cluster-faults.ts";
import type { ConnectionChange } from "./connection.ts";
import type { ClusterAccess } from "./kubeconfig/index.ts";
import { noFaults } from "./no-faults.ts";
import type { CallName, FromWorker, ToWorker, WorkerCalls, WorkerConfig } from "./messages.ts";

interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface OpenView {
  readonly topic: TopicName;
  readonly params: unknown;
  readonly listener: ViewListener;
}

export interface ClusterWorkerOptions {
  readonly config: WorkerConfig;
  /** What is known before the worker says more. */
  readonly summary: Cluster;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Embedded only. */
  readonly faults?: ClusterFaults;
  /** What runs in the worker, where it is not the cluster's own. */
  readonly entry?: URL;
}

const firstRestartMs = 1000;
const longestRestartMs = 30_000;
/** A worker that ran this long was healthy: the next restart waits the shortest time again. */
const healthyMs = 60_000;
const stopPatienceMs = 3000;
const maxOldGenerationSizeMb = 4096;
/** Half of what Node takes by itself: an initial list is no faster with more, and every worker keeps it. */
const maxYoungGenerationSizeMb = 48;

/**
 * The main thread's end of one cluster. Everything of the cluster lives in a worker of its own, so that its work makes
 * no other cluster's page stutter and detaching frees all of it. A worker that dies is shown as failed and restarted;
 * open views are opened again in the new one and begin with a snapshot.
 */
export class ClusterWorker implements ClusterHandle {
  readonly #clock: Clock;
  #config: WorkerConfig;
  readonly #logger: Logger;
  readonly #entry: URL;
  readonly #faults: ClusterFaults | undefined;
  readonly #views = new Map<number, OpenView>();
  readonly #calls = new Map<number, PendingCall>();
  #nextId = 1;
  #worker: Worker | undefined;
  #restartMs = firstRestartMs;
  #restart: Timer | undefined;
  #summary: Cluster;
  #scenario: ScenarioName | undefined;
  #isStopped = false;
  /** Another thread is wanted in place of the one that runs: when it has ended, that one begins at once. */
  #isRenewing = false;

  constructor({ config, summary, clock, logger, faults, entry = ownEntry() }: ClusterWorkerOptions) {
    this.#config = config;
    this.#summary = summary;
    this.#clock = clock;
    this.#logger = logger;
    this.#entry = entry;
    this.#faults = faults;
    this.#start();
  }

  summary(): Cluster {
    return { ...this.#summary, ...(this.#scenario === undefined ? {} : { scenario: this.#scenario }) };
  }

  /** What the embedded cluster plays: only said. */
  set scenario(scenario: ScenarioName) {
    this.#scenario = scenario;
  }

  get queue(): WorkerConfig["queue"] {
    return this.#config.queue;
  }

  /** Ends the thread and begins another, with the other queue. Open views stay, and begin again with a snapshot. */
  async renew(queue: WorkerConfig["queue"]): Promise<void> {
    this.#config = { ...this.#config, queue };
    // One that died is started again by itself, with what was changed.
    if (this.#worker === undefined) return;
    this.#isRenewing = true;
    await this.#end(this.#worker);
  }

  openView<T extends TopicName>(topic: T, params: View<T>, listener: ViewListener): () => void {
    if (this.#isStopped) {
      listener({ kind: "closed", problem: detached(this.#config.name) });
      return () => {};
    }
    if (topic === "faults") return this.#openFaults(listener);
    const view = this.#nextId++;
    this.#views.set(view, { topic, params, listener });
    this.#post({ type: "open", view, topic, params });
    return () => {
      if (this.#views.delete(view)) this.#post({ type: "close", view });
    };
  }

  get access(): ClusterAccess {
    return this.#config.access;
  }

  /** The worker that runs takes it, and so does one that is started again. */
  change(change: ConnectionChange): void {
    this.#config = { ...this.#config, ...change };
    this.#post({ type: "change", change });
  }

  resources(): Promise<readonly ApiResource[]> {
    return this.#call("resources", undefined);
  }

  addHandler(informer: string, request: HandlerToAdd) {
    return this.#call("addHandler", { informer, request });
  }

  removeHandler(registration: number) {
    return this.#call("removeHandler", { registration });
  }

  previewHandler(informer: string, request: HandlerToPreview) {
    return this.#call("previewHandler", { informer, request });
  }

  lineObject(registration: number, line: number) {
    return this.#call("lineObject", { registration, line });
  }

  releaseOwner(owner: string) {
    return this.#call("releaseOwner", { owner });
  }

  relist(informer: string) {
    return this.#call("relist", { informer });
  }

  replay(informer: string, registration?: number) {
    return this.#call("replay", { informer, registration });
  }

  verify(informer: string) {
    return this.#call("verify", { informer });
  }

  setScheduler(request: SchedulerRequest): Promise<void> {
    return this.#call("setScheduler", { request });
  }

  /** The scheduler runs as if it had just come; hurried, until it has caught up. */
  beginAnew(stage: { readonly isHurried: boolean }): Promise<void> {
    return this.#call("beginAnew", stage);
  }

  readStatements(namespace: string, name: string) {
    return this.#call("readStatements", { namespace, name });
  }

  podYaml(namespace: string, name: string) {
    return this.#call("podYaml", { namespace, name });
  }

  step(step: SchedulerStep) {
    return this.#call("step", { step });
  }

  undo() {
    return this.#call("undo", undefined);
  }

  redo() {
    return this.#call("redo", undefined);
  }

  async addFault(request: FaultRequest) {
    return this.#faultsOrRefuse().add(request);
  }

  async removeFault(id: string) {
    return this.#faultsOrRefuse().remove(id);
  }

  async clearFaults() {
    return this.#faultsOrRefuse().clear();
  }

  metrics() {
    return this.#call("metrics", undefined);
  }

  #openFaults(listener: ViewListener): () => void {
    if (this.#faults !== undefined) return this.#faults.open(listener);
    listener({ kind: "closed", problem: noFaults(this.#config.name) });
    return () => {};
  }

  #faultsOrRefuse(): ClusterFaults {
    if (this.#faults !== undefined) return this.#faults;
    const { code, message, hint } = noFaults(this.#config.name);
    throw new RefusedError(409, code, `${message} ${hint}`);
  }

  #call<N extends CallName>(name: N, args: WorkerCalls[N]["args"]): Promise<WorkerCalls[N]["result"]> {
    if (this.#worker === undefined) return Promise.reject(gone(this.#config.name));
    const call = this.#nextId++;
    return new Promise<unknown>((resolve, reject) => {
      this.#calls.set(call, { resolve, reject });
      this.#post({ type: "call", call, name, args });
    }) as Promise<WorkerCalls[N]["result"]>;
  }

  /** Ends the worker: it is asked first, and terminated when it takes too long. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#restart?.cancel();
    this.#faults?.stop(detached(this.#config.name));
    const worker = this.#worker;
    for (const { listener } of this.#views.values()) {
      listener({ kind: "closed", problem: detached(this.#config.name) });
    }
    this.#views.clear();
    if (worker !== undefined) await this.#end(worker);
  }

  async #end(worker: Worker): Promise<void> {
    const exited = new Abort();
    worker.once("exit", () => exited.abort());
    this.#post({ type: "stop" });
    await sleep(this.#clock, stopPatienceMs, exited.signal);
    await worker.terminate();
  }

  #post(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  #start(): void {
    const startedAt = this.#clock.now();
    const worker = new Worker(this.#entry, {
      workerData: this.#config,
      name: `cluster ${this.#config.id}`,
      resourceLimits: { maxOldGenerationSizeMb, maxYoungGenerationSizeMb },
    });
    this.#worker = worker;
    worker.on("message", (message: FromWorker) => this.#receive(message));
    let cause = "it ended by itself";
    worker.on("error", (error: unknown) => {
      cause = error instanceof Error ? error.message : String(error);
    });
    worker.once("exit", () => {
      this.#worker = undefined;
      for (const { reject } of this.#calls.values()) reject(gone(this.#config.name));
      this.#calls.clear();
      if (this.#isStopped) return;
      if (this.#isRenewing) this.#startAgain();
      else this.#startLater(cause, this.#clock.now() - startedAt);
    });
    for (const [view, { topic, params }] of this.#views) this.#post({ type: "open", view, topic, params });
  }

  #startLater(cause: string, ranMs: number): void {
    if (ranMs > healthyMs) this.#restartMs = firstRestartMs;
    const waitMs = this.#restartMs;
    this.#restartMs = Math.min(waitMs * 2, longestRestartMs);
    this.#setSummary({ ...this.#summary, phase: "failed", problem: died(cause, waitMs) });
    this.#restart = this.#clock.setTimer(waitMs, () => this.#startAgain());
  }

  #startAgain(): void {
    this.#isRenewing = false;
    // The new one says nothing before it knows something: until then it is starting, not dead.
    const { problem: _, ...summary } = this.#summary;
    this.#setSummary({ ...summary, phase: "starting" });
    this.#start();
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case "summary":
        this.#setSummary(message.cluster);
        break;
      case "view":
        this.#views.get(message.view)?.listener(message.message);
        break;
      case "closed": {
        const view = this.#views.get(message.view);
        this.#views.delete(message.view);
        view?.listener({ kind: "closed", problem: message.problem });
        break;
      }
      case "failure":
        this.#logger.error({ cluster: this.#config.id, during: message.during, error: message.error }, "worker failed");
        break;
      case "result":
        this.#take(message.call)?.resolve(message.value);
        break;
      case "refused":
        this.#take(message.call)?.reject(new RefusedError(message.status, message.code, message.message));
        break;
    }
  }

  #take(call: number): PendingCall | undefined {
    const pending = this.#calls.get(call);
    this.#calls.delete(call);
    return pending;
  }

  #setSummary(cluster: Cluster): void {
    const { id, phase, problem } = cluster;
    if (phase !== this.#summary.phase) this.#logger.info({ cluster: id, phase, problem: problem?.message }, "cluster");
    this.#summary = cluster;
  }
}

/** Node refuses TypeScript below node_modules: a packed server has its bundles in one folder. */
function ownEntry(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./cluster-worker.js", import.meta.url);
}

function gone(name: string): RefusedError {
  return new RefusedError(503, "worker-gone", `the worker of ${name} is not running: try again when it is back`);
}

function detached(name: string): Problem {
  return { code: "detached", title: "Detached", message: `${name} was detached.`, hint: "Attach it again to go on." };
}

function died(cause: string, waitMs: number): Problem {
  return {
    code: "worker-died",
    title: "Worker ended",
    message: `The worker of this cluster ended: ${cause}.`,
    hint: `It is started again in ${Math.round(waitMs / 1000)} s.`,
  };
}
