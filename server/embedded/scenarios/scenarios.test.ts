import { afterEach, describe, expect, it } from "vitest";
import { podOfScenario, scenarioName } from "#lib/protocol/index.ts";
import { LocalClient } from "../api/local-client.ts";
import { listAt, textAt, type ApiObject } from "../storage/api-object.ts";
import { startTestCluster, type TestCluster } from "../testing/test-cluster.ts";
import type { ScenarioName } from "./scenarios.ts";

let cluster: TestCluster;
let objects: LocalClient;

async function play(scenario: ScenarioName, seed = 1): Promise<void> {
  cluster = await startTestCluster({ scenario, seed });
  objects = new LocalClient(cluster.registry);
}

afterEach(() => cluster.stop());

const pods = (namespace?: string) =>
  [...objects.list("pods")].filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace);
const phase = (pod: ApiObject) => textAt(pod, "status", "phase");

async function bind(pod: ApiObject, node: string): Promise<void> {
  const { namespace = "", name = "" } = pod.metadata;
  const target = { kind: "Node", name: node };
  const answer = await cluster.client.post(`/api/v1/namespaces/${namespace}/pods/${name}/binding`, { target });
  expect(answer.status).toBe(201);
}

describe("every scenario", () => {
  const told = scenarioName.options.filter((name) => podOfScenario(name) !== undefined);

  it.each(told)("%s has the pod that it is about, and it waits", async (name) => {
    await play(name);
    const pod = objects.get({ plural: "pods", namespace: "", name: "", ...podOfScenario(name) });
    expect(pod && phase(pod)).toBe("Pending");
  });

  it("leaves nothing to the next one", async () => {
    await play("empty");
    const standing = () =>
      objects.plurals().flatMap((plural) => [...objects.list(plural)].map(({ metadata }) => metadata.uid));
    const before = standing();
    for (const name of scenarioName.options.filter((each) => each !== "large")) {
      cluster.setScenario(name);
      await cluster.clock.advance(300);
    }
    cluster.setScenario("empty");
    expect(standing()).toEqual(before);
  });
});

describe("small", () => {
  it("is five nodes and seven pods, and nothing happens by itself", async () => {
    await play("small");
    await cluster.clock.advance(1000);
    expect(objects.count("nodes")).toBe(5);
    expect(pods()).toHaveLength(7);
    const version = cluster.registry.storage.resourceVersion;
    await cluster.clock.advance(60_000);
    expect(cluster.registry.storage.resourceVersion).toBe(version);
  });

  it("runs a pod soon after it was bound, and replaces one that is deleted", async () => {
    await play("small");
    await cluster.clock.advance(1000);
    const [pod] = pods().filter(({ metadata }) => metadata.labels?.["app"] === "web");
    if (pod === undefined) throw new Error("no web pod");
    await bind(pod, "node-1");
    await cluster.clock.advance(2000);
    const ref = { plural: "pods", namespace: "default", name: pod.metadata.name ?? "" };
    const running = objects.get(ref);
    expect(running && phase(running)).toBe("Running");
    expect(listAt(running ?? pod, "status", "conditions").map(({ type }) => type)).toContain("Ready");
    await cluster.client.delete(`/api/v1/namespaces/default/pods/${ref.name}`);
    await cluster.clock.advance(1000);
    expect(objects.get(ref)).toBeUndefined();
    expect(pods()).toHaveLength(7);
  });

  it("scales a deployment with its pods, and takes them along when it goes", async () => {
    await play("small");
    await cluster.clock.advance(1000);
    const path = "/apis/apps/v1/namespaces/default/deployments/web";
    await cluster.client.patch(path, "merge", { spec: { replicas: 1 } });
    await cluster.clock.advance(1000);
    expect(pods()).toHaveLength(4);
    await cluster.client.delete(path);
    await cluster.clock.advance(1000);
    expect(pods()).toHaveLength(3);
    expect(objects.count("replicasets")).toBe(2);
  });
});

describe("busy", () => {
  it("is 46 nodes, some of them closed to most pods, and a few thousand pods", async () => {
    await play("busy");
    await cluster.clock.advance(3000);
    expect(objects.count("nodes")).toBe(46);
    expect(pods().length).toBeGreaterThan(2000);
    const gated = pods().filter((pod) => listAt(pod, "spec", "schedulingGates").length > 0);
    expect(gated.length).toBeGreaterThanOrEqual(45);
    expect(new Set(pods().map(({ spec }) => textAt({ spec }, "spec", "priority"))).size).toBeGreaterThan(3);
    for (const namespace of ["shop", "batch", "train", "ml-serving", "web", "data", "ops", "ci"]) {
      expect(pods(namespace).length).toBeGreaterThan(0);
    }
  });

  it("never stands still: pods come and go, nodes change, and nothing grows without end", async () => {
    await play("busy");
    await cluster.clock.advance(5000);
    const before = new Set(pods().map(({ metadata }) => metadata.uid));
    const nodeVersions = [...objects.list("nodes")].map(({ metadata }) => metadata.resourceVersion);
    await cluster.clock.advance(60_000);
    const after = pods().map(({ metadata }) => metadata.uid);
    expect(after.filter((uid) => !before.has(uid)).length).toBeGreaterThan(100);
    expect([...objects.list("nodes")].map(({ metadata }) => metadata.resourceVersion)).not.toEqual(nodeVersions);
    await cluster.clock.advance(120_000);
    expect(pods().length).toBeLessThan(4000);
  });

  it("plays the same for the same seed", async () => {
    const seen: string[] = [];
    for (const seed of [7, 7, 8]) {
      await play("busy", seed);
      await cluster.clock.advance(5000);
      seen.push(
        pods()
          .map(({ metadata }) => `${metadata.name} ${metadata.uid}`)
          .sort()
          .join("\n"),
      );
      if (seen.length < 3) await cluster.stop();
    }
    expect(seen[0]).toBe(seen[1]);
    expect(seen[0]).not.toBe(seen[2]);
  });

  it("finishes the pods of a job, then the job, and cleans up behind it", async () => {
    await play("busy");
    await cluster.clock.advance(2000);
    const [job] = [...objects.list("jobs")].filter(({ metadata }) => metadata.name === "runner-quota");
    const ofJob = () => pods("ci").filter(({ metadata }) => metadata.ownerReferences?.[0]?.uid === job?.metadata.uid);
    for (const pod of ofJob()) {
      await cluster.client.patch(`/api/v1/namespaces/ci/pods/${pod.metadata.name ?? ""}`, "merge", {
        spec: { schedulingGates: null },
      });
      await bind(pod, "gp-eu1a-01");
    }
    await cluster.clock.advance(45_000);
    expect(ofJob().map(phase)).toEqual(Array.from({ length: 4 }, () => "Succeeded"));
    await cluster.clock.advance(15_000);
    expect(ofJob()).toEqual([]);
    expect(objects.get({ plural: "jobs", namespace: "ci", name: "runner-quota" })).toBeUndefined();
  });
});
