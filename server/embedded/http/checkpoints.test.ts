import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { textAt } from "../storage/api-object.ts";
import { summary } from "../testing/api-client.ts";
import { aConfigMap, aPod, startTestCluster, type TestCluster } from "../testing/test-cluster.ts";

const maps = "/api/v1/namespaces/default/configmaps";
const pods = "/api/v1/namespaces/default/pods";
const checkpoints = "/apis/embedded.kube-inflight.dev/v1/checkpoints";

let cluster: TestCluster;

beforeEach(async () => {
  cluster = await startTestCluster();
});

afterEach(() => cluster.stop());

async function take(): Promise<string> {
  const { status, body } = await cluster.client.post(checkpoints, {});
  expect(status).toBe(201);
  return textAt(body, "name");
}

async function restore(name: string): Promise<number> {
  const { status, body } = await cluster.client.post(`${checkpoints}/${name}/restore`, {});
  expect(status).toBe(201);
  return Number(textAt(body, "resourceVersion"));
}

async function objects(path: string) {
  const { body } = await cluster.client.get(path);
  const items = body["items"] as readonly {
    readonly metadata: Readonly<Record<string, string>>;
    readonly data?: unknown;
  }[];
  return { version: Number(textAt(body, "metadata", "resourceVersion")), items };
}

describe("a checkpoint", () => {
  it("brings back what was changed, deleted and added since, at a new version", async () => {
    const { client } = cluster;
    await client.post(maps, aConfigMap("changed", { x: "old" }));
    await client.post(maps, aConfigMap("deleted", { x: "here" }));
    const before = await objects(maps);
    const name = await take();
    await client.put(`${maps}/changed`, aConfigMap("changed", { x: "new" }));
    await client.delete(`${maps}/deleted`);
    await client.post(maps, aConfigMap("added"));
    const changedAt = (await objects(maps)).version;
    const version = await restore(name);
    expect(version).toBeGreaterThan(changedAt);
    const after = await objects(maps);
    expect(after.version).toBeGreaterThanOrEqual(version);
    const told = ({ items }: typeof before) =>
      items.map(({ metadata, data }) => [metadata["name"], metadata["uid"], data]);
    expect(told(after)).toEqual(told(before));
    for (const { metadata } of after.items) expect(Number(metadata["resourceVersion"])).toBeGreaterThan(changedAt);
  });

  it("leaves alone what did not change", async () => {
    await cluster.client.post(maps, aConfigMap("a"));
    const before = await objects(maps);
    await restore(await take());
    const after = await objects(maps);
    expect(after.items).toEqual(before.items);
    expect(after.version).toBeGreaterThan(before.version);
  });

  it("that is gone back to ends every watch with 410, and older versions are gone", async () => {
    const { client } = cluster;
    await client.post(maps, aConfigMap("a"));
    const { version } = await objects(maps);
    const name = await take();
    const open = [
      await client.watch(`${maps}?resourceVersion=${version}`),
      await client.watch(`${pods}?resourceVersion=0`),
    ];
    await restore(name);
    for (const watch of open) {
      expect(await watch.next()).toMatchObject({ type: "ERROR", object: { code: 410, reason: "Expired" } });
      expect(await watch.next()).toBeUndefined();
    }
    const late = await client.watch(`${maps}?resourceVersion=${version}`);
    expect(await late.next()).toMatchObject({ type: "ERROR", object: { code: 410 } });
    const again = await client.watch(`${maps}?resourceVersion=0`);
    expect((await again.take(1)).map(summary)).toEqual(["ADDED a"]);
    await client.post(maps, aConfigMap("b"));
    expect((await again.take(1)).map(summary)).toEqual(["ADDED b"]);
  });

  it("can be gone back to from both sides, again and again", async () => {
    const { client } = cluster;
    const without = await take();
    await client.post(maps, aConfigMap("a"));
    const withIt = await take();
    const names = async () => (await objects(maps)).items.map(({ metadata }) => metadata["name"]);
    for (let time = 0; time < 3; time++) {
      await restore(without);
      expect(await names()).toEqual([]);
      await restore(withIt);
      expect(await names()).toEqual(["a"]);
    }
  });

  it("from before a pod was bound leaves it without a node, and nobody starts it", async () => {
    const { client, clock } = cluster;
    await client.post("/api/v1/nodes", { metadata: { name: "n1" } });
    await client.post(pods, aPod("p"));
    const name = await take();
    const target = { apiVersion: "v1", kind: "Node", name: "n1" };
    const bound = await client.post(`${pods}/p/binding`, { metadata: { name: "p" }, target });
    expect(bound.status).toBe(201);
    await clock.advance(100);
    await restore(name);
    await clock.advance(60_000);
    const { body } = await client.get(`${pods}/p`);
    expect([textAt(body, "spec", "nodeName"), textAt(body, "status", "phase")]).toEqual(["", "Pending"]);
  });

  it("brings back the definitions that there were, with what they serve", async () => {
    const { client } = cluster;
    const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
    const definition = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "kites.example.com" },
      spec: {
        group: "example.com",
        scope: "Namespaced",
        names: { plural: "kites", kind: "Kite" },
        versions: [{ name: "v1", served: true, storage: true, schema }],
      },
    };
    const kites = "/apis/example.com/v1/namespaces/default/kites";
    const statusOf = async () => (await client.get(kites)).status;
    const without = await take();
    expect((await client.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition)).status).toBe(201);
    expect((await client.post(kites, { metadata: { name: "red" } })).status).toBe(201);
    const withIt = await take();
    await restore(without);
    expect(await statusOf()).toBe(404);
    await restore(withIt);
    expect(await statusOf()).toBe(200);
    expect((await objects(kites)).items.map(({ metadata }) => metadata["name"])).toEqual(["red"]);
  });

  it("that is released cannot be gone back to, and releasing it again does no harm", async () => {
    const name = await take();
    for (let time = 0; time < 2; time++) {
      expect((await cluster.client.delete(`${checkpoints}/${name}`)).status).toBe(200);
    }
    expect((await cluster.client.post(`${checkpoints}/${name}/restore`, {})).status).toBe(404);
  });

  it.each([
    ["POST", `${checkpoints}/99/restore`, 404],
    ["GET", checkpoints, 405],
    ["POST", `${checkpoints}/1`, 405],
    ["POST", `${checkpoints}/1/rest`, 404],
    ["POST", "/apis/embedded.kube-inflight.dev/v2/checkpoints", 404],
  ])("is not %s %s", async (method, path, code) => {
    const { status, body } = await cluster.client.ask(method, path);
    expect([status, body["kind"]]).toEqual([code, "Status"]);
  });
});
