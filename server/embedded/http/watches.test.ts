import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { textAt } from "../storage/api-object.ts";
import { summary } from "../testing/api-client.ts";
import { aConfigMap, aPod, startTestCluster, type TestCluster } from "../testing/test-cluster.ts";

const maps = "/api/v1/namespaces/default/configmaps";
const pods = "/api/v1/namespaces/default/pods";

let cluster: TestCluster;

beforeEach(async () => {
  cluster = await startTestCluster({ historyWindow: 50, bookmarkIntervalMs: 60_000 });
});

afterEach(() => cluster.stop());

async function version(): Promise<string> {
  return textAt((await cluster.client.get(maps)).body, "metadata", "resourceVersion");
}

describe("WATCH", () => {
  it("replays what was written after the version, then goes on live", async () => {
    const { client } = cluster;
    await client.post(maps, aConfigMap("before"));
    const from = await version();
    await client.post(maps, aConfigMap("a"));
    await client.put(`${maps}/a`, aConfigMap("a", { x: "1" }));
    const watch = await client.watch(`${maps}?resourceVersion=${from}`);
    expect((await watch.take(2)).map(summary)).toEqual(["ADDED a", "MODIFIED a"]);
    const deleted = client.delete(`${maps}/a`);
    const [frame] = await watch.take(1);
    expect(frame).toMatchObject({ type: "DELETED", object: { kind: "ConfigMap", apiVersion: "v1", data: { x: "1" } } });
    await deleted;
    expect(frame?.object.metadata["resourceVersion"]).toBe(await version());
  });

  it.each(["", "resourceVersion=0"])("begins with what there is when asked from %j", async (query) => {
    await cluster.client.post(maps, aConfigMap("a"));
    const watch = await cluster.client.watch(`${maps}?${query}`);
    expect((await watch.take(1)).map(summary)).toEqual(["ADDED a"]);
    await cluster.client.post(maps, aConfigMap("b"));
    expect((await watch.take(1)).map(summary)).toEqual(["ADDED b"]);
  });

  it("streams a list, and marks its end by the annotated bookmark", async () => {
    await cluster.client.post(maps, aConfigMap("a"));
    await cluster.client.post(maps, aConfigMap("b"));
    const at = await version();
    const query = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    const watch = await cluster.client.watch(`${maps}?${query}`);
    const [a, b, end] = await watch.take(3);
    expect([a, b].map((frame) => frame && summary(frame))).toEqual(["ADDED a", "ADDED b"]);
    expect(end).toMatchObject({
      type: "BOOKMARK",
      object: {
        kind: "ConfigMap",
        metadata: { resourceVersion: at, annotations: { "k8s.io/initial-events-end": "true" } },
      },
    });
    await cluster.client.post(maps, aConfigMap("c"));
    expect((await watch.take(1)).map(summary)).toEqual(["ADDED c"]);
  });

  it("tells in a bookmark how far everything has got, also what was written elsewhere", async () => {
    const watch = await cluster.client.watch(`${maps}?resourceVersion=${await version()}&allowWatchBookmarks=true`);
    const silent = await cluster.client.watch(`${maps}?resourceVersion=${await version()}`);
    await cluster.client.post("/api/v1/namespaces", { metadata: { name: "elsewhere" } });
    const at = await version();
    await cluster.clock.advance(60_000);
    const [bookmark] = await watch.take(1);
    expect(bookmark).toMatchObject({ type: "BOOKMARK", object: { metadata: { resourceVersion: at } } });
    expect(bookmark?.object.metadata).not.toHaveProperty("annotations");
    await cluster.client.post(maps, aConfigMap("a"));
    expect((await silent.take(1)).map(summary)).toEqual(["ADDED a"]);
  });

  it("answers a compacted version with 410 as its one event", async () => {
    const from = await version();
    await cluster.client.post(maps, aConfigMap("a"));
    cluster.registry.storage.compact();
    const watch = await cluster.client.watch(`${maps}?resourceVersion=${from}`);
    expect(watch.status).toBe(200);
    expect(await watch.next()).toMatchObject({
      type: "ERROR",
      object: { kind: "Status", code: 410, reason: "Expired" },
    });
    expect(await watch.next()).toBeUndefined();
  });

  it("ends after its timeout, with a last bookmark", async () => {
    const at = await version();
    const watch = await cluster.client.watch(`${maps}?resourceVersion=${at}&timeoutSeconds=5&allowWatchBookmarks=true`);
    await cluster.clock.advance(5000);
    expect(await watch.next()).toMatchObject({ type: "BOOKMARK", object: { metadata: { resourceVersion: at } } });
    expect(await watch.next()).toBeUndefined();
  });

  it("turns moving into and out of a selection into ADDED and DELETED", async () => {
    const { client } = cluster;
    const from = await version();
    const selected = await client.watch(`${pods}?resourceVersion=${from}&fieldSelector=spec.nodeName%3D`);
    const labelled = await client.watch(`${pods}?resourceVersion=${from}&labelSelector=app%3Dweb`);
    await client.post(pods, aPod("a"));
    await client.patch(`${pods}/a`, "merge", { metadata: { labels: { app: "web" } } });
    await client.post(`${pods}/a/binding`, { target: { kind: "Node", name: "node-1" } });
    await client.patch(`${pods}/a`, "merge", { metadata: { labels: { app: "api" } } });
    const first = await selected.take(3);
    expect(first.map(summary)).toEqual(["ADDED a", "MODIFIED a", "DELETED a"]);
    // The state that was selected, under the version of the write that took it out.
    expect(first[2]?.object).not.toHaveProperty("spec.nodeName");
    const second = await labelled.take(3);
    expect(second.map(summary)).toEqual(["ADDED a", "MODIFIED a", "DELETED a"]);
    expect(Number(second[2]?.object.metadata["resourceVersion"])).toBeGreaterThan(
      Number(first[2]?.object.metadata["resourceVersion"]),
    );
  });

  it("shows one event under the names of both groups", async () => {
    const { client } = cluster;
    const events = "/apis/events.k8s.io/v1/namespaces/default/events";
    const regarding = { kind: "Pod", namespace: "default", name: "web-1" };
    const from = await version();
    const created = await client.post(events, { metadata: { name: "e" }, regarding, note: "0/1 nodes", reason: "F" });
    expect(created.status).toBe(201);
    const core = await client.watch(`/api/v1/events?resourceVersion=${from}&fieldSelector=involvedObject.name%3Dweb-1`);
    const group = await client.watch(`${events}?resourceVersion=${from}&fieldSelector=regarding.name%3Dweb-1`);
    expect((await core.next())?.object).toMatchObject({
      apiVersion: "v1",
      involvedObject: regarding,
      message: "0/1 nodes",
    });
    expect((await group.next())?.object).toMatchObject({
      apiVersion: "events.k8s.io/v1",
      regarding,
      note: "0/1 nodes",
    });
  });

  it("sends a table per event to who asks for tables, with the columns in the first", async () => {
    const watch = await cluster.client.watch(`${pods}?resourceVersion=0`, {
      accept: "application/json;as=Table;v=v1;g=meta.k8s.io",
    });
    await cluster.client.post(pods, aPod("a"));
    await cluster.client.post(pods, aPod("b"));
    const [a, b] = await watch.take(2);
    expect(a?.object).toMatchObject({
      kind: "Table",
      rows: [{ cells: ["a", "0/1", "Pending", "0", "0s", "<none>", "<none>", "<none>", "<none>"] }],
    });
    expect(a?.object["columnDefinitions"]).not.toBeNull();
    expect(b?.object["columnDefinitions"]).toBeNull();
  });

  it("cuts off a watcher that does not read, and nobody else", async () => {
    const { client, registry } = cluster;
    const from = await version();
    const slow = await client.watch(`${maps}?resourceVersion=${from}`);
    const other = await client.watch(`${pods}?resourceVersion=${from}`);
    await client.post(maps, aConfigMap("a"));
    const text = "x".repeat(200_000);
    const table = registry.storage.table("configmaps");
    const stored = table.get("default/a");
    if (stored === undefined) throw new Error("the map was just created");
    for (let round = 0; round < 40; round++) {
      for (let count = 0; count < 20; count++) {
        table.put("default/a", { ...stored.object, data: { text, count: `${round} ${count}` } });
      }
      await cluster.clock.settle();
    }
    let frames = 0;
    while ((await slow.next()) !== undefined) frames++;
    expect(frames).toBeLessThan(801);
    await client.post(pods, aPod("b"));
    expect((await other.take(1)).map(summary)).toEqual(["ADDED b"]);
  });
});
