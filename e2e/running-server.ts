import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";

/** A kube-inflight server as a user starts it, with a state directory and a port of its own. */
export class RunningServer {
  /** With the one-time login code. */
  readonly loginUrl: string;
  readonly stateDir: string;
  /** What it has printed, by lines. */
  readonly log: readonly string[];
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, stateDir: string, loginUrl: string, log: readonly string[]) {
    this.#child = child;
    this.log = log;
    this.stateDir = stateDir;
    this.loginUrl = loginUrl;
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error("the server was not started");
    return this.#child.pid;
  }

  get origin(): string {
    return new URL(this.loginUrl).origin;
  }

  /**
   * @param entry the file that is run: the checkout's own, or that of an installed package
   * @throws with what the server printed, when it ends before it is ready.
   */
  static async start(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    entry = "server/main.ts",
  ): Promise<RunningServer> {
    const stateDir = mkdtempSync(join(tmpdir(), "kube-inflight-state-"));
    const port = await freePort();
    const child = spawn(process.execPath, [entry, "--no-open", "--port", `${port}`, "--state-dir", stateDir, ...args], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { ...process.env, KUBECONFIG: "", ...environment },
    });
    const printed: string[] = [];
    const url = await new Promise<string>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        if (stream === null) continue;
        createInterface({ input: stream }).on("line", (line) => {
          printed.push(line);
          const ready = /^kube-inflight ready: (\S+)$/.exec(line);
          if (ready?.[1] !== undefined) resolve(ready[1]);
        });
      }
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${printed.join("\n")}`)));
    });
    return new RunningServer(child, stateDir, url, printed);
  }

  /** A REST call as the CLI makes it: with the bearer token of the state directory. Answers the parsed body. */
  async api(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const response = await fetch(new URL(path, this.origin), {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  get token(): string {
    return readFileSync(join(this.stateDir, "token"), "utf8").trim();
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = new Promise((resolve) => this.#child.once("exit", resolve));
      this.#child.kill("SIGTERM");
      await ended;
    }
    rmSync(this.stateDir, { recursive: true, force: true });
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === "object" && address !== null) resolve(address.port);
        else reject(new Error("the system gave no port"));
      });
    });
  });
}
