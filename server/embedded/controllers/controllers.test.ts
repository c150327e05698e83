import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalClient } from "../api/local-client.ts";
import { listAt, lookup, textAt } from "../storage/api-object.ts";
import { aPod, startTestCluster, type TestCluster } from "../testing/test-cluster.ts";
import { runSecondsAnnotation } from "./kubelet.ts";

let cluster: TestCluster;
let objects: LocalClient;

beforeEach(async () => {
  cluster = await startTestCluster();
  objects = new LocalClient(cluster.registry);
});

afterEach(() => cluster.stop());

const minuteMs = 60_000;

describe("controllers", () => {
  it("forget events after an hour", async () => {
    const create = (name: string) => objects.create("events", { metadata: { name, namespace: "default" } });
    create("old");
    await cluster.clock.advance(30 * minuteMs);
    create("new");
    await cluster.clock.advance(31 * minuteMs);
    expect([...objects.list("events")].map(({ metadata }) => metadata.name)).toEqual(["new"]);
  });

  it("finish a pod that says how long it runs, and let one run on that restarts", async () => {
    const metadata = { namespace: "default", annotations: { [runSecondsAnnotation]: "5" } };
    for (const restartPolicy of ["Never", "Always"]) {
      const name = restartPolicy.toLowerCase();
      const spec = { restartPolicy, nodeName: "node-1" };
      objects.create("pods", { ...aPod(name, { spec }), metadata: { ...metadata, name } });
    }
    const phases = () => [...objects.list("pods")].map((pod) => textAt(pod, "status", "phase"));
    expect(phases()).toEqual(["Pending", "Pending"]);
    await cluster.clock.advance(1600);
    expect(phases()).toEqual(["Running", "Running"]);
    await cluster.clock.advance(5000);
    expect(phases()).toEqual(["Succeeded", "Running"]);
  });

  it("make the claims that pods have templates for, and take devices from those that nobody uses any more", async () => {
    const namespace = "default";
    objects.create("resourceclaimtemplates", { metadata: { name: "gpu", namespace }, spec: { spec: { devices: {} } } });
    const spec = {
      resourceClaims: [
        { name: "c", resourceClaimTemplateName: "gpu" },
        { name: "d", resourceClaimName: "shared" },
      ],
    };
    objects.create("resourceclaims", { metadata: { name: "shared", namespace }, spec: {} });
    const { metadata } = objects.create("pods", { ...aPod("p", { spec }), metadata: { name: "p", namespace } });
    await cluster.clock.advance(500);
    const pod = { plural: "pods", namespace, name: "p" };
    const [made] = listAt(objects.get(pod) ?? {}, "status", "resourceClaimStatuses");
    expect(made).toEqual({ name: "c", resourceClaimName: expect.stringMatching(/^p-c-/) });
    const shared = { plural: "resourceclaims", namespace, name: "shared" };
    const reservedFor = [{ resource: "pods", name: "p", uid: metadata.uid ?? "" }];
    objects.patchIfPresent(shared, { status: { allocation: { devices: {} }, reservedFor } }, "status");
    await cluster.clock.advance(500);
    expect(lookup(objects.get(shared) ?? {}, "status", "allocation")).toEqual({ devices: {} });
    objects.removeForGood(pod);
    await cluster.clock.advance(1_500);
    expect(lookup(objects.get(shared) ?? {}, "status", "allocation")).toBeUndefined();
    expect([...objects.list("resourceclaims")].map((each) => each.metadata.name)).toEqual(["shared"]);
  });

  it("give the numbers of a StatefulSet's pods to those that replace them", async () => {
    const template = { metadata: { labels: { app: "kafka" } }, spec: { containers: [{ name: "a", image: "b" }] } };
    const metadata = { name: "kafka", namespace: "default" };
    objects.create("statefulsets", {
      metadata,
      spec: { replicas: 3, selector: { matchLabels: { app: "kafka" } }, template },
    });
    await cluster.clock.advance(500);
    const pod = { plural: "pods", namespace: "default", name: "kafka-1" };
    const uid = objects.get(pod)?.metadata.uid;
    objects.deleteIfPresent(pod);
    await cluster.clock.advance(500);
    const names = [...objects.list("pods")].map(({ metadata }) => metadata.name ?? "").sort();
    expect(names).toEqual(["kafka-0", "kafka-1", "kafka-2"]);
    expect(objects.get(pod)?.metadata.uid).not.toBe(uid);
  });

  it("start a ReplicaSet for each template of a Deployment, and empty the one before", async () => {
    const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "a", image: "b:1" }] } };
    const ref = { plural: "deployments", namespace: "default", name: "web" };
    const spec = { replicas: 2, selector: { matchLabels: { app: "web" } }, template };
    objects.create("deployments", { metadata: { name: "web", namespace: "default" }, spec });
    await cluster.clock.advance(500);
    objects.patchIfPresent(ref, { spec: { template: { spec: { containers: [{ name: "a", image: "b:2" }] } } } });
    await cluster.clock.advance(500);
    const images = [...objects.list("pods")].map((pod) => JSON.stringify(pod["spec"]).includes('"b:2"'));
    expect(images).toEqual([true, true]);
    expect([...objects.list("replicasets")].map((set) => textAt(set, "spec", "replicas"))).toEqual(["0", "2"]);
  });
});
