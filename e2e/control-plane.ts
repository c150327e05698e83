import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePort } from "./running-server.ts";

const scripts = fileURLToPath(new URL("control-plane", import.meta.url));
const execute = promisify(execFile);

/** A real etcd, kube-apiserver and kube-scheduler: one that is given, or our own on free ports in a folder of its own. */
export class ControlPlane {
  /** What e2e/cluster.config.ts reads. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #folder: string | undefined;

  private constructor(environment: Readonly<Record<string, string>>, folder: string | undefined) {
    this.environment = environment;
    this.#folder = folder;
  }

  static async startUnlessGiven(environment: NodeJS.ProcessEnv): Promise<ControlPlane> {
    const { KUBECONFIG: kubeconfig } = environment;
    if (kubeconfig !== undefined && kubeconfig !== "") return new ControlPlane({ KUBECONFIG: kubeconfig }, undefined);
    const folder = mkdtempSync(join(tmpdir(), "kube-inflight-control-plane-"));
    const [api, scheduler] = [await freePort(), await freePort()];
    // etcd takes the port behind its own for its peers; the system hands out every other one.
    const etcd = await freePort();
    const ports = { API_PORT: `${api}`, SCHEDULER_PORT: `${scheduler}`, ETCD_PORT: `${etcd}` };
    console.log("starting a real control plane (the first time its programs are built, which takes minutes)");
    await execute(join(scripts, "up.sh"), [folder], { env: { ...environment, ...ports }, maxBuffer: 1 << 26 });
    return new ControlPlane(
      { KUBECONFIG: join(folder, "kubeconfig"), KUBE_INFLIGHT_CONTROL_PLANE: folder, ...ports },
      folder,
    );
  }

  /** Stops only what was started here. */
  async stop(): Promise<void> {
    if (this.#folder === undefined) return;
    await execute(join(scripts, "down.sh"), [this.#folder]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
