import { isDeepStrictEqual } from "node:util";
import type { Cluster, Problem } from "#lib/protocol/index.ts";
import type { ClusterConnection } from "./connection.ts";
import type { ClusterAccess } from "./kubeconfig/index.ts";
import type { WorkerConfig } from "./messages.ts";
import type { KubeTransport } from "./transport/index.ts";

/** What the rest of the server and every page know of this cluster at any time. Told whenever it changes. */
export class Summary {
  readonly #onChange: (cluster: Cluster) => void;
  readonly #transport: KubeTransport;
  #cluster: Cluster;
  #hasConnected = false;

  constructor(
    { id, name, mode }: WorkerConfig,
    { access, transport }: ClusterConnection,
    onChange: (cluster: Cluster) => void,
  ) {
    this.#onChange = onChange;
    this.#transport = transport;
    this.#cluster = {
      id,
      name,
      mode,
      phase: "starting",
      server: access.server.url,
      ...(access.user === "" ? {} : { user: access.user }),
    };
  }

  get cluster(): Cluster {
    return this.#cluster;
  }

  /** A cluster is connected while its pods can be read. One that was never is failed, one that was is reconnecting. */
  update({ hasSynced, problem }: { readonly hasSynced: boolean; readonly problem: Problem | undefined }): void {
    if (problem === undefined && hasSynced) {
      if (!this.#hasConnected) void this.#askVersion();
      this.#hasConnected = true;
      this.#set({ phase: "connected", problem: undefined });
    } else if (problem !== undefined) {
      this.#set({ phase: this.#hasConnected ? "reconnecting" : "failed", problem });
    }
  }

  /** The kubeconfig says another server or another user now. */
  follow({ server, user }: ClusterAccess): void {
    const { user: _, ...rest } = this.#cluster;
    const next = { ...rest, server: server.url, ...(user === "" ? {} : { user }) };
    if (isDeepStrictEqual(next, this.#cluster)) return;
    this.#cluster = next;
    this.#onChange(next);
  }

  async #askVersion(): Promise<void> {
    try {
      this.#set({ version: await this.#transport.serverVersion() });
    } catch {
      // The version says whether the scheduler is modelled; without it the page says that nothing is known.
    }
  }

  #set({ problem, ...change }: { readonly problem?: Problem | undefined } & Partial<Omit<Cluster, "problem">>): void {
    const { problem: before, ...rest } = this.#cluster;
    const kept = "phase" in change ? problem : before;
    const next: Cluster = { ...rest, ...change, ...(kept === undefined ? {} : { problem: kept }) };
    if (JSON.stringify(next) === JSON.stringify(this.#cluster)) return;
    this.#cluster = next;
    this.#onChange(next);
  }
}
