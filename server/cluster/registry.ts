import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Clock } from "#lib/clock/index.ts";
import type { AttachRequest, Cluster, KubeContext, Problem } from "#lib/protocol/index.ts";
import type { Config } from "#server/config.ts";
import { startEmbeddedCluster, type EmbeddedCluster } from "#server/embedded/start.ts";
import { RefusedError, type ClusterHandle, type ClusterRegistry } from "#server/hub/index.ts";
import { ClusterWorker } from "./cluster-worker.ts";
import type { ExecApprovals } from "./exec-approvals.ts";
import { KubeconfigError, listContexts, type ContextSummary, type Kubeconfig } from "./kubeconfig/index.ts";
import { findKubeconfig } from "./kubeconfig-source.ts";
import type { Connection } from "./messages.ts";

/** Slug of the embedded cluster: no context of a kubeconfig gets it. */
const demoId = "demo";
const defaultScenario = "busy";

export type RegistryConfig = Pick<
  Config,
  "kubeconfigPaths" | "isExecAllowed" | "schedulerMetricsUrl" | "scenario" | "queue" | "stateDir"
>;

export interface RegistryOptions {
  readonly config: RegistryConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly approvals: ExecApprovals;
  /** Of this program. */
  readonly version: string;
}

/** The clusters that are attached, each in a worker of its own, and the contexts that could be. */
export class Clusters implements ClusterRegistry {
  readonly #options: RegistryOptions;
  readonly #attached = new Map<string, ClusterWorker>();
  #embedded: Promise<EmbeddedCluster> | undefined;

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  list(): readonly Cluster[] {
    return [...this.#attached.values()].map((worker) => worker.summary());
  }

  get(id: string): ClusterHandle | undefined {
    return this.#attached.get(id);
  }

  contexts(): readonly KubeContext[] {
    const loaded = this.#kubeconfig();
    if (loaded instanceof KubeconfigError) return [];
    return listContexts(loaded, [demoId]).map((context) => this.#kubeContext(context));
  }

  kubeconfigProblem(): Problem | undefined {
    const loaded = this.#kubeconfig();
    return loaded instanceof KubeconfigError ? problemOf(loaded) : undefined;
  }

  /** The context to attach to at the start: the one that is asked for, else the current one, if it can be used. */
  contextToStartWith(asked: string | undefined): KubeContext | undefined {
    const contexts = this.contexts();
    if (asked !== undefined) return contexts.find(({ name }) => name === asked);
    return contexts.find(({ isCurrent }) => isCurrent);
  }

  async attach(request: AttachRequest): Promise<Cluster> {
    if ("demo" in request) return this.#attachDemo();
    const context = this.contexts().find(({ name, id }) => name === request.context || id === request.context);
    if (context === undefined) {
      throw new RefusedError(404, "no-such-context", `the kubeconfig has no context named ${request.context}`);
    }
    const known = this.#attached.get(context.id);
    if (known !== undefined) return known.summary();
    if (context.problem !== undefined) throw new RefusedError(422, context.problem.code, context.problem.message);
    this.#approveExec(context, request.approveExec);
    const connection = {
      kind: "kubeconfig",
      paths: this.#options.config.kubeconfigPaths,
      context: context.name,
    } as const;
    return this.#start(context.id, context.name, connection, {
      mode: "shadow",
      server: context.server,
      user: context.user,
    });
  }

  async detach(id: string): Promise<void> {
    const worker = this.#attached.get(id);
    if (worker === undefined) throw new RefusedError(404, "no-such-cluster", `no cluster ${id} is attached`);
    this.#attached.delete(id);
    // Taken at once: whoever attaches the demo meanwhile gets one of their own, and not one that is about to end.
    const embedded = id === demoId ? this.#takeEmbedded() : undefined;
    await worker.stop();
    await (await embedded)?.stop();
  }

  /** Ends every worker and the embedded cluster. */
  async stop(): Promise<void> {
    await Promise.all([...this.#attached.values()].map((worker) => worker.stop()));
    this.#attached.clear();
    await (await this.#takeEmbedded())?.stop();
  }

  async #attachDemo(): Promise<Cluster> {
    const { config, logger } = this.#options;
    this.#embedded ??= startEmbeddedCluster({ scenario: config.scenario ?? defaultScenario });
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
    const connection = { kind: "embedded", kubeconfig: embedded.kubeconfig } as const;
    return this.#start(demoId, "demo", connection, { mode: "embedded", server: embedded.server });
  }

  #start(id: string, name: string, connection: Connection, known: Pick<Cluster, "mode" | "server" | "user">): Cluster {
    const { config, clock, approvals, logger, version } = this.#options;
    const worker = new ClusterWorker({
      config: {
        id,
        name,
        version,
        connection,
        queue: config.queue,
        approvedExec: approvals.hashes(),
        isExecAllowed: config.isExecAllowed,
        ...(config.schedulerMetricsUrl === undefined ? {} : { schedulerMetricsUrl: config.schedulerMetricsUrl }),
      },
      summary: { id, name, phase: "starting", ...known },
      clock,
      logger,
    });
    this.#attached.set(id, worker);
    return worker.summary();
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
    this.#options.approvals.approve(exec.hash);
  }

  #kubeContext({ id, name, server, user, auth, isCurrent, error, exec }: ContextSummary): KubeContext {
    const { config, approvals } = this.#options;
    return {
      id,
      name,
      server,
      user,
      auth,
      isCurrent,
      ...(error === undefined ? {} : { problem: problemOf(error) }),
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

  #kubeconfig(): Kubeconfig | KubeconfigError {
    try {
      return findKubeconfig(this.#options.config.kubeconfigPaths);
    } catch (error) {
      if (error instanceof KubeconfigError) return error;
      throw error;
    }
  }
}

function problemOf({ code, message, hint }: KubeconfigError): Problem {
  return { code, title: code === "kubeconfig-missing" ? "No kubeconfig" : "Kubeconfig unusable", message, hint };
}
