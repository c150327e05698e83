import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Abort } from "#lib/clock/index.ts";
import { systemClock } from "#server/clock.ts";
import { Authority } from "../transport/testing/certificates.ts";
import { accessOf, inBase64 } from "../transport/testing/access.ts";
import { ScriptedServer, sendJson } from "../transport/testing/scripted-server.ts";
import { KubeTransport } from "../transport/index.ts";
import { namedEndpoint, proxiedEndpoints, type EndpointFinder, type MetricsAddress } from "./scheduler-endpoints.ts";

const options = { clock: systemClock, environment: {}, userAgent: "test", isExecApproved: () => false };
const { signal } = new Abort();

let authority: Authority;
let server: ScriptedServer;
let directory: string;
const finders: EndpointFinder[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "endpoints-"));
  authority = await Authority.create("test");
  const issued = await authority.issue("server", [{ type: "ip", value: "127.0.0.1" }]);
  server = await ScriptedServer.start(issued, authority.pem);
});
afterEach(async () => {
  for (const finder of finders.splice(0)) await finder.close();
});
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

async function named(more: Partial<MetricsAddress> = {}) {
  const finder = namedEndpoint({ url: `${server.url}/metrics`, ...more }, options);
  finders.push(finder);
  const [endpoint] = await finder.find(signal);
  if (endpoint === undefined) throw new Error("expected the endpoint that was named");
  return endpoint;
}

describe("the address that was named", () => {
  it("is asked for metrics and configuration, with the token that belongs to it", async () => {
    server.answers(({ url }, response) =>
      url === "/configz" ? sendJson(response, { componentconfig: {} }) : response.end("scheduler_pending_pods 1\n"),
    );
    const endpoint = await named({ tokenPath: file("token", "secret\n"), authorityPath: file("ca", authority.pem) });
    expect(await endpoint.metrics(signal)).toBe("scheduler_pending_pods 1\n");
    expect(await endpoint.configuration(signal)).toEqual({ componentconfig: {} });
    expect(server.seen.map(({ method, url, headers }) => [method, url, headers.authorization])).toEqual([
      ["GET", "/metrics", "Bearer secret"],
      ["GET", "/configz", "Bearer secret"],
    ]);
  });

  it("may sign its own certificate on loopback, as long as nothing is sent that could be stolen", async () => {
    server.answers((_, response) => response.end("x 1\n"));
    expect(await (await named()).metrics(signal)).toBe("x 1\n");
    const endpoint = await named({ tokenPath: file("token", "secret") });
    const problem = await endpoint.metrics(signal).then(() => undefined, endpoint.problemOf);
    expect(problem).toMatchObject({ code: "tls-mismatch", hint: expect.stringContaining("--scheduler-metrics-ca") });
    expect(server.seen).toHaveLength(1);
  });

  it("that refuses says what to give it", async () => {
    server.answers((_, response) => sendJson(response, { kind: "Status", code: 403, message: "cannot get" }, 403));
    const endpoint = await named();
    const problem = await endpoint.metrics(signal).then(() => undefined, endpoint.problemOf);
    expect(problem).toMatchObject({ code: "forbidden", hint: expect.stringContaining("--scheduler-metrics-token") });
  });

  it("is /metrics where only a host is named", async () => {
    expect((await named({ url: server.url })).address).toBe(`${server.url}/metrics`);
  });
});

describe("kube-scheduler's pods", () => {
  it("that run are reached through the API server, one by one", async () => {
    const pod = (name: string, phase: string) => ({ metadata: { name }, status: { phase } });
    server.answers(({ url }, response) => {
      if (url.includes("/proxy/")) response.end("x 1\n");
      else sendJson(response, { items: [pod("kube-scheduler-a", "Running"), pod("old", "Failed"), { metadata: {} }] });
    });
    const access = accessOf(
      { server: server.url, "certificate-authority-data": inBase64(authority.pem) },
      { token: "of the kubeconfig" },
    );
    const transport = new KubeTransport(access, options);
    const finder = proxiedEndpoints(transport);
    const endpoints = await finder.find(signal);
    expect(endpoints.map(({ address }) => address)).toEqual(["kube-system/kube-scheduler-a"]);
    expect(await endpoints[0]?.metrics(signal)).toBe("x 1\n");
    expect(server.seen.map(({ url }) => decodeURIComponent(url))).toEqual([
      "/api/v1/namespaces/kube-system/pods?labelSelector=component=kube-scheduler",
      "/api/v1/namespaces/kube-system/pods/https:kube-scheduler-a:10259/proxy/metrics",
    ]);
    server.answers((_, response) => sendJson(response, { kind: "Status", code: 403, message: "no pods/proxy" }, 403));
    const problem = await endpoints[0]?.metrics(signal).then(() => undefined, endpoints[0].problemOf);
    expect(problem).toMatchObject({ code: "forbidden", hint: expect.stringContaining("pods/proxy in kube-system") });
    await finder.close();
    await transport.close();
  });
});
