import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aPod, startTestCluster, type TestCluster } from "../testing/test-cluster.ts";

const pod = "/api/v1/namespaces/default/pods/a";

let cluster: TestCluster;

beforeEach(async () => {
  cluster = await startTestCluster();
  const resources = { requests: { cpu: "2" } };
  const containers = [{ name: "main", image: "example/main:1", resources }];
  await cluster.client.post("/api/v1/namespaces/default/pods", aPod("a", { spec: { containers } }));
});

afterEach(() => cluster.stop());

describe("resize", () => {
  it("changes what the containers ask for, which the pod itself does not let anybody do", async () => {
    const operation = { op: "replace", path: "/spec/containers/0/resources", value: { requests: { cpu: "1" } } };
    expect((await cluster.client.patch(pod, "json", [operation])).status).toBe(422);
    expect(await cluster.client.patch(`${pod}/resize`, "json", [operation])).toMatchObject({
      status: 200,
      body: { spec: { containers: [{ name: "main", resources: { requests: { cpu: "1" } } }] } },
    });
  });

  it("leaves all else as it is, and deletes nothing", async () => {
    const spec = {
      priority: 7,
      containers: [{ name: "main", image: "example/other:1", resources: {} }, { name: "more" }],
    };
    expect(await cluster.client.patch(`${pod}/resize`, "merge", { spec })).toMatchObject({ status: 200 });
    const { body } = await cluster.client.get(pod);
    expect(body).toMatchObject({ spec: { priority: 0, containers: [{ image: "example/main:1", resources: {} }] } });
    expect((await cluster.client.delete(`${pod}/resize`)).status).toBe(405);
  });
});
