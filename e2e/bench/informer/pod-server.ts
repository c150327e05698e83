import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { freePort } from "../../running-server.ts";

interface Served {
  readonly pods: number;
  /** How many of them wait for a node that will never come. */
  readonly pending?: number;
  readonly nodes?: number;
}

/** The API server of ../go/informer: pods that were serialised in advance, so that nobody waits for it. */
export class PodServer {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** Serves as long as `work` goes on. */
  static async during(
    program: string,
    { pods, pending = 0, nodes = 0 }: Served,
    work: (server: PodServer) => Promise<void>,
  ): Promise<void> {
    const address = `127.0.0.1:${await freePort()}`;
    const numbers = ["-pods", `${pods}`, "-pending", `${pending}`, "-nodes", `${nodes}`];
    const child = spawn(program, ["-serve", address, ...numbers], { stdio: "ignore" });
    const server = new PodServer(`http://${address}`, child);
    try {
      await server.#answers();
      await work(server);
    } finally {
      await server.#stop();
    }
  }

  /** With one context, which signs nobody in. */
  get kubeconfig(): string {
    return JSON.stringify({
      clusters: [{ name: "bench", cluster: { server: this.url } }],
      contexts: [{ name: "bench", context: { cluster: "bench", user: "" } }],
      "current-context": "bench",
    });
  }

  /** Replaces waiting pods by others for so long: as many come or go each second. */
  async churn(perSecond: number, seconds: number): Promise<void> {
    const query = `perSecond=${perSecond}&seconds=${seconds}`;
    const { ok } = await fetch(`${this.url}/bench/churn?${query}`, { method: "POST" });
    if (!ok) throw new Error("the pod server does not churn");
  }

  async #answers(): Promise<void> {
    while (this.#child.exitCode === null) {
      const isThere = await fetch(`${this.url}/version`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isThere) return;
      await setTimeout(100);
    }
    throw new Error("the pod server did not start");
  }

  async #stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGTERM");
    await ended;
  }
}
