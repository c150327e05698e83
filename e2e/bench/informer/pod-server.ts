import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { freePort } from "../../running-server.ts";

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
    { pods, nodes = 0 }: { readonly pods: number; readonly nodes?: number },
    work: (server: PodServer) => Promise<void>,
  ): Promise<void> {
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(program, ["-serve", address, "-pods", `${pods}`, "-nodes", `${nodes}`], { stdio: "ignore" });
    const server = new PodServer(`http://${address}`, child);
    try {
      await server.#answers();
      await work(server);
    } finally {
      await server.#stop();
    }
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
