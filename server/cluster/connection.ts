import process from "node:process";
import type { Clock } from "#lib/clock/index.ts";
import { findKubeconfig } from "./kubeconfig-source.ts";
import {
  KubeconfigError,
  parseKubeconfig,
  resolveContext,
  type ClusterAccess,
  type Kubeconfig,
} from "./kubeconfig/index.ts";
import type { WorkerConfig } from "./messages.ts";
import { KubeTransport, KubeWriter } from "./transport/index.ts";

/** The ends of one cluster: everybody reads, only what is embedded is written to. */
export interface ClusterConnection {
  readonly access: ClusterAccess;
  readonly transport: KubeTransport;
  /** Absent for an attached cluster: no code that it can reach writes. */
  readonly writer: KubeWriter | undefined;
  close(): Promise<void>;
}

/** @throws KubeconfigError when the context cannot be used */
export function connect({ connection, ...config }: WorkerConfig, clock: Clock): ClusterConnection {
  const options = {
    clock,
    environment: process.env,
    userAgent: `kube-inflight/${config.version}`,
    isExecApproved: (hash: string) => config.isExecAllowed || config.approvedExec.includes(hash),
  };
  const kubeconfig =
    connection.kind === "embedded" ? parseKubeconfig(connection.kubeconfig, "demo") : findKubeconfig(connection.paths);
  const context = connection.kind === "embedded" ? currentContextOf(kubeconfig) : connection.context;
  const access = resolveContext(kubeconfig, context);
  const transport = new KubeTransport(access, options);
  const writer = connection.kind === "embedded" ? new KubeWriter(access, options) : undefined;
  return {
    access,
    transport,
    writer,
    close: async () => {
      await Promise.all([transport.close(), writer?.close()]);
    },
  };
}

function currentContextOf({ currentContext }: Kubeconfig): string {
  if (currentContext !== undefined) return currentContext;
  throw new KubeconfigError("context-missing", "The embedded kubeconfig names no current context.", "Start again.");
}
