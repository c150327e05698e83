import { afterEach, describe, expect, it } from "vitest";
import { LocalClient } from "../api/local-client.ts";
import { textAt } from "../storage/api-object.ts";
import { startTestCluster, type TestCluster } from "../testing/test-cluster.ts";

const namespace = "missed-event";
const roomName = "missed-event-2";

let cluster: TestCluster;
let objects: LocalClient;

afterEach(() => cluster.stop());

async function play(scenario: "small" | "empty" = "small"): Promise<void> {
  cluster = await startTestCluster({ scenario, losesEvents: true });
  objects = new LocalClient(cluster.registry);
}

const names = () =>
  [...objects.list("pods")].flatMap(({ metadata }) => (metadata.namespace === namespace ? [metadata.name ?? ""] : []));
const heroes = () => names().filter((name) => name.startsWith("ranker"));
const hasRoom = () => objects.get({ plural: "nodes", namespace: "", name: roomName }) !== undefined;

/** As a scheduler does whose attempt has failed. */
function report(pods: readonly string[]): void {
  const status = { conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] };
  for (const name of pods) objects.patchIfPresent({ plural: "pods", namespace, name }, { status }, "status");
}

describe("the play of a lost event", () => {
  it("helps once all elders are back: then a hero is in flight in their place", async () => {
    await play();
    await cluster.clock.advance(3_100);
    const elders = names().filter((name) => name.startsWith("elder"));
    expect([elders.length, heroes().length, hasRoom()]).toEqual([6, 3, false]);
    await cluster.clock.advance(1_000);
    report(elders.slice(1));
    await cluster.clock.advance(1_000);
    expect(hasRoom()).toBe(false);
    report(elders.slice(0, 1));
    await cluster.clock.advance(100);
    expect(hasRoom()).toBe(true);
    await cluster.clock.advance(3_000);
    expect(names()).toEqual(heroes());
  });

  it("stays as it is while a hero waits, and begins anew once all were tried again", async () => {
    await play();
    await cluster.clock.advance(30_000);
    const before = heroes();
    expect(before).toHaveLength(3);
    await cluster.clock.advance(60_000);
    expect(heroes()).toEqual(before);
    for (const name of before) {
      const target = { kind: "Node", name: roomName };
      const answer = await cluster.client.post(`/api/v1/namespaces/${namespace}/pods/${name}/binding`, { target });
      expect(answer.status).toBe(201);
    }
    await cluster.clock.advance(6_500);
    const pods = [...objects.list("pods")].filter(({ metadata }) => metadata.namespace === namespace);
    expect(pods).toHaveLength(9);
    expect(pods.every((pod) => textAt(pod, "spec", "nodeName") === "")).toBe(true);
    expect(hasRoom()).toBe(false);
  });

  it("is not for an empty cluster", async () => {
    await play("empty");
    await cluster.clock.advance(10_000);
    expect(objects.count("pods")).toBe(0);
  });
});
