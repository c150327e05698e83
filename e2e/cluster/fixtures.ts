import process from "node:process";
import { expect, test as base } from "#e2e/fixtures.ts";
import { ControlPlane } from "#e2e/control-plane.ts";
import { KubeApi } from "#e2e/kube-api.ts";
import { grantReading } from "./reader-role.ts";

interface WorkerFixtures {
  /** Files that name the same one share a control plane. */
  readonly controlPlaneName: string;
  /** Lines of its KubeSchedulerConfiguration. */
  readonly schedulerSettings: string;
  /** How long its Lease lasts. */
  readonly leaseSeconds: number;
  /** Whether kube-scheduler runs, where the control plane is ours. */
  readonly hasScheduler: boolean;
  readonly controlPlane: ControlPlane;
  /** The administrator. */
  readonly api: KubeApi;
}

interface TestFixtures {
  /** After every test: nothing of what we are was written. */
  readonly wroteNothing: void;
}

/**
 * A test gets a server that is attached, as somebody who may only read, to a control plane of its worker's own: the one
 * of `KUBECONFIG` if that is set. A test that failed takes both with it, so that the next one begins with new ones.
 */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  controlPlaneName: ["shared", { scope: "worker", option: true }],
  schedulerSettings: ["", { scope: "worker", option: true }],
  leaseSeconds: [15, { scope: "worker", option: true }],
  hasScheduler: [true, { scope: "worker", option: true }],
  controlPlane: [
    async ({ hasScheduler, schedulerSettings, leaseSeconds }, provide) => {
      const { KUBECONFIG: given = "" } = process.env;
      const controlPlane =
        given === ""
          ? await ControlPlane.start({ hasScheduler, schedulerSettings, leaseSeconds })
          : ControlPlane.given(given);
      await provide(controlPlane);
      await controlPlane.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  api: [
    async ({ controlPlane }, provide) => {
      const api = new KubeApi(controlPlane.kubeconfig);
      if (controlPlane.isOurs) await grantReading(api, "viewer");
      await provide(api);
    },
    { scope: "worker" },
  ],
  serverArgs: [
    // The rights come before the server that needs them.
    async ({ controlPlane, api: _api }, provide) => provide(["--kubeconfig", controlPlane.viewerKubeconfig]),
    { scope: "worker" },
  ],
  wroteNothing: [
    async ({ controlPlane }, provide) => {
      await provide();
      if (!controlPlane.isOurs) return;
      const log = controlPlane.auditLog;
      expect(log.countOf("admin"), "the audit log knows who wrote").toBeGreaterThan(0);
      expect(log.ofOurs, "writes of ours").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect } from "#e2e/fixtures.ts";
