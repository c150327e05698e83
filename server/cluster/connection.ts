import process from "node:process";
import type { Clock } from "#lib/clock/index.ts";
import type { ClusterAccess } from "./kubeconfig/index.ts";
import type { WorkerConfig } from "./messages.ts";
import { KubeTransport, KubeWriter } from "./transport/index.ts";

/** What may change while a cluster is attached: the kubeconfig, and what somebody approved. */
export type ConnectionChange = Partial<Pick<WorkerConfig, "access" | "approvedExec">>;

/** The ends of one cluster: everybody reads, only what is embedded is written to. */
export class ClusterConnection {
  readonly transport: KubeTransport;
  /** Absent for an attached cluster: no code that it can reach writes. */
  readonly writer: KubeWriter | undefined;
  #access: ClusterAccess;
  #approvedExec: ReadonlySet<string>;

  constructor({ access, mode, version, approvedExec, isExecAllowed }: WorkerConfig, clock: Clock) {
    this.#access = access;
    this.#approvedExec = new Set(approvedExec);
    const options = {
      clock,
      environment: process.env,
      userAgent: `kube-inflight/${version}`,
      isExecApproved: (hash: string) => isExecAllowed || this.#approvedExec.has(hash),
    };
    this.transport = new KubeTransport(access, options);
    this.writer = mode === "embedded" ? new KubeWriter(access, options) : undefined;
  }

  get access(): ClusterAccess {
    return this.#access;
  }

  /** Requests that are sent from now on follow the change. A watch that is open stays, unless the server is another. */
  change({ access, approvedExec }: ConnectionChange): void {
    if (approvedExec !== undefined) this.#approvedExec = new Set(approvedExec);
    if (access === undefined) return;
    this.#access = access;
    this.transport.setAccess(access);
  }

  async close(): Promise<void> {
    await Promise.all([this.transport.close(), this.writer?.close()]);
  }
}
