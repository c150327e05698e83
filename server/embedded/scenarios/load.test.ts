import { afterEach, describe, expect, it } from "vitest";
import { LocalClient } from "../api/local-client.ts";
import { lookup, textAt } from "../storage/api-object.ts";
import { startTestCluster, type TestCluster } from "../testing/test-cluster.ts";
import type { ScenarioName } from "./scenarios.ts";

let cluster: TestCluster;
let objects: LocalClient;

afterEach(() => cluster.stop());

async function play(scenario: ScenarioName): Promise<void> {
  cluster = await startTestCluster({ scenario });
  objects = new LocalClient(cluster.registry);
}

describe("churn", () => {
  it("writes 200 times a second, whatever the timer does, and keeps its pods", async () => {
    await play("churn");
    await cluster.clock.advance(5000);
    let writes = 0;
    const undo = objects.subscribe("pods", () => void writes++);
    await cluster.clock.advance(10_000);
    undo();
    // A pod that came back is started by its kubelet, which is a write of its own.
    expect(writes).toBeGreaterThanOrEqual(1990);
    expect(writes).toBeLessThan(2300);
    expect(objects.count("pods")).toBeGreaterThan(350);
  });
});

describe("410-storm", () => {
  it("cuts every watch every few seconds, and refuses the version that it had reached", async () => {
    await play("410-storm");
    const { client, clock } = cluster;
    const list = await client.get("/api/v1/pods");
    const version = textAt(list.body, "metadata", "resourceVersion");
    const path = `/api/v1/nodes?resourceVersion=${version}&allowWatchBookmarks=true`;
    const watch = await client.watch(path);
    const ended = watch.next();
    await clock.advance(5500);
    expect(await ended).toBeUndefined();
    const again = await client.watch(path);
    expect((await again.next())?.object).toMatchObject({ code: 410, reason: "Expired" });
    expect((await client.get("/api/v1/pods")).status).toBe(200);
  });
});

describe("head-of-line", () => {
  it("has another pod wait when the one that waited was placed", async () => {
    await play("head-of-line");
    const ref = { plural: "pods", namespace: "queued", name: "queued" };
    const first = objects.get(ref)?.metadata.uid;
    await cluster.client.post("/api/v1/namespaces/queued/pods/queued/binding", { target: { name: "queued-1" } });
    await cluster.clock.advance(1500);
    expect(objects.get(ref)?.metadata.uid).not.toBe(first);
    expect(textAt(objects.get(ref) ?? {}, "spec", "nodeName")).toBe("");
  });

  it("has always more pods ahead of the one that waits, and sweeps away those that are done", async () => {
    await play("head-of-line");
    const { client, clock } = cluster;
    const ahead = () =>
      [...objects.list("pods")].filter(
        (pod) => lookup(pod, "spec", "priority") === 1000 && textAt(pod, "spec", "nodeName") === "",
      );
    await clock.advance(1000);
    for (let round = 0; round < 5; round++) {
      expect(ahead().length).toBeGreaterThan(10);
      for (const { metadata } of ahead().slice(0, 10)) {
        const path = `/api/v1/namespaces/queued/pods/${metadata.name ?? ""}/binding`;
        expect((await client.post(path, { target: { name: "queued-1" } })).status).toBe(201);
      }
      await clock.advance(6000);
    }
    expect(objects.count("pods")).toBeLessThan(60);
    expect(textAt(objects.get({ plural: "pods", namespace: "queued", name: "queued" }) ?? {}, "spec", "nodeName")).toBe(
      "",
    );
  });
});
