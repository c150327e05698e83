import { afterEach, beforeEach, expect, it } from "vitest";
import { textAt, type ApiObject } from "../storage/api-object.ts";
import { summary } from "../testing/api-client.ts";
import { startTestCluster, type TestCluster } from "../testing/test-cluster.ts";

const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
const lease = `${leases}/kube-scheduler`;

let cluster: TestCluster;

beforeEach(async () => {
  cluster = await startTestCluster();
});

afterEach(() => cluster.stop());

function held(by: string, renewTime: string, resourceVersion?: string) {
  const metadata = { name: "kube-scheduler", namespace: "kube-system" };
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: resourceVersion === undefined ? metadata : { ...metadata, resourceVersion },
    spec: { holderIdentity: by, leaseDurationSeconds: 15, acquireTime: renewTime, renewTime, leaseTransitions: 0 },
  };
}

const versionOf = (object: unknown): string => textAt(object as ApiObject, "metadata", "resourceVersion");

it("one of two candidates gets the Lease, renews it, and the other cannot take it with what it knew before", async () => {
  const { client } = cluster;
  expect((await client.get(lease)).status).toBe(404);
  const mine = await client.post(leases, held("a", "2026-01-01T00:00:00.000000Z"));
  expect(mine.status).toBe(201);
  expect(await client.post(leases, held("b", "2026-01-01T00:00:00.500000Z"))).toMatchObject({
    status: 409,
    body: { reason: "AlreadyExists" },
  });
  const seen = await client.get(lease);
  const renewed = await client.put(lease, held("a", "2026-01-01T00:00:02.000000Z", versionOf(mine.body)));
  expect(renewed).toMatchObject({ status: 200, body: { spec: { renewTime: "2026-01-01T00:00:02.000000Z" } } });
  expect(await client.put(lease, held("b", "2026-01-01T00:00:17.000000Z", versionOf(seen.body)))).toMatchObject({
    status: 409,
    body: { reason: "Conflict" },
  });
  // Once it has seen the newest and its time is up, it may.
  const taken = await client.put(lease, held("b", "2026-01-01T00:00:18.000000Z", versionOf(renewed.body)));
  expect(taken).toMatchObject({ status: 200, body: { spec: { holderIdentity: "b" } } });
});

it("whoever watches one Lease by its name hears each renewal of it, and nothing of the others", async () => {
  const { client } = cluster;
  const watch = await client.watch(`${leases}?fieldSelector=metadata.name%3Dkube-scheduler`);
  await client.post(leases, { ...held("x", "2026-01-01T00:00:00.000000Z"), metadata: { name: "other" } });
  const first = await client.post(leases, held("a", "2026-01-01T00:00:00.000000Z"));
  await client.put(lease, held("a", "2026-01-01T00:00:02.000000Z", versionOf(first.body)));
  expect((await watch.take(2)).map(summary)).toEqual(["ADDED kube-scheduler", "MODIFIED kube-scheduler"]);
  await client.delete(`${leases}/other`);
  await client.delete(lease);
  expect((await watch.take(1)).map(summary)).toEqual(["DELETED kube-scheduler"]);
});
