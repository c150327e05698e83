import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "#lib/protocol/index.ts";
import { listAt, lookup } from "../storage/api-object.ts";
import { aPod, startTestCluster, type TestCluster } from "../testing/test-cluster.ts";

const pods = "/api/v1/namespaces/default/pods";
const budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";

let cluster: TestCluster;

beforeEach(async () => {
  cluster = await startTestCluster();
});

afterEach(() => cluster.stop());

const evict = (name: string) => cluster.client.post(`${pods}/${name}/eviction`, { metadata: { name } });

async function running(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await cluster.client.post(pods, aPod(name, { metadata: { labels: { app: "web" } }, spec: { nodeName: "node-1" } }));
  }
  await cluster.clock.advance(2000);
}

async function budget(name: string, spec: JsonObject): Promise<void> {
  const selector = { matchLabels: { app: "web" } };
  expect((await cluster.client.post(budgets, { metadata: { name }, spec: { selector, ...spec } })).status).toBe(201);
}

describe("eviction", () => {
  it("deletes a pod that no budget speaks of, with the preconditions of a deletion", async () => {
    await running("a");
    const deleteOptions = { preconditions: { uid: "other" } };
    const other = await cluster.client.post(`${pods}/a/eviction`, { metadata: { name: "a" }, deleteOptions });
    expect(other.status).toBe(409);
    expect(await evict("a")).toMatchObject({ status: 201, body: { status: "Success" } });
    expect(lookup((await cluster.client.get(`${pods}/a`)).body, "metadata", "deletionGracePeriodSeconds")).toBe(30);
    await cluster.clock.advance(2000);
    expect((await evict("a")).status).toBe(404);
  });

  it.each<[string, JsonObject]>([
    ["as many as are needed", { minAvailable: 2 }],
    ["as many as may be missing", { maxUnavailable: 1 }],
    ["a share", { minAvailable: "60%" }],
  ])("keeps %s", async (_, spec) => {
    await running("a", "b", "c");
    await budget("web", spec);
    expect((await evict("a")).status).toBe(201);
    if (spec["minAvailable"] !== 2) return;
    const refused = await evict("b");
    expect(refused).toMatchObject({ status: 429, body: { reason: "TooManyRequests" } });
    expect(listAt(refused.body, "details", "causes")).toEqual([
      {
        reason: "DisruptionBudget",
        message: "The disruption budget web needs 2 healthy pods and has 2 currently",
      },
    ]);
    expect((await cluster.client.get(`${pods}/b`)).status).toBe(200);
  });

  it("lets a pod go that does not run, and cannot decide between two budgets", async () => {
    await running("a");
    await cluster.client.post(pods, aPod("waiting", { metadata: { labels: { app: "web" } } }));
    await budget("web", { minAvailable: 1 });
    expect((await evict("waiting")).status).toBe(201);
    expect((await evict("a")).status).toBe(429);
    await budget("second", { minAvailable: 0 });
    expect((await evict("a")).status).toBe(500);
  });

  it("is what discovery says that kubectl drain may use", async () => {
    const { body } = await cluster.client.get("/api/v1");
    const found = listAt(body, "resources").find(({ name }) => name === "pods/eviction");
    expect(found).toMatchObject({ group: "policy", version: "v1", kind: "Eviction", verbs: ["create"] });
  });
});

describe("a token review", () => {
  const path = "/apis/authentication.k8s.io/v1/tokenreviews";

  it("knows the one token, and no other", async () => {
    const { client } = cluster;
    const token = /token: "?([^"\n]+)/.exec(cluster.kubeconfig)?.[1] ?? "";
    const ours = await client.post(path, { spec: { token } });
    expect(ours).toMatchObject({ status: 201, body: { kind: "TokenReview", status: { authenticated: true } } });
    expect(lookup(ours.body, "status", "user", "username")).toBe("kube-inflight");
    for (const other of ["", `${token}x`]) {
      const { body } = await client.post(path, { spec: { token: other } });
      expect(lookup(body, "status", "authenticated")).toBe(false);
    }
  });
});

describe("deletion of a collection", () => {
  it("names a namespace, as upstream wants it", async () => {
    await running("a");
    expect((await cluster.client.delete("/api/v1/pods")).status).toBe(405);
    const only = await cluster.client.delete(`${pods}?fieldSelector=metadata.name%3Db`);
    expect(listAt(only.body, "items")).toEqual([]);
    expect((await cluster.client.delete(`${pods}?dryRun=All`)).status).toBe(200);
    expect((await cluster.client.get(`${pods}/a`)).status).toBe(200);
    await cluster.client.delete(pods);
    await cluster.clock.advance(2000);
    expect((await cluster.client.get(`${pods}/a`)).status).toBe(404);
  });
});
