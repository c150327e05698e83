import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "#lib/protocol/index.ts";
import { listAt, textAt } from "../storage/api-object.ts";
import type { Answer } from "../testing/api-client.ts";
import { aConfigMap, aPod, startTestCluster, type TestCluster } from "../testing/test-cluster.ts";

const maps = "/api/v1/namespaces/default/configmaps";
const pods = "/api/v1/namespaces/default/pods";

let cluster: TestCluster;

beforeEach(async () => {
  cluster = await startTestCluster({ historyWindow: 50 });
});

afterEach(() => cluster.stop());

const namesOf = ({ body }: Answer) => listAt(body, "items").map((item) => textAt(item, "metadata", "name"));
const versionOf = ({ body }: Answer) => textAt(body, "metadata", "resourceVersion");
const continueOf = ({ body }: Answer) => encodeURIComponent(textAt(body, "metadata", "continue"));

async function createMaps(...names: readonly string[]): Promise<void> {
  for (const name of names) expect((await cluster.client.post(maps, aConfigMap(name))).status).toBe(201);
}

describe("LIST", () => {
  it("answers in pages that belong to one version, whatever is written between them", async () => {
    await createMaps("a", "b", "c", "d", "e");
    const first = await cluster.client.get(`${maps}?limit=2`);
    expect(namesOf(first)).toEqual(["a", "b"]);
    expect(first.body).toMatchObject({ kind: "ConfigMapList", apiVersion: "v1", metadata: { remainingItemCount: 3 } });
    await cluster.client.delete(`${maps}/c`);
    await createMaps("ca");
    await cluster.client.put(`${maps}/d`, aConfigMap("d", { changed: "yes" }));
    const second = await cluster.client.get(`${maps}?limit=2&continue=${continueOf(first)}`);
    expect(namesOf(second)).toEqual(["c", "d"]);
    expect(versionOf(second)).toBe(versionOf(first));
    expect(JSON.stringify(second.body)).not.toContain("changed");
    const third = await cluster.client.get(`${maps}?limit=2&continue=${continueOf(second)}`);
    expect(namesOf(third)).toEqual(["e"]);
    expect(continueOf(third)).toBe("");
    expect(namesOf(await cluster.client.get(maps))).toEqual(["a", "b", "ca", "d", "e"]);
  });

  it("answers an expired token with 410 and a token for the rest as it is now", async () => {
    await createMaps("a", "b", "c");
    const first = await cluster.client.get(`${maps}?limit=1`);
    await createMaps("bb");
    cluster.registry.storage.compact();
    const expired = await cluster.client.get(`${maps}?limit=1&continue=${continueOf(first)}`);
    expect(expired).toMatchObject({ status: 410, body: { reason: "Expired", code: 410, status: "Failure" } });
    const rest = await cluster.client.get(`${maps}?continue=${continueOf(expired)}`);
    expect(namesOf(rest)).toEqual(["b", "bb", "c"]);
  });

  it("keeps to the version that is asked for: exactly, at least, or any", async () => {
    await createMaps("a");
    const version = versionOf(await cluster.client.get(maps));
    await createMaps("b");
    const exact = await cluster.client.get(`${maps}?resourceVersion=${version}&resourceVersionMatch=Exact`);
    expect([namesOf(exact), versionOf(exact)]).toEqual([["a"], version]);
    const limited = await cluster.client.get(`${maps}?resourceVersion=${version}&limit=10`);
    expect(namesOf(limited)).toEqual(["a"]);
    expect(namesOf(await cluster.client.get(`${maps}?resourceVersion=${version}`))).toEqual(["a", "b"]);
    expect(namesOf(await cluster.client.get(`${maps}?resourceVersion=0&limit=1`))).toEqual(["a", "b"]);
  });

  it("answers 410 for a version that is compacted and 504 for one that is still to come", async () => {
    await createMaps("a");
    const version = versionOf(await cluster.client.get(maps));
    for (let count = 0; count < 80; count++) await cluster.client.put(`${maps}/a`, aConfigMap("a", { n: `${count}` }));
    const old = await cluster.client.get(`${maps}?resourceVersion=${version}&resourceVersionMatch=Exact`);
    expect(old).toMatchObject({ status: 410, body: { reason: "Expired" } });
    const future = await cluster.client.get(`${maps}?resourceVersion=999999`);
    expect(future).toMatchObject({ status: 504, headers: { "retry-after": "1" }, body: { reason: "Timeout" } });
    expect(future.body).toMatchObject({ details: { causes: [{ reason: "ResourceVersionTooLarge" }] } });
  });

  it.each([
    ["resourceVersionMatch=Exact", 422],
    ["resourceVersionMatch=Exact&resourceVersion=0", 422],
    ["resourceVersionMatch=Sometimes&resourceVersion=1", 422],
    ["sendInitialEvents=true", 422],
    ["watch=true&sendInitialEvents=true", 422],
    ["watch=true&resourceVersionMatch=NotOlderThan", 422],
    ["resourceVersion=abc", 422],
    ["continue=nonsense", 400],
    ["limit=-1", 400],
    ["fieldSelector=spec.unknown%3D1", 400],
    ["labelSelector=a+in+b", 400],
  ])("refuses ?%s with %i", async (query, status) => {
    const answer = await cluster.client.get(`${maps}?${query}`);
    expect(answer).toMatchObject({ status, body: { kind: "Status", status: "Failure", code: status } });
  });

  it("selects by labels, fields and namespace", async () => {
    const { client } = cluster;
    await client.post("/api/v1/namespaces", { metadata: { name: "shop" } });
    await client.post(pods, aPod("a", { metadata: { labels: { app: "web" } } }));
    await client.post(pods, aPod("b", { metadata: { labels: { app: "api" } }, spec: { nodeName: "node-1" } }));
    await client.post("/api/v1/namespaces/shop/pods", aPod("c", { spec: { schedulerName: "kube-inflight" } }));
    const named = async (query: string) => namesOf(await client.get(`/api/v1/pods?${query}`));
    expect(await named("labelSelector=app%20in%20(web,api)")).toEqual(["a", "b"]);
    expect(await named("fieldSelector=spec.nodeName%3D")).toEqual(["a", "c"]);
    expect(await named("fieldSelector=spec.schedulerName!%3Ddefault-scheduler")).toEqual(["c"]);
    expect(await named("fieldSelector=metadata.namespace%3Dshop")).toEqual(["c"]);
    expect(namesOf(await client.get("/api/v1/namespaces/shop/pods"))).toEqual(["c"]);
    const page = await client.get("/api/v1/pods?limit=1&labelSelector=app");
    expect(page.body).not.toHaveProperty("metadata.remainingItemCount");
    expect(continueOf(page)).not.toBe("");
  });

  it("shows a table to who asks for one, and metadata alone to who asks for that", async () => {
    await cluster.client.post(pods, aPod("a"));
    const table = await cluster.client.get(pods, { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" });
    const columns = listAt(table.body, "columnDefinitions").map((column) => column["name"]);
    expect(columns.slice(0, 5)).toEqual(["Name", "Ready", "Status", "Restarts", "Age"]);
    expect((listAt(table.body, "rows")[0] as JsonObject)["cells"]).toEqual([
      "a",
      "0/1",
      "Pending",
      "0",
      "0s",
      "<none>",
      "<none>",
      "<none>",
      "<none>",
    ]);
    const metadata = await cluster.client.get(`${pods}/a`, {
      accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
    });
    expect(metadata.body).toMatchObject({ kind: "PartialObjectMetadata", metadata: { name: "a" } });
    expect(metadata.body).not.toHaveProperty("spec");
    const refused = await cluster.client.get(pods, { accept: "application/vnd.kubernetes.protobuf" });
    expect(refused).toMatchObject({ status: 406, body: { reason: "NotAcceptable" } });
  });
});
