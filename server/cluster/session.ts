import { performance } from "node:perf_hooks";
import { setInterval } from "node:timers";
import type { Clock } from "#lib/clock/index.ts";
import { ConnectionError, type InformerReport } from "#lib/informer/index.ts";
import type { Cluster, JsonObject, Problem, TopicName, View } from "#lib/protocol/index.ts";
import { RefusedError } from "#server/hub/clusters.ts";
import { ClusterConnection, type ConnectionChange } from "./connection.ts";
import { Diagnosis } from "./diagnosis/index.ts";
import { podYaml } from "./diagnosis/pod-yaml.ts";
import { InformerBoard } from "./informer-board.ts";
import type { WorkerConfig } from "./messages.ts";
import { informerFamilies, registrationFamilies, ThreadFamilies } from "./metrics/index.ts";
import { noFaults } from "./no-faults.ts";
import { previewHandler } from "./preview.ts";
import { ViewGoneError, type Served, type ViewSource } from "./port-server.ts";
import { resourceKey } from "./resource-key.ts";
import { startScheduling } from "./scheduling/start.ts";
import type { Scheduling } from "./scheduling/scheduling.ts";
import { Summary } from "./summary.ts";
import { describeProblem } from "./transport/index.ts";
import { AttentionList } from "./views/attention.ts";
import { buildEvents } from "./views/events.ts";
import { buildHistory, buildTransitions } from "./views/history.ts";
import { buildInformer, buildInformers, buildTail } from "./views/informers.ts";
import { buildLanes } from "./views/lanes.ts";
import { PodView } from "./views/pod-view.ts";
import { PodsList } from "./views/pods.ts";
import { buildScheduler } from "./views/scheduler.ts";
import { buildOverview, LagSampler, RejectorCounts } from "./views/overview.ts";

const summaryPeriodMs = 500;
const podsKey = "v1/pods";
/** What an informer reports that is wrong with us, not with the network. */
const faults: ReadonlySet<InformerReport["kind"]> = new Set([
  "handlerFailed",
  "bufferOverflow",
  "transformFailed",
  "indexFailed",
  "unexpectedType",
  "watchErrorHandlerFailed",
]);

export interface SessionOptions {
  readonly config: WorkerConfig;
  readonly clock: Clock;
  readonly onSummary: (cluster: Cluster) => void;
  /** Something failed that is nobody's answer: for the log. */
  readonly onFailure: (during: string, error: unknown) => void;
}

/** One cluster, connected: its informers, its queue, and what can be seen and asked of them. */
export class ClusterSession implements Served {
  readonly #options: SessionOptions;
  readonly #connection: ClusterConnection;
  readonly #board: InformerBoard;
  readonly #scheduling: Scheduling;
  readonly #diagnosis: Diagnosis;
  #wasJudged = false;
  readonly #summary: Summary;
  readonly #lag = new LagSampler();
  readonly #rejectors: RejectorCounts;
  readonly #rates = new Map<number, { seq: number; at: number; perSecond: number }>();
  readonly #timer: NodeJS.Timeout;
  readonly #thread = new ThreadFamilies();
  #isStopping = false;

  constructor(options: SessionOptions) {
    const { config, clock, onSummary, onFailure } = options;
    this.#options = options;
    this.#rejectors = new RejectorCounts(clock);
    this.#connection = new ClusterConnection(config, clock);
    const { transport } = this.#connection;
    this.#board = new InformerBoard({
      clock,
      transport,
      report: ({ kind, message, error }) => {
        if (faults.has(kind)) onFailure(kind, error ?? message);
      },
      problemOf: (error, resource) => this.#problemOf(error, resource),
      ...(config.mode === "shadow" ? { context: config.access.context } : {}),
      stopwatch: () => performance.now(),
    });
    this.#summary = new Summary(config, this.#connection, onSummary);
    this.#scheduling = startScheduling({
      config,
      clock,
      connection: this.#connection,
      board: this.#board,
      reportError: (error) => {
        // What was under way when it stopped breaks off, and of a lost connection the informers tell, once: neither is
        // a fault of ours.
        if (!this.#isStopping && !(error instanceof ConnectionError)) onFailure("scheduling", error);
      },
    });
    this.#diagnosis = new Diagnosis({
      clock,
      board: this.#board,
      transport,
      scheduling: this.#scheduling,
      mode: config.mode === "embedded" ? "actual" : "simulated",
      version: () => this.#summary.cluster.version,
      reportError: (error) => (this.#isStopping ? undefined : onFailure("diagnosis", error)),
    });
    void this.#diagnosis.watch();
    this.#timer = setInterval(() => this.#summary.update(this.#podsState()), summaryPeriodMs);
  }

  view(topic: TopicName, params: unknown): ViewSource {
    const { clock } = this.#options;
    switch (topic) {
      case "overview":
        return { build: () => json(this.#overview()) };
      case "informers":
        return { build: () => json(buildInformers(this.#informersSource())) };
      case "informer":
        return { build: () => json(this.#informer(params as View<"informer">)) };
      case "tail":
        return { build: () => json(this.#tail(params as View<"tail">)) };
      case "lanes":
        return { build: () => json(this.#lanes(params as View<"lanes">)) };
      case "faults":
        return { problem: noFaults(this.#options.config.name) };
      case "scheduler":
        return { build: () => json(buildScheduler(this.#summary.cluster, this.#scheduling)) };
      case "history":
        return { build: () => json(buildHistory(this.#scheduling, params as View<"history">)) };
      case "transitions":
        return { build: () => json(buildTransitions(this.#scheduling, params as View<"transitions">)) };
      case "attention": {
        const list = new AttentionList(this.#diagnosis, this.#scheduling.provenance, () => clock.now());
        return { build: () => json(list.build()) };
      }
      case "pods": {
        const list = new PodsList(this.#diagnosis, this.#scheduling.provenance, () => clock.now());
        return {
          build: () => {
            this.#wasJudged ||= this.hasJudged;
            // Where something is in the way, that is what has to be told.
            const isStarting = !this.#wasJudged && this.#podsState().problem === undefined;
            return json({ ...list.build(params as View<"pods">), ...(isStarting && { isStarting }) });
          },
        };
      }
      case "pod": {
        const pod = new PodView(() => this.#podSource(), params as View<"pod">);
        return { build: () => json(pod.build()) };
      }
      case "events":
        return { build: () => json(buildEvents(this.#scheduling, params as View<"events">)) };
    }
  }

  /** Every pod was looked at once, after the queue was filled. */
  get hasJudged(): boolean {
    return this.#podsState().hasSynced && this.#diagnosis.isSettled;
  }

  readonly calls: Served["calls"] = {
    resources: () => this.#resources(),
    addHandler: async ({ informer: key, request }) => {
      const { informer, filter } = await this.#board.placeOf(key, request.filter);
      return this.#board.addHandler(informer, { ...request, filter });
    },
    previewHandler: async ({ informer, request }) => previewHandler(this.#board, informer, request),
    removeHandler: async ({ registration }) => this.#board.removeHandler(registration),
    lineObject: async ({ registration, line }) => ({
      ok: true,
      object: { ...this.#board.objectOfLine(registration, line) },
    }),
    releaseOwner: async ({ owner }) => ({ ok: true, leaked: this.#board.releaseOwner(owner) }),
    relist: async ({ informer }) => this.#board.relist(informer),
    replay: async ({ informer, registration }) => this.#board.replay(informer, registration),
    verify: async ({ informer }) => ({
      ok: true,
      result: await this.#board.verifications.verify(this.#board.running(informer).informer),
    }),
    setScheduler: async ({ request }) => this.#scheduling.set(request),
    beginAnew: async (stage) => this.#scheduling.beginAnew(stage),
    step: ({ step }) => this.#scheduling.step(step),
    undo: () => this.#scheduling.undo(),
    redo: () => this.#scheduling.redo(),
    metrics: async () => this.#metrics(),
    readStatements: ({ namespace, name }) => this.#diagnosis.readStatements(`${namespace}/${name}`),
    podYaml: async (pod) => ({ ok: true, yaml: await podYaml(this.#connection.transport, pod) }),
  };

  /** Stores stay as they are. Informers that wait because something failed need not wait any longer. */
  change(change: ConnectionChange): void {
    this.#connection.change(change);
    this.#summary.follow(this.#connection.access);
    for (const { informer } of this.#board.informers())
      if (informer.state.phase === "backingOff") informer.relist("the kubeconfig changed");
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#timer);
    this.#diagnosis.stop();
    this.#thread.stop();
    this.#scheduling.stop();
    await this.#board.stop();
    await this.#connection.close();
  }

  #metrics() {
    return [
      ...informerFamilies(this.#board, this.#options.clock.now()),
      ...registrationFamilies(this.#board),
      ...this.#scheduling.queue.metrics(),
      ...this.#thread.take(),
    ];
  }

  #overview() {
    const { clock } = this.#options;
    return buildOverview({
      clock,
      board: this.#board,
      scheduling: this.#scheduling,
      cluster: this.#summary.cluster,
      lag: this.#lag,
      rejectors: this.#rejectors,
    });
  }

  #informer({ informer: key }: View<"informer">) {
    const running = this.#board.informer(key);
    if (running === undefined) throw new ViewGoneError(noSuchInformer(key));
    return buildInformer(running, this.#informersSource());
  }

  #tail({ registration, lines }: View<"tail">) {
    const entry = this.#board.entry(registration);
    const value =
      entry === undefined
        ? undefined
        : buildTail(entry, this.#tailRate(registration, entry.added?.handler.tail?.total ?? 0), lines);
    if (value !== undefined) return value;
    this.#rates.delete(registration);
    throw new ViewGoneError(noSuchTail(registration));
  }

  #podSource() {
    const { provenance } = this.#scheduling;
    return { diagnosis: this.#diagnosis, scheduling: this.#scheduling, provenance, now: this.#options.clock.now() };
  }

  #lanes(view: View<"lanes">) {
    const { queue, flow, provenance } = this.#scheduling;
    const outcomeOf = (uid: string) => this.#scheduling.outcomeOf(uid);
    const judgedOf = (uid: string) => this.#diagnosis.judged.get(uid);
    return buildLanes({ clock: this.#options.clock, queue, flow, provenance, outcomeOf, judgedOf }, view);
  }

  /** Lines per second, measured once a second while somebody looks. */
  #tailRate(registration: number, total: number): number {
    const now = this.#options.clock.now();
    const last = this.#rates.get(registration) ?? { seq: total, at: now, perSecond: 0 };
    if (now - last.at >= 1000) {
      last.perSecond = Math.round(((total - last.seq) * 1000) / (now - last.at));
      last.seq = total;
      last.at = now;
    }
    this.#rates.set(registration, last);
    return last.perSecond;
  }

  async #resources() {
    try {
      const found = await this.#connection.transport.discover();
      return found.map((resource) => ({
        key: resourceKey(resource),
        groupVersion: resource.group === "" ? resource.version : `${resource.group}/${resource.version}`,
        resource: resource.resource,
        kind: resource.kind,
        isNamespaced: resource.isNamespaced,
      }));
    } catch (error) {
      const { code, message, hint } = this.#problemOf(error);
      throw new RefusedError(502, code, `${message} ${hint}`);
    }
  }

  #informersSource() {
    return { board: this.#board, problemOf: (error: unknown, resource?: string) => this.#problemOf(error, resource) };
  }

  #problemOf(error: unknown, resource?: string): Problem {
    const { server, user } = this.#connection.access;
    return describeProblem(error, { server: server.url, user, ...(resource === undefined ? {} : { resource }) });
  }

  #podsState() {
    const pods = this.#board.informer(podsKey)?.informer;
    const problem = pods?.problem === undefined ? undefined : this.#problemOf(pods.problem.error, podsKey);
    return { hasSynced: pods?.hasSynced ?? false, problem };
  }
}

/** Topic values are JSON by their schemas; TypeScript does not see an index signature in an interface. */
function json(value: object): JsonObject {
  return value as JsonObject;
}

function noSuchInformer(key: string): Problem {
  return {
    code: "no-such-informer",
    title: "Not running",
    message: `No informer for ${key} is running.`,
    hint: "It starts when a handler is added for it.",
  };
}

function noSuchTail(registration: number): Problem {
  return {
    code: "no-such-tail",
    title: "Tail gone",
    message: `Registration ${registration} was removed, or keeps no lines.`,
    hint: "Add a tail or diff handler.",
  };
}
