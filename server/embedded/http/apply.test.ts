import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "#lib/protocol/index.ts";
import { listAt, lookup, objectAt, textAt } from "../storage/api-object.ts";
import { startTestCluster, type TestCluster } from "../testing/test-cluster.ts";
import { applyMediaType } from "../api/apply.ts";

const maps = "/api/v1/namespaces/default/configmaps";
const deployments = "/apis/apps/v1/namespaces/default/deployments";

let cluster: TestCluster;

beforeEach(async () => {
  cluster = await startTestCluster();
});

afterEach(() => cluster.stop());

function apply(path: string, manager: string, body: JsonObject | string, query = "") {
  const headers = { "content-type": applyMediaType };
  return cluster.client.ask("PATCH", `${path}?fieldManager=${manager}${query}`, { body, headers });
}

function settings(data: JsonObject, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", ...metadata }, data };
}

/** Each manager with what it owns below `data`. */
async function owners(): Promise<Readonly<Record<string, readonly string[]>>> {
  const { body } = await cluster.client.get(`${maps}/settings`);
  const entries = listAt(body, "metadata", "managedFields");
  return Object.fromEntries(
    entries.map((entry) => {
      const fields = Object.keys(objectAt(entry, "fieldsV1", "f:data")).filter((step) => step !== ".");
      return [`${textAt(entry, "manager")} ${textAt(entry, "operation")}`, fields.map((step) => step.slice(2))];
    }),
  );
}

describe("server-side apply", () => {
  it("creates what is not there, and changes nothing when it is applied again", async () => {
    const first = await apply(`${maps}/settings`, "a", settings({ x: "1" }));
    expect(first.status).toBe(201);
    await cluster.clock.advance(5000);
    const second = await apply(`${maps}/settings`, "a", settings({ x: "1" }));
    expect(second.status).toBe(200);
    expect(second.body).toEqual(first.body);
    expect(await owners()).toEqual({ "a Apply": ["x"] });
  });

  it("refuses another value of a field that somebody else applied, and says whose it is", async () => {
    await apply(`${maps}/settings`, "a", settings({ x: "1", y: "1" }));
    const refused = await apply(`${maps}/settings`, "b", settings({ x: "2" }));
    expect(refused).toMatchObject({
      status: 409,
      body: {
        reason: "Conflict",
        message: 'Apply failed with 1 conflict: conflict with "a": .data.x',
        details: { causes: [{ reason: "FieldManagerConflict", message: 'conflict with "a"', field: ".data.x" }] },
      },
    });
    expect(await owners()).toEqual({ "a Apply": ["x", "y"] });
    const forced = await apply(`${maps}/settings`, "b", settings({ x: "2" }), "&force=true");
    expect(objectAt(forced.body, "data")).toEqual({ x: "2", y: "1" });
    expect(await owners()).toEqual({ "a Apply": ["y"], "b Apply": ["x"] });
  });

  it("shares a field with whoever applies the same value; it goes when the last of them gives it up", async () => {
    await apply(`${maps}/settings`, "a", settings({ x: "1", y: "1" }));
    await apply(`${maps}/settings`, "b", settings({ x: "1" }));
    const one = await apply(`${maps}/settings`, "a", settings({ y: "1" }));
    expect(objectAt(one.body, "data")).toEqual({ x: "1", y: "1" });
    const none = await apply(`${maps}/settings`, "b", settings({}));
    expect(objectAt(none.body, "data")).toEqual({ y: "1" });
  });

  it("gives a field to whoever updates it, by the name of the program if no other is given", async () => {
    await apply(`${maps}/settings`, "a", settings({ x: "1", y: "1" }));
    const headers = { "content-type": "application/merge-patch+json", "user-agent": "editor/1.0 (linux)" };
    await cluster.client.ask("PATCH", `${maps}/settings`, { body: { data: { x: "2", y: null } }, headers });
    expect(await owners()).toEqual({ "editor Update": ["x"] });
    const refused = await apply(`${maps}/settings`, "a", settings({ x: "1" }));
    expect(textAt(refused.body, "message")).toBe(
      'Apply failed with 1 conflict: conflict with "editor" using v1: .data.x',
    );
  });

  it("takes an object that nobody applied as whole in other hands", async () => {
    cluster.registry.create({ resource: configMaps(), namespace: "default" }, settings({ x: "1" }));
    const refused = await apply(`${maps}/settings`, "a", settings({ x: "2" }));
    expect(textAt(refused.body, "message")).toContain('conflict with "before-first-apply" using v1: .data.x');
  });

  it("lets kubectl take over what it applied by itself, but not what was changed since", async () => {
    const annotation = "kubectl.kubernetes.io/last-applied-configuration";
    const metadata = { annotations: { [annotation]: JSON.stringify(settings({ x: "1", y: "1" })) } };
    await cluster.client.ask("POST", `${maps}?fieldManager=kubectl-client-side-apply`, {
      body: settings({ x: "1", y: "1" }, metadata),
    });
    await cluster.client.ask("PATCH", `${maps}/settings?fieldManager=editor`, {
      body: { data: { y: "5" } },
      headers: { "content-type": "application/merge-patch+json" },
    });
    const refused = await apply(`${maps}/settings`, "kubectl", settings({ x: "2", y: "2" }));
    expect(listAt(refused.body, "details", "causes").map(({ field }) => field)).toEqual([".data.y"]);
    expect((await apply(`${maps}/settings`, "kubectl", settings({ x: "2" }))).status).toBe(200);
  });

  it("tells the items of a keyed list apart, keeps the defaults of those that stay, and drops those given up", async () => {
    const deployment = (replicas: number, containers: readonly JsonObject[]): JsonObject => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web" },
      spec: {
        replicas,
        selector: { matchLabels: { app: "web" } },
        template: { metadata: { labels: { app: "web" } }, spec: { containers } },
      },
    });
    const main = { name: "main", image: "main:1", ports: [{ containerPort: 80 }] };
    const side = { name: "side", image: "side:1" };
    await apply(`${deployments}/web`, "a", deployment(2, [main, side]));
    const other = { ...main, image: "main:2", ports: [] };
    const refused = await apply(`${deployments}/web`, "b", deployment(2, [other]));
    expect(listAt(refused.body, "details", "causes").map(({ field }) => field)).toEqual([
      '.spec.template.spec.containers[name="main"].image',
    ]);
    const next = await apply(`${deployments}/web`, "a", deployment(2, [{ ...main, ports: [{ containerPort: 81 }] }]));
    expect(lookup(next.body, "spec", "template", "spec", "containers")).toMatchObject([
      { name: "main", imagePullPolicy: "IfNotPresent", ports: [{ containerPort: 81, protocol: "TCP" }] },
    ]);
    expect(listAt(next.body, "spec", "template", "spec", "containers")).toHaveLength(1);
  });

  it("reads YAML, and JSON as well", async () => {
    const yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata:\n  x: |\n    long\n";
    expect(objectAt((await apply(`${maps}/settings`, "a", yaml)).body, "data")).toEqual({ x: "long\n" });
    const created = await cluster.client.ask("POST", maps, {
      body: yaml.replace("settings", "other"),
      headers: { "content-type": "application/yaml" },
    });
    expect(created.status).toBe(201);
    expect((await apply(`${maps}/settings`, "a", "a: [")).body).toMatchObject({ code: 400, reason: "BadRequest" });
  });

  it("goes through the status endpoint too, which owns nothing of the spec", async () => {
    await cluster.client.post("/api/v1/nodes", { metadata: { name: "n" } });
    const status = { capacity: { cpu: "4" } };
    const body = { apiVersion: "v1", kind: "Node", metadata: { name: "n" }, spec: { unschedulable: true }, status };
    const answer = await apply("/api/v1/nodes/n/status", "agent", body);
    expect(answer.body).toMatchObject({ status: { capacity: { cpu: "4" } } });
    expect(lookup(answer.body, "spec", "unschedulable")).toBeUndefined();
    const [entry] = listAt(answer.body, "metadata", "managedFields").filter(({ manager }) => manager === "agent");
    expect(entry).toMatchObject({
      subresource: "status",
      fieldsV1: { "f:status": { "f:capacity": { "f:cpu": {} } } },
    });
  });

  it("wants a manager, a kind, and nothing in managedFields; only an apply may be forced", async () => {
    const reason = async (answer: Promise<{ readonly body: JsonObject }>) => textAt((await answer).body, "message");
    expect(await reason(apply(`${maps}/settings`, "", settings({})))).toContain("fieldManager: Required value");
    expect(await reason(apply(`${maps}/settings`, "a", { metadata: { name: "settings" } }))).toContain(
      "kind must be set",
    );
    expect(await reason(apply(`${maps}/settings`, "a", settings({}, { managedFields: [] })))).toContain("must be nil");
    expect(await reason(cluster.client.patch(`${maps}/settings?force=true`, "merge", {}))).toContain(
      "force: Forbidden",
    );
  });

  it("leaves everything as it is in a dry run", async () => {
    expect((await apply(`${maps}/settings`, "a", settings({ x: "1" }), "&dryRun=All")).status).toBe(201);
    expect((await cluster.client.get(`${maps}/settings`)).status).toBe(404);
  });
});

describe("managed fields", () => {
  it("are forgotten when somebody asks for that with one empty entry", async () => {
    await apply(`${maps}/settings`, "a", settings({ x: "1" }));
    await cluster.client.patch(`${maps}/settings`, "merge", { metadata: { managedFields: [{}] } });
    expect(await owners()).toEqual({});
  });

  it("are not begun for what the cluster itself makes", async () => {
    cluster.registry.create({ resource: configMaps(), namespace: "default" }, settings({ x: "1" }));
    await cluster.client.patch(`${maps}/settings`, "merge", { data: { y: "2" } });
    expect(await owners()).toEqual({});
  });
});

function configMaps() {
  const resource = cluster.registry.resources.find("", "v1", "configmaps");
  if (resource === undefined) throw new Error("config maps are served");
  return resource;
}
