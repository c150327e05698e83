import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Logger } from "pino";
import type { Clock } from "#lib/clock/index.ts";
import {
  scenarios,
  type AttachRequest,
  type Cluster,
  type ClusterMode,
  type KubeContext,
  type Problem,
  type ScenarioName,
} from "#lib/protocol/index.ts";
import type { Config } from "#server/config.ts";
import type { FaultControl } from "#server/embedded/faults/index.ts";
import { startEmbeddedCluster, type EmbeddedCluster } from "#server/embedded/start.ts";
import { RefusedError, type ClusterHandle, type ClusterRegistry } from "#server/hub/index.ts";
import { ClusterFaults } from "./cluster-faults.ts";
import { ClusterWorker } from "./cluster-worker.ts";
import type { ExecApprovals } from "./exec-approvals.ts";
import {
  kubeconfigProblem,
  KubeconfigError,
  listContexts,
  parseKubeconfig,
  resolveContext,
  type ClusterAccess,
  type ContextSummary,
} from "./kubeconfig/index.ts";
import type { KubeconfigWatch } from "./kubeconfig-watch.ts";
import { ScenarioHandlers, schedulerFor } from "./scenario-handlers.ts";
import { configurationFromFile } from "./scheduling/configuration-file.ts";

/** Slug of the embedded cluster: no context of a kubeconfig gets it. */
const demoId = "demo";
const defaultScenario: ScenarioName = "busy";

export type RegistryConfig = Pick<
  Config,
  "isExecAllowed" | "schedulerMetrics" | "schedulerConfigPath" | "scenario" | "queue" | "stateDir"
>;

export interface RegistryOptions {
  readonly config: RegistryConfig;
  readonly kubeconfig: KubeconfigWatch;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly approvals: ExecApprovals;
  /** Of this program. */
  readonly version: string;
}

interface ClusterToStart {
  readonly id: string;
  readonly name: string;
  readonly access: ClusterAccess;
  readonly mode: ClusterMode;
  readonly queue: RegistryConfig["queue"];
  /** Embedded only. */
  readonly faults?: FaultControl;
}

/** Of a whole cluster most was placed before anybody looks; of a story nothing was. */
function isWhole(scenario: ScenarioName): boolean {
  return scenarios[scenario].group === "Whole clusters";
}

/** The clusters that are attached, each in a worker of its own, and the contexts that could be. */
export class Clusters implements ClusterRegistry {
  readonly #options: RegistryOptions;
  readonly #attached = new Map<string, ClusterWorker>();
  readonly #unwatch: () => void;
  #embedded: Promise<EmbeddedCluster> | undefined;
  #handlers: ScenarioHandlers | undefined;
  /** One scenario after the other. */
  #lastPlay: Promise<unknown> = Promise.resolve();

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#unwatch = options.kubeconfig.watch(() => this.#followKubeconfig());
  }

  list(): readonly Cluster[] {
    return [...this.#attached.values()].map((worker) => worker.summary());
  }

  get(id: string): ClusterHandle | undefined {
    return this.#attached.get(id);
  }

  contexts(): readonly KubeContext[] {
    const { kubeconfig } = this.#options.kubeconfig;
    if (kubeconfig === undefined) return [];
    return listContexts(kubeconfig, [demoId]).map((context) => this.#kubeContext(context));
  }

  kubeconfigProblem(): Problem | undefined {
    const { problem } = this.#options.kubeconfig;
    return problem === undefined ? undefined : kubeconfigProblem(problem);
  }

  /** The context to attach to at the start: the one that is asked for, else the current one, if it can be used. */
  contextToStartWith(asked: string | undefined): KubeContext | undefined {
    const contexts = this.contexts();
    if (asked !== undefined) return contexts.find(({ name }) => name === asked);
    return contexts.find(({ isCurrent }) => isCurrent);
  }

  async attach(request: AttachRequest): Promise<Cluster> {
    if ("demo" in request) return this.#attachDemo(request.scenario);
    const context = this.contexts().find(({ name, id }) => name === request.context || id === request.context);
    if (context === undefined) {
      throw new RefusedError(404, "no-such-context", `the kubeconfig has no context named ${request.context}`);
    }
    const known = this.#attached.get(context.id);
    if (known?.summary().phase === "connected") return known.summary();
    if (context.problem !== undefined) throw new RefusedError(422, context.problem.code, context.problem.message);
    this.#approveExec(context, request.approveExec);
    if (known === undefined) {
      const { id, name } = context;
      const { queue } = this.#options.config;
      return this.#start({ id, name, access: this.#accessOf(name), mode: "shadow", queue }).summary();
    }
    // Somebody wants it now: what waits for its next attempt need not wait any longer.
    known.change({});
    return known.summary();
  }

  async detach(id: string): Promise<void> {
    const worker = this.#attached.get(id);
    if (worker === undefined) throw new RefusedError(404, "no-such-cluster", `no cluster ${id} is attached`);
    this.#attached.delete(id);
    // Taken at once: whoever attaches the demo meanwhile gets one of their own, and not one that is about to end.
    const embedded = id === demoId ? this.#takeEmbedded() : undefined;
    if (id === demoId) void this.#handlers?.end();
    await worker.stop();
    await (await embedded)?.stop();
  }

  /** Ends every worker and the embedded cluster. */
  async stop(): Promise<void> {
    this.#unwatch();
    void this.#handlers?.end();
    await Promise.all([...this.#attached.values()].map((worker) => worker.stop()));
    this.#attached.clear();
    await (await this.#takeEmbedded())?.stop();
  }

  async play(id: string, scenario: ScenarioName): Promise<Cluster> {
    const played = this.#lastPlay.catch(() => undefined).then(() => this.#play(id, scenario));
    this.#lastPlay = played;
    return played;
  }

  /** The old one is cleared away first; informers and queue hear of it as of any other change. */
  async #play(id: string, scenario: ScenarioName): Promise<Cluster> {
    const worker = this.#attached.get(id);
    if (worker === undefined) throw new RefusedError(404, "no-such-cluster", `no cluster ${id} is attached`);
    const embedded = id === demoId ? await this.#embedded : undefined;
    if (embedded === undefined)
      throw new RefusedError(409, "not-embedded", `${id} is not the embedded cluster: nothing is played on others`);
    await this.#handlers?.end();
    this.#handlers = undefined;
    // Before there is anybody whom it could try as it was set until now.
    const scheduler = schedulerFor(scenario);
    await worker.setScheduler(scheduler);
    await embedded.setScenario(scenario).catch((error: unknown) => {
      throw new RefusedError(502, "scenario-failed", error instanceof Error ? error.message : String(error));
    });
    // A queue cannot be exchanged while it holds pods: whoever looks at the cluster begins anew.
    const queue = this.#queueOf(scenario);
    if (queue !== worker.queue) await worker.renew(queue);
    // What waits because the old one cut its watch need not wait any longer.
    else worker.change({});
    await worker.beginAnew({ isHurried: isWhole(scenario) });
    await worker.setScheduler(scheduler);
    this.#enter(worker, scenario);
    return worker.summary();
  }

  #enter(worker: ClusterWorker, scenario: ScenarioName): void {
    const { clock, logger } = this.#options;
    worker.scenario = scenario;
    this.#handlers = new ScenarioHandlers({ scenario, stage: worker, clock, logger });
  }

  #queueOf(scenario: ScenarioName): RegistryConfig["queue"] {
    return scenario === "historical-queue" ? "historical" : this.#options.config.queue;
  }

  async #attachDemo(asked: ScenarioName | undefined): Promise<Cluster> {
    const { config, logger } = this.#options;
    if (this.#attached.has(demoId) && asked !== undefined) return this.play(demoId, asked);
    const scenario = asked ?? config.scenario ?? defaultScenario;
    this.#embedded ??= startEmbeddedCluster({ scenario, losesEvents: config.queue === "historical" });
    const embedded = await this.#embedded.catch((error: unknown) => {
      this.#embedded = undefined;
      throw new RefusedError(502, "demo-failed", error instanceof Error ? error.message : String(error));
    });
    const known = this.#attached.get(demoId);
    if (known !== undefined) return known.summary();
    const kubeconfigPath = join(config.stateDir, "demo.kubeconfig");
    try {
      writeFileSync(kubeconfigPath, embedded.kubeconfig, { mode: 0o600 });
      logger.info({ kubeconfig: kubeconfigPath }, "kubectl can use the embedded cluster");
    } catch (error) {
      logger.warn({ error, kubeconfig: kubeconfigPath }, "the embedded cluster's kubeconfig cannot be written");
    }
    const kubeconfig = parseKubeconfig(embedded.kubeconfig, "demo");
    const worker = this.#start({
      id: demoId,
      name: "demo",
      access: resolveContext(kubeconfig, kubeconfig.currentContext ?? ""),
      mode: "embedded",
      queue: this.#queueOf(scenario),
      faults: embedded.faults,
    });
    if (!isWhole(scenario)) {
      const isLate = (error: unknown): void => logger.warn({ error }, "the scheduler is not set as it should be");
      worker.beginAnew({ isHurried: false }).catch(isLate);
      worker.setScheduler(schedulerFor(scenario)).catch(isLate);
    }
    this.#enter(worker, scenario);
    return worker.summary();
  }

  #start({ id, name, access, mode, queue, faults }: ClusterToStart): ClusterWorker {
    const { config, clock, approvals, logger, version } = this.#options;
    const { server, user } = access;
    const worker = new ClusterWorker({
      config: {
        id,
        name,
        version,
        mode,
        access,
        queue,
        approvedExec: approvals.hashes(),
        isExecAllowed: config.isExecAllowed,
        ...(config.schedulerMetrics === undefined ? {} : { schedulerMetrics: config.schedulerMetrics }),
        ...(config.schedulerConfigPath === undefined
          ? {}
          : { schedulerConfiguration: configurationFromFile(config.schedulerConfigPath) }),
      },
      ...(faults === undefined ? {} : { faults: new ClusterFaults(faults, clock) }),
      summary: { id, name, mode, phase: "starting", server: server.url, ...(user === "" ? {} : { user }) },
      clock,
      logger,
    });
    this.#attached.set(id, worker);
    return worker;
  }

  #takeEmbedded(): Promise<EmbeddedCluster | undefined> | undefined {
    const embedded = this.#embedded;
    this.#embedded = undefined;
    return embedded?.catch(() => undefined);
  }

  /** A sign-in command runs only after somebody has seen it: a kubeconfig may name any program. */
  #approveExec({ exec, name }: KubeContext, approved: string | undefined): void {
    if (exec === undefined || exec.isApproved) return;
    if (approved !== exec.hash) {
      throw new RefusedError(409, "exec-not-approved", `signing in to ${name} runs ${exec.command}: approve it first`);
    }
    const { approvals } = this.#options;
    approvals.approve(exec.hash);
    for (const worker of this.#attached.values()) worker.change({ approvedExec: approvals.hashes() });
  }

  /**
   * What is attached takes what its context says now. One whose context went, or cannot be used any more, goes on
   * with what it has: it may well work.
   */
  #followKubeconfig(): void {
    const { kubeconfig, logger } = this.#options;
    if (kubeconfig.problem !== undefined) logger.warn({ problem: kubeconfig.problem.message }, "kubeconfig");
    for (const [id, worker] of this.#attached) {
      if (id === demoId || kubeconfig.kubeconfig?.contexts.has(worker.access.context) !== true) continue;
      try {
        const access = this.#accessOf(worker.access.context);
        if (isDeepStrictEqual(access, worker.access)) continue;
        worker.change({ access });
        logger.info({ cluster: id }, "the kubeconfig changed, and the cluster follows");
      } catch (error) {
        if (!(error instanceof KubeconfigError)) throw error;
        logger.warn({ cluster: id, problem: error.message }, "the kubeconfig changed, and the cluster does not follow");
      }
    }
  }

  /** @throws KubeconfigError when it cannot be used */
  #accessOf(context: string): ClusterAccess {
    const { kubeconfig } = this.#options.kubeconfig;
    if (kubeconfig === undefined) throw new Error(`there is no kubeconfig that ${context} could be in`);
    return resolveContext(kubeconfig, context);
  }

  /** What is attached keeps its id, also when the kubeconfig has a context now that would share it. */
  #idOf({ id, name }: ContextSummary): string {
    for (const [attached, { access }] of this.#attached)
      if (attached !== demoId && access.context === name) return attached;
    return id;
  }

  #kubeContext(context: ContextSummary): KubeContext {
    const { name, server, user, auth, isCurrent, error, exec } = context;
    const { config, approvals } = this.#options;
    return {
      id: this.#idOf(context),
      name,
      server,
      user,
      auth,
      isCurrent,
      ...(error === undefined ? {} : { problem: kubeconfigProblem(error) }),
      ...(exec === undefined
        ? {}
        : {
            exec: {
              command: exec.commandLine,
              hash: exec.hash,
              isApproved: config.isExecAllowed || approvals.has(exec.hash),
            },
          }),
    };
  }
}
