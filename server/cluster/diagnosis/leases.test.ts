import { expect, it } from "vitest";
import type { KubeObject } from "#lib/kube/index.ts";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { SchedulerLeases } from "./leases.ts";

function lease(name: string, renewTime: string): KubeObject {
  const metadata = { name, namespace: "kube-system", uid: `uid-${name}` };
  return { metadata, spec: { renewTime } } as KubeObject;
}

it("a scheduler is as alive as its Lease was renewed last, and of one without nothing is known", async () => {
  const cluster = new FakeCluster();
  const leases = new SchedulerLeases(cluster.board);
  leases.watch("default-scheduler");
  leases.watch("default-scheduler");
  leases.watch("batch");
  await cluster.clock.settle();
  const targets = cluster.board.informers().map(({ key: each }) => each);
  expect(targets).toHaveLength(2);
  const [standard = "", batch = ""] = targets;
  await cluster.tell(standard, "ADDED", lease("kube-scheduler", "2026-01-01T00:00:00.000000Z"));
  expect([leases.renewedAt("default-scheduler"), leases.renewedAt("batch")]).toEqual([Date.UTC(2026, 0, 1), undefined]);
  await cluster.tell(standard, "MODIFIED", lease("kube-scheduler", "2026-01-01T00:00:02.500000Z"));
  expect(leases.renewedAt("default-scheduler")).toBe(Date.UTC(2026, 0, 1) + 2_500);
  await cluster.tell(batch, "ADDED", lease("batch", "none of a time"));
  expect(leases.renewedAt("batch")).toBeUndefined();
  await cluster.tell(standard, "DELETED", lease("kube-scheduler", "2026-01-01T00:00:02.500000Z"));
  expect(leases.renewedAt("default-scheduler")).toBeUndefined();
});
