import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";

/** Only the embedded API server, as `npm run embedded` starts it: nobody schedules there. */
export class EmbeddedServer {
  readonly url: string;
  readonly kubeconfig: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, url: string, folder: string) {
    this.#child = child;
    this.url = url;
    this.#folder = folder;
    this.kubeconfig = join(folder, "kubeconfig");
  }

  /** @throws when it ends before it says where it is. */
  static async start(scenario: string): Promise<EmbeddedServer> {
    const folder = mkdtempSync(join(tmpdir(), "kube-inflight-embedded-"));
    const args = ["server/embedded/main.ts", "--kubeconfig-out", join(folder, "kubeconfig"), "--scenario", scenario];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once("line", resolve);
      child.once("exit", (code) => reject(new Error(`the embedded server ended with ${code}`)));
    });
    return new EmbeddedServer(child, url, folder);
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error("the embedded server was not started");
    return this.#child.pid;
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await ended;
    rmSync(this.#folder, { recursive: true });
  }
}
