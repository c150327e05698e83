import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { get } from "node:https";
import { connect } from "node:net";
import { request } from "undici";
import { listAt, textAt } from "../storage/api-object.ts";
import { startTestCluster, type TestCluster } from "../testing/test-cluster.ts";

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster();
});

afterAll(() => cluster.stop());

/** A client of our own: others check the Host header against the certificate before the server can. */
function statusFor(host: string, path: string): Promise<number | undefined> {
  const options = { ca: cluster.client.authority, servername: "localhost", headers: { host } };
  return new Promise((resolve, reject) => {
    get(cluster.server + path, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).on("error", reject);
  });
}

describe("access", () => {
  it("answers to its loopback names", async () => {
    const { port } = new URL(cluster.server);
    expect(await statusFor(`127.0.0.1:${port}`, "/healthz")).toBe(200);
    expect(await statusFor(`localhost:${port}`, "/healthz")).toBe(200);
  });

  it.each(["", "Bearer", "Bearer wrong", "Basic abc"])("answers %j with 401", async (authorization) => {
    const answer = await cluster.client.get("/api/v1/pods", { authorization });
    expect(answer).toMatchObject({ status: 401, body: { reason: "Unauthorized" } });
  });

  it.each(["evil.example", "evil.example:443", "127.0.0.1.evil.example", "[::1]:1", "localhost.evil"])(
    "answers the host %s with 403, whatever it asks for",
    async (host) => {
      for (const path of ["/api/v1/pods", "/healthz"]) {
        expect(await statusFor(host, path)).toBe(403);
      }
    },
  );

  it("shows its health without a token, and nothing else", async () => {
    for (const path of ["/livez", "/readyz", "/healthz"]) {
      expect(await cluster.client.get(path, { authorization: "" })).toMatchObject({
        status: 200,
        body: { text: "ok" },
      });
    }
    expect((await cluster.client.get("/version", { authorization: "" })).status).toBe(401);
  });

  it("speaks TLS only, and its authority is nobody else's", async () => {
    await expect(request(`${cluster.server}/healthz`)).rejects.toThrow("unable to verify");
    const plain = request(`${cluster.server.replace("https", "http")}/healthz`);
    await expect(plain).rejects.toThrow();
  });

  it("listens on 127.0.0.1 only", async () => {
    const socket = connect(Number(new URL(cluster.server).port), "127.0.0.2");
    const outcome = await new Promise((resolve) => {
      socket.once("connect", () => resolve("connected"));
      socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    socket.destroy();
    expect(outcome).toBe("ECONNREFUSED");
  });
});

describe("discovery", () => {
  it("lists groups, resources and subresources", async () => {
    const groups = listAt((await cluster.client.get("/apis")).body, "groups").map(({ name }) => name);
    expect(groups).toContain("resource.k8s.io");
    const core = listAt((await cluster.client.get("/api/v1")).body, "resources").map(({ name }) => name);
    expect(core).toEqual(expect.arrayContaining(["pods", "pods/status", "pods/binding", "nodes", "events"]));
    expect((await cluster.client.get("/apis/coordination.k8s.io")).body).toMatchObject({ kind: "APIGroup" });
    expect((await cluster.client.get("/apis/unknown/v1")).status).toBe(404);
    expect(textAt((await cluster.client.get("/version")).body, "minor")).toBe("36");
  });

  it("answers in one piece to who can read that", async () => {
    const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
    const answer = await cluster.client.get("/apis", { accept });
    expect(answer.headers["content-type"]).toContain("as=APIGroupDiscoveryList");
    expect(answer.body).toMatchObject({ kind: "APIGroupDiscoveryList" });
    expect((await cluster.client.get("/apis", { accept: "application/json" })).body["kind"]).toBe("APIGroupList");
  });

  it("says that the token may do everything", async () => {
    const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    const spec = { resourceAttributes: { verb: "delete", resource: "nodes" } };
    expect(await cluster.client.post(path, { spec })).toMatchObject({
      status: 201,
      body: { status: { allowed: true } },
    });
  });
});
