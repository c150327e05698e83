import { execFile, spawn } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import process from "node:process";
import { promisify } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, fetch } from "undici";
import { z } from "zod";
import { AuditLog } from "./cluster/audit-log.ts";
import { KubeApi } from "./kube-api.ts";
import { freePort } from "./running-server.ts";

const scripts = fileURLToPath(new URL("control-plane", import.meta.url));
const execute = promisify(execFile);
const range = z.object({ header: z.object({ revision: z.string() }) });

const mostAttempts = 3;

export type Component = "etcd" | "kube-apiserver" | "kube-scheduler";

export interface ControlPlaneOptions {
  readonly hasScheduler: boolean;
  /** Lines of a KubeSchedulerConfiguration. */
  readonly schedulerSettings?: string;
  /** How long kube-scheduler may stand still and keep its Lease: two thirds of this. Default: 15. */
  readonly leaseSeconds?: number;
}

/** What is our own to break: its folder, the folder of its programs, and where its parts listen. */
interface Own {
  readonly folder: string;
  readonly programs: string;
  readonly ports: Readonly<Record<"api" | "etcd" | "scheduler", number>>;
}

/** A real etcd, kube-apiserver and kube-scheduler: one that is given, or our own on free ports in a folder of its own. */
export class ControlPlane {
  /** The administrator's. */
  readonly kubeconfig: string;
  readonly #own: Own | undefined;

  private constructor(kubeconfig: string, own: Own | undefined) {
    this.kubeconfig = kubeconfig;
    this.#own = own;
  }

  /** Builds what is not built yet, which takes minutes the first time. The folder of the programs. */
  static async build(): Promise<string> {
    const { stdout } = await execute(join(scripts, "build.sh"), [], { maxBuffer: 1 << 26 });
    return stdout.trim();
  }

  static given(kubeconfig: string): ControlPlane {
    return new ControlPlane(kubeconfig, undefined);
  }

  /**
   * Somebody may take a port between the moment that it is found free and the moment that it is listened on: then others
   * are taken.
   *
   * @throws with what its parts wrote last, when it does not become ready.
   */
  static async start({
    hasScheduler,
    schedulerSettings = "",
    leaseSeconds = 15,
  }: ControlPlaneOptions): Promise<ControlPlane> {
    const programs = await ControlPlane.build();
    for (let attempt = 1; ; attempt++) {
      const folder = mkdtempSync(join(tmpdir(), "kube-inflight-control-plane-"));
      const ports = { api: await freePort(), scheduler: await freePort(), etcd: await freePort() };
      const environment = {
        API_PORT: `${ports.api}`,
        ETCD_PORT: `${ports.etcd}`,
        SCHEDULER_PORT: `${ports.scheduler}`,
        SCHEDULER: hasScheduler ? "1" : "0",
        SCHEDULER_SETTINGS: schedulerSettings,
        LEASE_SECONDS: `${leaseSeconds}`,
      };
      const controlPlane = new ControlPlane(join(folder, "kubeconfig"), { folder, programs, ports });
      try {
        const env = { ...process.env, ...environment };
        await execute(join(scripts, "up.sh"), [folder], { env, maxBuffer: 1 << 26 });
        return controlPlane;
      } catch (error) {
        const said = controlPlane.#lastLines();
        await controlPlane.stop();
        console.error(`the control plane did not start:\n${said}`);
        if (attempt === mostAttempts) throw new Error(`the control plane did not start:\n${said}`, { cause: error });
      }
    }
  }

  /** A given cluster is neither killed nor looked into. */
  get isOurs(): boolean {
    return this.#own !== undefined;
  }

  /** Somebody else's than the tests', where it is ours: so the audit log can tell one from the other. */
  get viewerKubeconfig(): string {
    return this.#own === undefined ? this.kubeconfig : join(this.#own.folder, "kubeconfig-viewer");
  }

  get kubectl(): string {
    return this.#own === undefined ? "kubectl" : join(this.#own.programs, "kubectl");
  }

  /** kube-scheduler's metrics, which need no token. */
  get schedulerMetricsUrl(): string {
    return `https://127.0.0.1:${this.#needOwn().ports.scheduler}/metrics`;
  }

  /** In the text format of Prometheus. */
  async schedulerMetrics(): Promise<string> {
    const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
    const response = await fetch(this.schedulerMetricsUrl, { dispatcher });
    const text = await response.text();
    await dispatcher.close();
    return text;
  }

  /** It stands still, as on a machine that has no time for it, until {@link goOn}; a restart with KILL ends that, too. */
  freeze(component: Component): void {
    process.kill(this.#pidOf(component), "SIGSTOP");
  }

  /** One that has lost its Lease meanwhile ends, and is started again, as a kubelet would: whether it is the same still. */
  async goOn(component: Component): Promise<boolean> {
    const pid = this.#pidOf(component);
    const { folder } = this.#needOwn();
    const [program = "", ...args] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
    process.kill(pid, "SIGCONT");
    for (let wait = 0; wait < 50 && isRunning(pid); wait++) await sleep(200);
    if (isRunning(pid)) return true;
    const log = openSync(join(folder, `${component}.log`), "a");
    const child = spawn(program, args, { detached: true, stdio: ["ignore", log, log] });
    closeSync(log);
    child.unref();
    writeFileSync(join(folder, `${component}.pid`), `${child.pid}\n`);
    return false;
  }

  /** Stops a part with this signal and starts it again with the command line that it had. */
  async restart(component: Component, signal: "KILL" | "TERM"): Promise<void> {
    await execute(join(scripts, "restart.sh"), [component, this.#needOwn().folder, signal]);
  }

  /** The KubeSchedulerConfiguration that kube-scheduler was started with. */
  get schedulerConfig(): string {
    return join(this.#needOwn().folder, "scheduler.yaml");
  }

  /** Drops every version but the newest of everything, as etcd does by itself every five minutes. */
  async compact(): Promise<void> {
    const { revision } = range.parse(await this.#etcd("range", { key: btoa("/none") })).header;
    await this.#etcd("compaction", { revision, physical: true });
  }

  async untilReady(): Promise<void> {
    const api = new KubeApi(this.kubeconfig);
    while (!(await api.isReady())) await sleep(100);
  }

  get auditLog(): AuditLog {
    return new AuditLog(readFileSync(join(this.#needOwn().folder, "audit.log"), "utf8"));
  }

  /** Stops only what was started here. */
  async stop(): Promise<void> {
    if (this.#own === undefined) return;
    const { folder } = this.#own;
    await execute(join(scripts, "down.sh"), [folder]);
    rmSync(folder, { recursive: true, force: true });
  }

  /** Of each part that has written anything. */
  #lastLines(): string {
    const { folder } = this.#needOwn();
    const logs = ["etcd.log", "kube-apiserver.log"]
      .map((name) => join(folder, name))
      .filter((path) => existsSync(path));
    return logs.map((path) => readFileSync(path, "utf8").split("\n").slice(-6).join("\n")).join("\n");
  }

  async #etcd(call: string, body: unknown): Promise<unknown> {
    const url = `http://127.0.0.1:${this.#needOwn().ports.etcd}/v3/kv/${call}`;
    const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`etcd ${call}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  #pidOf(component: Component): number {
    return Number(readFileSync(join(this.#needOwn().folder, `${component}.pid`), "utf8"));
  }

  #needOwn(): Own {
    if (this.#own === undefined) throw new Error("a control plane that was given is not ours to touch");
    return this.#own;
  }
}

/** Not one that has ended and that nobody has asked how. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
