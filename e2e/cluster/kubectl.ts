import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const limitMs = 60_000;

/** kubectl as its user runs it: what it printed, on either stream, and how it ended. */
export interface Run {
  readonly code: number;
  readonly text: string;
}

/** kubectl for one cluster, with a cache of its own: what it learned of another cluster would mislead it. */
export class Kubectl {
  readonly #program: string;
  readonly #kubeconfig: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "kube-inflight-kubectl-"));

  constructor(program: string, kubeconfig: string) {
    this.#program = program;
    this.#kubeconfig = kubeconfig;
  }

  /** `input` is what `-f -` reads. */
  run(args: readonly string[], input = ""): Promise<Run> {
    return new Promise((resolve) => {
      const child = execFile(this.#program, this.#with(args), { timeout: limitMs }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : Number(error !== null), text: stdout + stderr });
      });
      // Who reads nothing may be gone before this is written.
      child.stdin?.on("error", () => {}).end(input);
    });
  }

  /** Leaves it running, for `-w`; the caller ends it. */
  start(args: readonly string[]): ChildProcess {
    return spawn(this.#program, this.#with(args), { stdio: ["ignore", "pipe", "ignore"] });
  }

  forgetEverything(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #with(args: readonly string[]): string[] {
    return ["--kubeconfig", this.#kubeconfig, "--cache-dir", this.#folder, ...args];
  }
}

const ages = /\b(?:\d+[ydhms]){1,2}\b/g;
const uids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const times = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;
const addresses = /\b10\.\d+\.\d+\.\d+\b/g;

/** Two clusters agree in all but this: when, which uid, which address; and how wide that makes a column. */
export function comparable({ code, text }: Run): string {
  const same = text
    .replaceAll(uids, "UID")
    .replaceAll(times, "TIME")
    .replaceAll(addresses, "ADDRESS")
    .replaceAll(ages, "AGE")
    .replaceAll(/ {2,}/g, "  ")
    .replaceAll(/ +$/gm, "");
  return `${same.trim()}\nexit ${code}`;
}
