import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "#lib/protocol/index.ts";
import { listAt, lookup, objectAt, textAt } from "../storage/api-object.ts";
import { summary } from "../testing/api-client.ts";
import { startTestCluster, type TestCluster } from "../testing/test-cluster.ts";

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const widgets = "/apis/example.com/v1/namespaces/default/widgets";

const schema: JsonObject = {
  type: "object",
  required: ["spec"],
  properties: {
    spec: {
      type: "object",
      required: ["size"],
      properties: {
        size: { type: "integer", minimum: 1, maximum: 10 },
        color: { type: "string", enum: ["red", "green"], default: "red" },
      },
    },
    status: { type: "object", properties: { phase: { type: "string" } } },
  },
};

function aDefinition(more: JsonObject = {}): JsonObject {
  const version = {
    name: "v1",
    served: true,
    storage: true,
    schema: { openAPIV3Schema: schema },
    subresources: { status: {} },
    additionalPrinterColumns: [
      { name: "Size", type: "integer", jsonPath: ".spec.size" },
      { name: "Phase", type: "string", jsonPath: ".status.phase" },
      { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
    ],
  };
  return {
    metadata: { name: "widgets.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "widgets", kind: "Widget", shortNames: ["wd"] },
      versions: [version],
      ...more,
    },
  };
}

const aWidget = (name: string, spec: JsonObject = { size: 2 }): JsonObject => ({ metadata: { name }, spec });

let cluster: TestCluster;

beforeEach(async () => {
  cluster = await startTestCluster();
});

afterEach(() => cluster.stop());

async function define(more: JsonObject = {}): Promise<void> {
  expect((await cluster.client.post(definitions, aDefinition(more))).status).toBe(201);
}

describe("a definition", () => {
  it("is established at once, with the names that it did not give", async () => {
    const { status, body } = await cluster.client.post(definitions, aDefinition());
    expect(status).toBe(201);
    expect(body).toMatchObject({
      spec: { names: { singular: "widget", listKind: "WidgetList" }, conversion: { strategy: "None" } },
      status: {
        acceptedNames: { plural: "widgets", kind: "Widget", shortNames: ["wd"] },
        conditions: [
          { type: "NamesAccepted", status: "True" },
          { type: "Established", status: "True" },
        ],
        storedVersions: ["v1"],
      },
    });
  });

  it.each([
    ["another name", { ...aDefinition(), metadata: { name: "other.example.com" } }, "metadata.name"],
    ["a scope that is none", aDefinition({ scope: "Galaxy" }), "spec.scope"],
    ["a group without a dot", aDefinition({ group: "example" }), "spec.group"],
    ["a protected group", aDefinition({ group: "a.k8s.io" }), "metadata.annotations[api-approved.kubernetes.io]"],
    ["no version to store", aDefinition({ versions: [] }), "spec.versions"],
    ["no schema", aDefinition({ versions: [{ name: "v1", served: true, storage: true }] }), "openAPIV3Schema"],
  ])("with %s is refused", async (_, body, field) => {
    const answer = await cluster.client.post(definitions, body);
    expect(answer).toMatchObject({ status: 422, body: { reason: "Invalid" } });
    expect(textAt(answer.body, "message")).toContain(field);
  });

  it("cannot change its kind", async () => {
    await define();
    const patch = { spec: { names: { kind: "Gadget" } } };
    const answer = await cluster.client.patch(`${definitions}/widgets.example.com`, "merge", patch);
    expect(answer.status).toBe(422);
    expect(textAt(answer.body, "message")).toContain("spec.names.kind");
  });

  it("is in discovery, plain and aggregated, and in OpenAPI", async () => {
    const { client } = cluster;
    expect((await client.get("/apis/example.com")).status).toBe(404);
    await define();
    const list = await client.get("/apis/example.com/v1");
    expect(listAt(list.body, "resources")).toMatchObject([
      { name: "widgets", kind: "Widget", shortNames: ["wd"], namespaced: true },
      { name: "widgets/status" },
    ]);
    const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    const aggregated = await client.get("/apis", { accept });
    const group = listAt(aggregated.body, "items").find((item) => textAt(item, "metadata", "name") === "example.com");
    expect(group).toMatchObject({ versions: [{ version: "v1", resources: [{ resource: "widgets" }] }] });
    const openapi = await client.get("/openapi/v3/apis/example.com/v1");
    const described = objectAt(openapi.body, "components", "schemas", "com.example.v1.Widget");
    expect(lookup(described, "properties", "spec", "properties", "size", "maximum")).toBe(10);
  });

  it("serves each of its versions from one storage, the newest stable first", async () => {
    const version = { served: true, storage: false, schema: { openAPIV3Schema: schema } };
    await define({
      versions: [
        { ...version, name: "v1beta1" },
        { ...version, name: "v1", storage: true },
      ],
    });
    const { client } = cluster;
    const group = await client.get("/apis/example.com");
    expect(textAt(group.body, "preferredVersion", "version")).toBe("v1");
    const beta = "/apis/example.com/v1beta1/namespaces/default/widgets";
    expect((await client.post(beta, aWidget("a"))).body).toMatchObject({ apiVersion: "example.com/v1beta1" });
    expect((await client.get(`${widgets}/a`)).body).toMatchObject({ apiVersion: "example.com/v1" });
    expect(listAt((await client.get(beta)).body, "items")).toMatchObject([{ apiVersion: "example.com/v1beta1" }]);
  });

  it("is followed when it changes, and watches begin anew then", async () => {
    await define();
    const { client } = cluster;
    const watch = await client.watch(`${widgets}?resourceVersion=0`);
    const versions = listAt(aDefinition(), "spec", "versions").map((each) => ({
      ...each,
      additionalPrinterColumns: [],
    }));
    await client.patch(`${definitions}/widgets.example.com`, "merge", { spec: { versions } });
    expect(await watch.next()).toBeUndefined();
    const table = await client.get(widgets, { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" });
    expect(listAt(table.body, "columnDefinitions").map(({ name }) => name)).toEqual(["Name", "Age"]);
  });
});

describe("the objects of a definition", () => {
  beforeEach(() => define());

  it("are written and read as any others, with their defaults", async () => {
    const { client } = cluster;
    const created = await client.post(widgets, { ...aWidget("a"), status: { phase: "Ready" } });
    expect(created).toMatchObject({
      status: 201,
      body: { spec: { size: 2, color: "red" }, metadata: { generation: 1 } },
    });
    expect(created.body["status"]).toBeUndefined();
    const resized = await client.patch(`${widgets}/a`, "merge", { spec: { size: 3 } });
    expect(resized).toMatchObject({ status: 200, body: { spec: { size: 3 }, metadata: { generation: 2 } } });
    expect((await client.put(`${widgets}/a`, created.body)).status).toBe(409);
    const reported = await client.patch(`${widgets}/a/status`, "merge", {
      status: { phase: "Ready" },
      spec: { size: 9 },
    });
    expect(reported.body).toMatchObject({ spec: { size: 3 }, status: { phase: "Ready" } });
    expect((await client.get("/apis/example.com/v1/widgets")).body).toMatchObject({ kind: "WidgetList" });
    expect((await client.delete(`${widgets}/a`)).status).toBe(200);
    expect((await client.get(`${widgets}/a`)).status).toBe(404);
  });

  it("are watched", async () => {
    const { client } = cluster;
    const watch = await client.watch(widgets);
    await client.post(widgets, aWidget("a"));
    await client.patch(`${widgets}/a`, "merge", { spec: { size: 3 } });
    await client.delete(`${widgets}/a`);
    expect((await watch.take(3)).map(summary)).toEqual(["ADDED a", "MODIFIED a", "DELETED a"]);
  });

  it("are shown in the columns of the definition", async () => {
    const { client } = cluster;
    await client.post(widgets, aWidget("a"));
    const table = await client.get(widgets, { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" });
    expect(listAt(table.body, "columnDefinitions").map(({ name }) => name)).toEqual(["Name", "Size", "Phase", "Age"]);
    expect(listAt(table.body, "rows")).toMatchObject([{ cells: ["a", 2, null, "0s"] }]);
  });

  it.each<[string, JsonObject, string]>([
    ["a missing member", {}, "spec.size: Required value"],
    [
      "a wrong type",
      { size: "x" },
      'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
    ],
    [
      "a large number",
      { size: 11 },
      "spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10",
    ],
    [
      "another word",
      { size: 1, color: "blue" },
      'spec.color: Unsupported value: "blue": supported values: "red", "green"',
    ],
  ])("are refused for %s", async (_, spec, why) => {
    const answer = await cluster.client.post(widgets, aWidget("a", spec));
    const message = `Widget.example.com "a" is invalid: ${why}`;
    expect(answer).toMatchObject({ status: 422, body: { reason: "Invalid", message } });
  });

  it("are held against the schema by every way to write them", async () => {
    const { client } = cluster;
    await client.post(widgets, aWidget("a"));
    expect((await client.put(`${widgets}/a`, aWidget("a", { size: 0 }))).status).toBe(422);
    expect((await client.patch(`${widgets}/a`, "merge", { spec: { size: 0 } })).status).toBe(422);
    expect((await client.patch(`${widgets}/a/status`, "merge", { status: { phase: 1 } })).status).toBe(422);
    expect((await client.patch(`${widgets}/a`, "strategic-merge", { spec: { size: 3 } })).status).toBe(415);
  });

  it("lose members that the schema does not know, or are refused where the client wants that", async () => {
    const { client } = cluster;
    const body = aWidget("a", { size: 2, colour: "red" });
    const strict = await client.post(`${widgets}?fieldValidation=Strict`, body);
    expect(strict).toMatchObject({ status: 400, body: { reason: "BadRequest" } });
    expect(textAt(strict.body, "message")).toContain('strict decoding error: unknown field "spec.colour"');
    expect((await client.post(widgets, body)).body["spec"]).toEqual({ size: 2, color: "red" });
  });

  it("go with their namespace", async () => {
    const { client, clock } = cluster;
    await client.post("/api/v1/namespaces", { metadata: { name: "shop" } });
    await client.post("/apis/example.com/v1/namespaces/shop/widgets", aWidget("a"));
    await client.delete("/api/v1/namespaces/shop");
    await clock.advance(1000);
    expect((await client.get("/api/v1/namespaces/shop")).status).toBe(404);
    expect(listAt((await client.get("/apis/example.com/v1/widgets")).body, "items")).toEqual([]);
  });

  it("own others, which go with them", async () => {
    const { client, clock } = cluster;
    await clock.advance(100);
    const maps = "/api/v1/namespaces/default/configmaps";
    const owner = await client.post(widgets, aWidget("a"));
    const ownedBy = ({ body }: typeof owner): JsonObject => {
      const { kind = "", apiVersion = "" } = body;
      const { name = "", uid = "" } = objectAt(body, "metadata");
      return { ownerReferences: [{ kind, apiVersion, name, uid }] };
    };
    const owned = await client.post(widgets, { ...aWidget("b"), metadata: { name: "b", ...ownedBy(owner) } });
    await client.post(maps, { metadata: { name: "c", ...ownedBy(owned) } });
    await client.delete(`${widgets}/a`);
    await clock.advance(1000);
    expect((await client.get(`${widgets}/b`)).status).toBe(404);
    expect((await client.get(`${maps}/c`)).status).toBe(404);
  });

  it("go with their definition, after which their paths are gone and their watches end", async () => {
    const { client, clock } = cluster;
    await client.post(widgets, aWidget("a"));
    const watch = await client.watch(`${widgets}?resourceVersion=0`);
    await watch.take(1);
    const marked = await client.delete(`${definitions}/widgets.example.com`);
    expect(textAt(marked.body, "metadata", "deletionTimestamp")).not.toBe("");
    expect((await client.post(widgets, aWidget("b"))).status).toBe(405);
    await clock.advance(1000);
    expect((await watch.take(1)).map(summary)).toEqual(["DELETED a"]);
    expect(await watch.next()).toBeUndefined();
    expect((await client.get(widgets)).status).toBe(404);
    expect((await client.get("/apis/example.com")).status).toBe(404);
    await define();
    expect(listAt((await client.get(widgets)).body, "items")).toEqual([]);
  });

  it("hold their definition while finalizers hold them", async () => {
    const { client, clock } = cluster;
    await client.post(widgets, { ...aWidget("a"), metadata: { name: "a", finalizers: ["example.com/f"] } });
    await client.delete(`${definitions}/widgets.example.com`);
    await clock.advance(1000);
    expect((await client.get(`${definitions}/widgets.example.com`)).status).toBe(200);
    await client.patch(`${widgets}/a`, "merge", { metadata: { finalizers: null } });
    await clock.advance(1000);
    expect((await client.get(`${definitions}/widgets.example.com`)).status).toBe(404);
  });

  it("are taken away with the scenario that they stood in", async () => {
    await cluster.client.post(widgets, aWidget("a"));
    cluster.setScenario("small");
    expect((await cluster.client.get(widgets)).status).toBe(404);
    await define();
    expect(listAt((await cluster.client.get(widgets)).body, "items")).toEqual([]);
  });
});
