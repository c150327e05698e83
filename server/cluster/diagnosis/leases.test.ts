import { expect, it } from "vitest";
import type { KubeObject } from "#lib/kube/index.ts";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { SchedulerLeases } from "./leases.ts";

function lease(name: string, renewTime: string): KubeObject {
  const metadata = { name, namespace: "kube-system", uid: `uid-${name}` };
  return { metadata, spec: { renewTime } } as KubeObject;
}

/** What the clock of the tests says at first. */
const start = Date.UTC(2026, 0, 1);
const second = 1_000;
const written = (ms: number): string => new Date(start + ms).toISOString().replace("Z", "000Z");

async function watching() {
  const cluster = new FakeCluster();
  cluster.clock.set(start);
  const leases = new SchedulerLeases(cluster.board, cluster.clock);
  leases.watch("default-scheduler");
  leases.watch("default-scheduler");
  leases.watch("batch");
  await cluster.clock.settle();
  const [standard = "", batch = "", ...others] = cluster.board.informers().map(({ key }) => key);
  expect(others).toEqual([]);
  return { cluster, leases, standard, batch };
}

it("a scheduler is as alive as its Lease was seen to be renewed last, and of one without nothing is known", async () => {
  const { cluster, leases, standard, batch } = await watching();
  expect(leases.renewedAt("default-scheduler")).toBeUndefined();
  await cluster.tell(standard, "ADDED", lease("kube-scheduler", written(0)));
  cluster.clock.set(start + 3 * second);
  await cluster.tell(standard, "MODIFIED", lease("kube-scheduler", written(2 * second)));
  expect(leases.renewedAt("default-scheduler")).toBe(start + 3 * second);
  cluster.clock.set(start + 9 * second);
  // Something else of it has changed.
  await cluster.tell(standard, "MODIFIED", lease("kube-scheduler", written(2 * second)));
  expect(leases.renewedAt("default-scheduler")).toBe(start + 3 * second);
  await cluster.tell(batch, "ADDED", lease("batch", "none of a time"));
  expect(leases.renewedAt("batch")).toBeUndefined();
  await cluster.tell(standard, "DELETED", lease("kube-scheduler", written(2 * second)));
  expect(leases.renewedAt("default-scheduler")).toBeUndefined();
});

it("a clock that is off by minutes makes no scheduler look dead, and one that is long dead is known to be at once", async () => {
  const { cluster, leases, standard, batch } = await watching();
  await cluster.tell(standard, "ADDED", lease("kube-scheduler", written(-120 * second)));
  expect(leases.renewedAt("default-scheduler")).toBe(start);
  cluster.clock.set(start + 5 * second);
  await cluster.tell(standard, "MODIFIED", lease("kube-scheduler", written(-115 * second)));
  expect(leases.renewedAt("default-scheduler")).toBe(start + 5 * second);
  await cluster.tell(batch, "ADDED", lease("batch", written(-3600 * second)));
  expect(leases.renewedAt("batch")).toBe(start - 3600 * second);
});
