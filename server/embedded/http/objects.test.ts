import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listAt, lookup, textAt } from "../storage/api-object.ts";
import { aConfigMap, aPod, startTestCluster, type TestCluster } from "../testing/test-cluster.ts";

const maps = "/api/v1/namespaces/default/configmaps";
const pods = "/api/v1/namespaces/default/pods";

let cluster: TestCluster;

beforeEach(async () => {
  cluster = await startTestCluster();
});

afterEach(() => cluster.stop());

describe("create", () => {
  it("gives uid, version, time and the defaults of a pod", async () => {
    const { status, body } = await cluster.client.post(pods, aPod("a"));
    expect(status).toBe(201);
    expect(body).toMatchObject({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a", namespace: "default", generation: 1 },
      spec: { schedulerName: "default-scheduler", priority: 0, restartPolicy: "Always" },
      status: { phase: "Pending", qosClass: "BestEffort" },
    });
    expect(textAt(body, "metadata", "uid")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(Date.parse(textAt(body, "metadata", "creationTimestamp"))).toBeLessThanOrEqual(cluster.clock.now());
    expect(lookup(body, "status", "conditions")).toBeUndefined();
  });

  it("makes up the end of a name, another one each time", async () => {
    const body = { ...aPod(""), metadata: { generateName: "web-" } };
    const names = [await cluster.client.post(pods, body), await cluster.client.post(pods, body)];
    const [a = "", b = ""] = names.map((answer) => textAt(answer.body, "metadata", "name"));
    expect(a).toMatch(/^web-[a-z0-9]{5}$/);
    expect(b).not.toBe(a);
  });

  it("marks a pod with gates as gated, and takes the priority of its class", async () => {
    await cluster.client.post("/apis/scheduling.k8s.io/v1/priorityclasses", { metadata: { name: "high" }, value: 9 });
    const spec = { schedulingGates: [{ name: "example.com/g" }], priorityClassName: "high" };
    const { body } = await cluster.client.post(pods, aPod("a", { spec }));
    expect(body).toMatchObject({ spec: { priority: 9 } });
    expect(listAt(body, "status", "conditions")).toMatchObject([
      { type: "PodScheduled", status: "False", reason: "SchedulingGated" },
    ]);
  });

  it("stores nothing on a dry run", async () => {
    expect((await cluster.client.post(`${maps}?dryRun=All`, aConfigMap("a"))).status).toBe(201);
    expect((await cluster.client.get(`${maps}/a`)).status).toBe(404);
  });
});

describe("refusals", () => {
  it.each([
    ["an unknown name", "GET", `${maps}/x`, undefined, 404, "NotFound"],
    ["an unknown namespace", "POST", "/api/v1/namespaces/nope/pods", aPod("a"), 404, "NotFound"],
    ["an unknown resource", "GET", "/api/v1/widgets", undefined, 404, "NotFound"],
    ["an unknown path", "GET", "/secret", undefined, 404, "NotFound"],
    ["an unknown subresource", "GET", `${maps}/x/status`, undefined, 404, "NotFound"],
    ["an unknown method", "POST", `${maps}/x`, aConfigMap("x"), 405, "MethodNotAllowed"],
    ["an existing name", "POST", "/api/v1/namespaces", { metadata: { name: "default" } }, 409, "AlreadyExists"],
    ["no name", "POST", maps, { metadata: {} }, 422, "Invalid"],
    ["an impossible name", "POST", maps, aConfigMap("Not_A_Name"), 422, "Invalid"],
    ["a pod without containers", "POST", pods, { metadata: { name: "a" }, spec: {} }, 422, "Invalid"],
    ["another kind", "POST", maps, { ...aConfigMap("a"), kind: "Secret" }, 400, "BadRequest"],
    ["another namespace", "POST", maps, { metadata: { name: "a", namespace: "b" } }, 400, "BadRequest"],
    ["a version at creation", "POST", maps, { metadata: { name: "a", resourceVersion: "1" } }, 400, "BadRequest"],
    ["an unknown class", "POST", pods, aPod("a", { spec: { priorityClassName: "x" } }), 403, "Forbidden"],
    ["default, to be deleted", "DELETE", "/api/v1/namespaces/default", undefined, 403, "Forbidden"],
  ])("%s: %s %s", async (_, method, path, body, code, reason) => {
    const answer = await cluster.client.ask(method, path, body === undefined ? {} : { body });
    expect(answer.status).toBe(code);
    expect(answer.body).toMatchObject({ kind: "Status", apiVersion: "v1", status: "Failure", code, reason });
    expect(textAt(answer.body, "message")).not.toBe("");
  });

  it("names what an error is about as the real server does", async () => {
    const missing = await cluster.client.get("/apis/coordination.k8s.io/v1/namespaces/default/leases/x");
    expect(missing.body).toMatchObject({
      message: 'leases.coordination.k8s.io "x" not found',
      details: { name: "x", group: "coordination.k8s.io", kind: "leases" },
    });
    const invalid = await cluster.client.post(pods, { metadata: { name: "a" }, spec: {} });
    expect(invalid.body).toMatchObject({
      message: 'Pod "a" is invalid: spec.containers: Required value',
      details: { causes: [{ reason: "FieldValueRequired", field: "spec.containers" }] },
    });
  });

  it.each([
    ["protobuf", "application/vnd.kubernetes.protobuf", "POST", maps],
    ["protobuf as a patch", "application/vnd.kubernetes.protobuf", "PATCH", `${maps}/kept`],
    ["plain JSON as a patch", "application/json", "PATCH", `${maps}/kept`],
  ])("%s is 415", async (_, type, method, path) => {
    await cluster.client.post(maps, aConfigMap("kept"));
    const answer = await cluster.client.ask(method, path, { body: "k8s", headers: { "content-type": type } });
    expect(answer).toMatchObject({ status: 415, body: { reason: "UnsupportedMediaType" } });
  });

  it("a body beyond 3 MiB is 413", async () => {
    const answer = await cluster.client.post(maps, aConfigMap("a", { x: "x".repeat(3 * 1024 * 1024) }));
    expect(answer).toMatchObject({ status: 413, body: { reason: "RequestEntityTooLarge" } });
  });

  it("a body that is no JSON is 400", async () => {
    expect((await cluster.client.ask("POST", maps, { body: "{" })).status).toBe(400);
  });
});

describe("update", () => {
  it("refuses a version that is not the newest, and another uid", async () => {
    const { client } = cluster;
    const created = await client.post(maps, aConfigMap("a"));
    await client.put(`${maps}/a`, aConfigMap("a", { x: "1" }));
    const stale = await client.put(`${maps}/a`, created.body);
    expect(stale).toMatchObject({
      status: 409,
      body: { reason: "Conflict", details: { kind: "configmaps", name: "a" } },
    });
    const other = await client.put(`${maps}/a`, { metadata: { name: "a", uid: "other" } });
    expect(other).toMatchObject({ status: 409, body: { reason: "Conflict" } });
    const fresh = await client.get(`${maps}/a`);
    expect((await client.put(`${maps}/a`, { ...fresh.body, data: { x: "2" } })).status).toBe(200);
  });

  it("writes nothing when nothing changes", async () => {
    const created = await cluster.client.post(maps, aConfigMap("a", { x: "1" }));
    const same = await cluster.client.put(`${maps}/a`, aConfigMap("a", { x: "1" }));
    expect(same.body["metadata"]).toEqual(created.body["metadata"]);
  });

  it("keeps the two halves of an object apart, and counts changes of the spec", async () => {
    const { client } = cluster;
    const nodes = "/api/v1/nodes";
    await client.post(nodes, { metadata: { name: "n" }, spec: {}, status: { capacity: { cpu: "4" } } });
    const cordoned = await client.put(`${nodes}/n`, { metadata: { name: "n" }, spec: { unschedulable: true } });
    expect(cordoned.body).toMatchObject({ spec: { unschedulable: true }, status: { capacity: { cpu: "4" } } });
    const status = { metadata: { name: "n" }, spec: { unschedulable: false }, status: { capacity: { cpu: "8" } } };
    const reported = await client.put(`${nodes}/n/status`, status);
    expect(reported.body).toMatchObject({ spec: { unschedulable: true }, status: { capacity: { cpu: "8" } } });
    expect(lookup(reported.body, "metadata", "generation")).toBeUndefined();
  });

  it("lets little of a pod's spec change", async () => {
    const { client } = cluster;
    await client.post(pods, aPod("a", { spec: { schedulingGates: [{ name: "x" }, { name: "y" }] } }));
    const move = await client.patch(`${pods}/a`, "merge", { spec: { nodeName: "node-1" } });
    expect(move).toMatchObject({ status: 422, body: { reason: "Invalid" } });
    const gate = await client.patch(`${pods}/a`, "merge", { spec: { schedulingGates: [{ name: "new" }] } });
    expect(gate.status).toBe(422);
    const open = await client.patch(`${pods}/a`, "merge", { spec: { schedulingGates: null } });
    expect(open.status).toBe(200);
    const image = [{ op: "replace", path: "/spec/containers/0/image", value: "example/main:2" }];
    expect((await client.patch(`${pods}/a`, "json", image)).status).toBe(200);
  });

  it("patches conditions of a status by their type", async () => {
    const { client } = cluster;
    await client.post(pods, aPod("a"));
    for (const type of ["PodScheduled", "Ready", "PodScheduled"]) {
      const conditions = [{ type, status: "False", reason: "Unschedulable" }];
      await client.patch(`${pods}/a/status`, "strategic-merge", { status: { conditions } });
    }
    const { body } = await client.get(`${pods}/a`);
    expect(listAt(body, "status", "conditions").map(({ type }) => type)).toEqual(["PodScheduled", "Ready"]);
    expect(lookup(body, "status", "phase")).toBe("Pending");
  });

  it("refuses a patch that fails its own test", async () => {
    await cluster.client.post(maps, aConfigMap("a", { x: "1" }));
    const answer = await cluster.client.patch(`${maps}/a`, "json", [{ op: "test", path: "/data/x", value: "2" }]);
    expect(answer.status).toBe(422);
  });
});

describe("delete", () => {
  it("keeps to its preconditions", async () => {
    const { client } = cluster;
    const created = await client.post(maps, aConfigMap("a"));
    expect((await client.delete(`${maps}/a`, { preconditions: { uid: "other" } })).status).toBe(409);
    expect((await client.delete(`${maps}/a`, { preconditions: { resourceVersion: "1" } })).status).toBe(409);
    const uid = textAt(created.body, "metadata", "uid");
    const done = await client.delete(`${maps}/a`, { preconditions: { uid } });
    expect(done).toMatchObject({ status: 200, body: { kind: "Status", status: "Success", details: { uid } } });
    expect((await client.delete(`${maps}/a`)).status).toBe(404);
  });

  it("waits for finalizers", async () => {
    const { client } = cluster;
    await client.post(maps, { metadata: { name: "a", finalizers: ["example.com/f"] } });
    const marked = await client.delete(`${maps}/a`);
    expect(textAt(marked.body, "metadata", "deletionTimestamp")).not.toBe("");
    expect((await client.get(`${maps}/a`)).status).toBe(200);
    await client.patch(`${maps}/a`, "merge", { metadata: { finalizers: null } });
    expect((await client.get(`${maps}/a`)).status).toBe(404);
  });

  it("deletes what a selector selects", async () => {
    const { client } = cluster;
    await client.post(pods, aPod("a", { metadata: { labels: { app: "web" } } }));
    await client.post(pods, aPod("b"));
    const answer = await client.delete(`${pods}?labelSelector=app%3Dweb`);
    expect(listAt(answer.body, "items")).toHaveLength(1);
    expect(listAt((await client.get(pods)).body, "items").map((pod) => textAt(pod, "metadata", "name"))).toEqual(["b"]);
  });

  it("empties a namespace, then lets it go, and takes nothing new meanwhile", async () => {
    const { client, clock } = cluster;
    await client.post("/api/v1/namespaces", { metadata: { name: "shop" } });
    await client.post("/api/v1/namespaces/shop/pods", aPod("a"));
    expect((await client.delete("/api/v1/namespaces/shop")).body).toMatchObject({ status: { phase: "Terminating" } });
    const refused = await client.post("/api/v1/namespaces/shop/pods", aPod("b"));
    expect(refused).toMatchObject({ status: 403, body: { reason: "Forbidden" } });
    await clock.advance(1000);
    expect((await client.get("/api/v1/namespaces/shop")).status).toBe(404);
    expect(listAt((await client.get("/api/v1/pods")).body, "items")).toEqual([]);
  });
});

describe("scale", () => {
  const deployments = "/apis/apps/v1/namespaces/default/deployments";

  it("reads and writes the replica count as an object of its own", async () => {
    const { client } = cluster;
    const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "a", image: "b" }] } };
    await client.post(deployments, {
      metadata: { name: "web" },
      spec: { replicas: 2, selector: { matchLabels: { app: "web" } }, template },
    });
    const scale = await client.get(`${deployments}/web/scale`);
    expect(scale.body).toMatchObject({ kind: "Scale", spec: { replicas: 2 }, status: { selector: "app=web" } });
    const patched = await client.patch(`${deployments}/web/scale`, "merge", { spec: { replicas: 3 } });
    expect(patched).toMatchObject({ status: 200, body: { spec: { replicas: 3 } } });
    expect((await client.put(`${deployments}/web/scale`, scale.body)).status).toBe(409);
    expect((await client.get(`${deployments}/web`)).body).toMatchObject({
      metadata: { generation: 2 },
      spec: { replicas: 3, template },
    });
  });
});

describe("binding", () => {
  const binding = { apiVersion: "v1", kind: "Binding", target: { kind: "Node", name: "node-1" } };

  it("puts a pod onto a node, once", async () => {
    const { client } = cluster;
    await client.post(pods, aPod("a"));
    await client.patch(`${pods}/a/status`, "merge", { status: { nominatedNodeName: "node-2" } });
    expect(await client.post(`${pods}/a/binding`, binding)).toMatchObject({ status: 201, body: { status: "Success" } });
    const { body } = await client.get(`${pods}/a`);
    expect(body).toMatchObject({ spec: { nodeName: "node-1" } });
    expect(listAt(body, "status", "conditions")).toMatchObject([{ type: "PodScheduled", status: "True" }]);
    expect(lookup(body, "status", "nominatedNodeName")).toBeUndefined();
    const again = await client.post(`${pods}/a/binding`, binding);
    expect(again).toMatchObject({ status: 409, body: { reason: "Conflict" } });
    expect(textAt(again.body, "message")).toContain('pod a is already assigned to node "node-1"');
  });

  it("refuses a gated pod, another pod of that name, and a binding to nowhere", async () => {
    const { client } = cluster;
    await client.post(pods, aPod("gated", { spec: { schedulingGates: [{ name: "x" }] } }));
    await client.post(pods, aPod("a"));
    expect((await client.post(`${pods}/gated/binding`, binding)).status).toBe(409);
    expect((await client.post(`${pods}/a/binding`, { ...binding, metadata: { uid: "other" } })).status).toBe(409);
    expect((await client.post(`${pods}/a/binding`, { ...binding, target: {} })).status).toBe(422);
    expect((await client.post(`${pods}/missing/binding`, binding)).status).toBe(404);
  });
});
