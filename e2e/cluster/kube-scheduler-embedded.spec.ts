/** The real kube-scheduler, speaking JSON, on the embedded cluster: there is nobody else to bind. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "playwright/test";
import { ControlPlane } from "#e2e/control-plane.ts";
import { EmbeddedServer } from "#e2e/embedded-server.ts";
import { KubeApi } from "#e2e/kube-api.ts";
import { freePort } from "#e2e/running-server.ts";

const namespace = "inflight-scheduled";
const podCount = 100;

test("kube-scheduler binds 100 pods and reports the one that does not fit", async () => {
  const programs = await ControlPlane.build();
  const embedded = await EmbeddedServer.start("empty");
  const folder = mkdtempSync(join(tmpdir(), "kube-inflight-scheduler-"));
  const scheduler = startScheduler({ programs, folder, kubeconfig: embedded.kubeconfig, port: await freePort() });
  try {
    const api = new KubeApi(embedded.kubeconfig);
    await api.createNamespace(namespace);
    for (const name of ["scheduled-0", "scheduled-1"]) await api.createNode(name, { cpu: "32", labels: {} });
    const names = Array.from({ length: podCount }, (_, index) => `small-${index}`);
    const create = (name: string, cpu: string) => {
      const container = { name: "main", image: "none:1", resources: { requests: { cpu } } };
      return api.request("POST", `/api/v1/namespaces/${namespace}/pods`, {
        metadata: { name },
        spec: { containers: [container] },
      });
    };
    await create("large", "64");
    await Promise.all(names.map((name) => create(name, "10m")));
    const bound = async () => (await api.pods(namespace)).filter(({ spec }) => spec.nodeName !== undefined).length;
    await expect.poll(bound, { timeout: 120_000 }).toBe(podCount);

    const reported = async () => {
      const large = (await api.pods(namespace)).find(({ metadata }) => metadata.name === "large");
      return large?.status.conditions?.find(({ type }) => type === "PodScheduled");
    };
    await expect
      .poll(reported)
      .toMatchObject({ status: "False", message: expect.stringContaining("2 Insufficient cpu") });
    const events = async () =>
      JSON.stringify(await api.request("GET", `/apis/events.k8s.io/v1/namespaces/${namespace}/events`));
    await expect.poll(events).toContain("FailedScheduling");
  } finally {
    const ended = once(scheduler, "exit");
    if (scheduler.exitCode === null) {
      scheduler.kill("SIGKILL");
      await ended;
    }
    await embedded.stop();
    rmSync(folder, { recursive: true });
  }
});

interface SchedulerOptions {
  readonly programs: string;
  readonly folder: string;
  readonly kubeconfig: string;
  readonly port: number;
}

function startScheduler({ programs, folder, kubeconfig, port }: SchedulerOptions): ChildProcess {
  const configuration = {
    apiVersion: "kubescheduler.config.k8s.io/v1",
    kind: "KubeSchedulerConfiguration",
    leaderElection: { leaderElect: false },
    clientConnection: { kubeconfig, contentType: "application/json", qps: 500, burst: 1000 },
  };
  const file = join(folder, "scheduler.json");
  writeFileSync(file, JSON.stringify(configuration));
  const access = [`--authentication-kubeconfig=${kubeconfig}`, `--authorization-kubeconfig=${kubeconfig}`];
  const args = [`--config=${file}`, "--bind-address=127.0.0.1", `--secure-port=${port}`, ...access];
  return spawn(join(programs, "kube-scheduler"), args, { stdio: "ignore" });
}
