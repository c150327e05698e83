import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createNetServer, type Server as NetServer } from "node:net";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { systemClock } from "#server/clock.ts";
import type { ListenConfig } from "#server/config.ts";
import { issueCertificates } from "#server/embedded/http/certificates.ts";
import { FakeCluster, FakeRegistry } from "#server/hub/testing/fake-clusters.ts";
import { Session } from "#server/session.ts";
import { samplesOf } from "./metrics/testing/samples.ts";
import { createServer, PortTakenError, type InflightServer } from "./server.ts";

const token = "the-token";
const bearer = { authorization: `Bearer ${token}` };
const json = { ...bearer, "content-type": "application/json" };
const anyPort: ListenConfig = { host: "127.0.0.1", port: 0, whenTaken: "fail" };

let directory: string;
const started: InflightServer[] = [];
const blockers: NetServer[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "kube-inflight-server-"));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.close()));
  for (const blocker of blockers.splice(0)) blocker.close();
  rmSync(directory, { recursive: true, force: true });
});

function aServer({ listen = anyPort, isReadOnly = false, cluster = new FakeCluster("demo") } = {}) {
  const server = createServer({
    config: { listen, isReadOnly },
    session: new Session(new FakeClock(), { sessionKey: Buffer.alloc(32), token }),
    registry: new FakeRegistry(cluster),
    outDir: directory,
    version: "1.2.3",
    clock: systemClock,
    logger: pino({ level: "silent" }),
    announceLogin: () => {},
  });
  started.push(server);
  return server;
}

/** Takes a port, so that nobody else can listen on it. */
async function takenPort(): Promise<number> {
  const blocker = createNetServer();
  blockers.push(blocker);
  await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
  const address = blocker.address();
  if (typeof address !== "object" || address === null) throw new Error("the system gave no port");
  return address.port;
}

describe("the metrics", () => {
  it("are for whoever is signed in, and are what Prometheus reads", async () => {
    const { url } = await aServer().listen();
    expect((await fetch(new URL("/metrics", url))).status).toBe(401);
    const answer = await fetch(new URL("/metrics", url), { headers: bearer });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const samples = samplesOf(await answer.text());
    expect(samples.get('kube_inflight_informer_objects{cluster="demo",informer="v1/pods"}')).toBe(7);
    expect(samples.get("kube_inflight_hub_connections")).toBe(0);
    expect((await fetch(new URL("/metrics", url), { method: "POST", headers: bearer })).status).toBe(404);
  });
});

describe("listening", () => {
  it("takes the next port when the usual one is taken", async () => {
    const port = await takenPort();
    const { url, loginUrl } = await aServer({ listen: { host: "127.0.0.1", port, whenTaken: "next" } }).listen();
    expect(Number(new URL(url).port)).toBeGreaterThan(port);
    expect((await fetch(new URL("/readyz", url))).status).toBe(200);
    expect(loginUrl).toMatch(new RegExp(`^${url}login\\?code=[\\w-]{43}$`));
  });

  it("says so when the port that was asked for is taken", async () => {
    const port = await takenPort();
    const failed = aServer({ listen: { host: "127.0.0.1", port, whenTaken: "fail" } }).listen();
    await expect(failed).rejects.toBeInstanceOf(PortTakenError);
    await expect(failed).rejects.toThrow(`port ${port} of 127.0.0.1 is taken`);
  });

  it("says which address cannot be used", async () => {
    await expect(aServer({ listen: { ...anyPort, host: "192.0.2.1" } }).listen()).rejects.toThrow(
      /cannot listen on 192/,
    );
  });

  it("is over at once, also with connections open, and can be ended twice", async () => {
    const server = aServer();
    const { url } = await server.listen();
    await fetch(new URL("/healthz", url));
    await Promise.all([server.close(), server.close()]);
    await expect(fetch(new URL("/healthz", url))).rejects.toThrow();
  });

  it("speaks HTTPS with the certificate that is given, and marks its cookie secure", async () => {
    const { authority, certificate, key } = await issueCertificates(Date.now());
    const tls = { certPath: join(directory, "cert.pem"), keyPath: join(directory, "key.pem") };
    writeFileSync(tls.certPath, certificate);
    writeFileSync(tls.keyPath, key);
    const { loginUrl } = await aServer({ listen: { ...anyPort, tls } }).listen();
    const response = await new Promise<{ status: number | undefined; cookie: string | undefined }>(
      (resolve, reject) => {
        get(loginUrl, { ca: authority, agent: false }, (answer) => {
          answer.resume();
          resolve({ status: answer.statusCode, cookie: answer.headers["set-cookie"]?.[0] });
        }).on("error", reject);
      },
    );
    expect(response).toEqual({ status: 303, cookie: expect.stringMatching(/; Secure$/) });
  });
});

describe("REST", () => {
  it("does what the routes say", async () => {
    const cluster = new FakeCluster("demo");
    cluster.greet = (view) => view.snapshot({ topic: view.topic, ...(view.view as object) });
    const { url } = await aServer({ cluster }).listen();
    const ask = async (method: string, path: string, body?: object) => {
      const init = { method, headers: body === undefined ? bearer : json };
      const response = await fetch(new URL(`/api/clusters${path}`, url), {
        ...init,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    };
    const window = { offset: 0, limit: 10 };
    expect(await ask("GET", "")).toMatchObject({
      status: 200,
      body: { clusters: [{ id: "demo" }], server: { version: "1.2.3" } },
    });
    expect(await ask("POST", "", { demo: true })).toMatchObject({
      status: 409,
      body: { ok: false, code: "demo-runs" },
    });
    expect(await ask("POST", "", { context: "prod" })).toMatchObject({
      status: 200,
      body: { ok: true, cluster: { id: "prod" } },
    });
    expect(await ask("DELETE", "/prod")).toEqual({ status: 200, body: { ok: true } });
    expect(await ask("DELETE", "/prod")).toMatchObject({ status: 404, body: { code: "no-such-cluster" } });
    expect(await ask("GET", "/demo/resources")).toMatchObject({
      status: 200,
      body: { resources: [{ key: "v1/pods" }] },
    });
    expect(await ask("GET", "/demo/informers")).toEqual({ status: 200, body: { topic: "informers" } });
    expect(await ask("GET", "/demo/informers/v1%2Fpods%3Fa%3Db")).toEqual({
      status: 200,
      body: { topic: "informer", informer: "v1/pods?a=b" },
    });
    expect(await ask("GET", "/demo/queue?limit=10")).toEqual({
      status: 200,
      body: {
        lanes: { topic: "lanes", active: window, backoff: window, unschedulable: window },
        events: { topic: "events" },
      },
    });
    expect(await ask("GET", "/demo/queue?limit=1000")).toMatchObject({
      status: 400,
      body: { code: "invalid-request" },
    });
    expect(await ask("POST", "/demo/informers/v1%2Fpods/handlers", { kind: "count", owner: "me", times: 2 })).toEqual({
      status: 200,
      body: { ok: true, informer: "v1/pods", registrations: [1, 2], syntheticAdds: 0 },
    });
    expect(await ask("DELETE", "/demo/handlers/2")).toMatchObject({ status: 200, body: { ok: true } });
    expect(await ask("DELETE", "/demo/handlers/3")).toMatchObject({ status: 404, body: { code: "no-such-handle" } });
    const filter = { namespace: "shop", cel: "true" };
    expect(await ask("POST", "/demo/informers/v1%2Fpods/handlers/preview", { filter })).toEqual({
      status: 200,
      body: { ok: true, informer: "v1/pods", effect: "starts", nextHandle: 3, problems: [] },
    });
    expect(await ask("POST", "/demo/informers/v1%2Fpods/handlers/preview", { filter: { sql: "" } })).toMatchObject({
      status: 400,
      body: { code: "invalid-request" },
    });
    expect(await ask("GET", "/demo/handlers/1/lines/7")).toEqual({ status: 200, body: { ok: true, object: {} } });
    expect(await ask("POST", "/demo/owners/a%2Fb/release")).toEqual({ status: 200, body: { ok: true, leaked: 0 } });
    expect(await ask("POST", "/demo/informers/v1%2Fpods/relist")).toEqual({
      status: 200,
      body: { ok: true, isAsked: true },
    });
    expect(await ask("POST", "/demo/informers/v1%2Fpods/replay")).toMatchObject({ status: 200 });
    expect(await ask("POST", "/demo/informers/v1%2Fpods/replay", { registration: 2 })).toMatchObject({ status: 200 });
    expect(await ask("POST", "/demo/informers/v1%2Fpods/verify")).toMatchObject({
      status: 200,
      body: { ok: true, result: { missing: { count: 0 } } },
    });
    expect(await ask("PATCH", "/demo/scheduler", { isPaused: true })).toMatchObject({ status: 200 });
    expect(await ask("POST", "/demo/scheduler/steps", { step: "pop" })).toMatchObject({ status: 200 });
    expect(await ask("POST", "/demo/scenario", { scenario: "gated" })).toMatchObject({ status: 200 });
    expect(await ask("POST", "/demo/scenario", { scenario: "opera" })).toMatchObject({ status: 400 });
    const undone = { ok: true, step: "pop shop/web-1" };
    expect(await ask("POST", "/demo/scheduler/undo")).toMatchObject({ status: 200, body: undone });
    expect(await ask("POST", "/demo/scheduler/redo")).toMatchObject({ status: 200, body: undone });
    expect(cluster.asked).toEqual([
      "resources",
      "addHandler v1/pods count",
      "removeHandler 2",
      "removeHandler 3",
      "previewHandler v1/pods",
      "lineObject 1 7",
      "releaseOwner a/b",
      "relist v1/pods",
      "replay v1/pods",
      "replay v1/pods 2",
      "verify v1/pods",
      "setScheduler",
      "step",
      "play gated",
      "undo",
      "redo",
    ]);
  });

  it("describes itself", async () => {
    const { url } = await aServer().listen();
    const response = await fetch(new URL("/api/openapi.json", url), { headers: bearer });
    const { openapi, paths } = (await response.json()) as { openapi: string; paths: Record<string, object> };
    expect(openapi).toBe("3.1.0");
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    // In which order they were written says nothing.
    expect(new Set(operations)).toEqual(
      new Set([
        "get /api/clusters",
        "get /api/clusters/{id}/faults",
        "post /api/clusters/{id}/faults",
        "delete /api/clusters/{id}/faults",
        "delete /api/clusters/{id}/faults/{fault}",
        "post /api/clusters",
        "delete /api/clusters/{id}",
        "get /api/clusters/{id}/resources",
        "get /api/clusters/{id}/informers",
        "get /api/clusters/{id}/informers/{key}",
        "post /api/clusters/{id}/informers/{key}/handlers",
        "post /api/clusters/{id}/informers/{key}/handlers/preview",
        "get /api/clusters/{id}/handlers/{handle}/lines/{seq}",
        "post /api/clusters/{id}/owners/{owner}/release",
        "delete /api/clusters/{id}/handlers/{handle}",
        "post /api/clusters/{id}/informers/{key}/relist",
        "post /api/clusters/{id}/informers/{key}/replay",
        "post /api/clusters/{id}/informers/{key}/verify",
        "get /api/clusters/{id}/queue",
        "get /api/clusters/{id}/queue/history",
        "get /api/clusters/{id}/queue/transitions",
        "get /api/clusters/{id}/scheduler",
        "patch /api/clusters/{id}/scheduler",
        "post /api/clusters/{id}/scenario",
        "post /api/clusters/{id}/scheduler/redo",
        "post /api/clusters/{id}/scheduler/steps",
        "post /api/clusters/{id}/scheduler/undo",
        "get /api/clusters/{id}/attention",
        "get /api/clusters/{id}/pods",
        "get /api/clusters/{id}/pods/{namespace}/{name}/diagnosis",
        "get /api/clusters/{id}/pods/{namespace}/{name}/yaml",
      ]),
    );
  });

  it("that is read-only lets handlers come and go, and nothing else change", async () => {
    const cluster = new FakeCluster("demo");
    const { url } = await aServer({ cluster, isReadOnly: true }).listen();
    const statusOf = async (method: string, path: string, body?: object) => {
      const init = { method, headers: json, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      return (await fetch(new URL(`/api/clusters${path}`, url), init)).status;
    };
    expect(await statusOf("POST", "", { demo: true })).toBe(403);
    expect(await statusOf("DELETE", "/demo")).toBe(403);
    expect(await statusOf("PATCH", "/demo/scheduler", { isPaused: true })).toBe(403);
    expect(await statusOf("POST", "/demo/scheduler/steps", { step: "pop" })).toBe(403);
    expect(await statusOf("POST", "/demo/scenario", { scenario: "gated" })).toBe(403);
    expect(await statusOf("POST", "/demo/scheduler/undo")).toBe(403);
    expect(await statusOf("POST", "/demo/scheduler/redo")).toBe(403);
    expect(await statusOf("POST", "/demo/faults", { kind: "drop" })).toBe(403);
    expect(await statusOf("DELETE", "/demo/faults")).toBe(403);
    expect(await statusOf("DELETE", "/demo/faults/fault-1")).toBe(403);
    expect(cluster.asked).toEqual([]);
    expect(await statusOf("POST", "/demo/informers/v1%2Fpods/handlers", { kind: "tail", owner: "me" })).toBe(200);
    expect(await statusOf("DELETE", "/demo/handlers/1")).toBe(200);
  });
});

describe("the built user interface", () => {
  it("is served as it was at the start, compressed where that pays, and never what is hidden", async () => {
    writeFileSync(join(directory, "index.html"), "home");
    writeFileSync(join(directory, "queue.html"), "queue ".repeat(1000));
    writeFileSync(join(directory, "404.html"), "lost");
    writeFileSync(join(directory, ".stamp"), "hidden");
    const { url } = await aServer().listen();
    writeFileSync(join(directory, "queue.html"), "the next build");
    const page = (path: string, headers = {}) => fetch(new URL(path, url), { headers: { ...bearer, ...headers } });

    const queue = await page("/queue?cluster=demo", { "accept-encoding": "gzip, br" });
    expect(await queue.text()).toBe("queue ".repeat(1000));
    expect(queue.headers.get("content-encoding")).toBe("br");
    expect(queue.headers.get("vary")).toBe("Accept-Encoding");
    const again = await page("/queue", { "if-none-match": queue.headers.get("etag") ?? "" });
    expect(again.status).toBe(304);
    expect(again.headers.get("content-security-policy")).toBe(queue.headers.get("content-security-policy"));
    const home = await page("/");
    expect([home.headers.get("content-encoding"), await home.text()]).toEqual([null, "home"]);
    const lost = await page("/.stamp");
    expect([lost.status, await lost.text()]).toEqual([404, "lost"]);
    expect((await page("/queue", { range: "bytes=9-2" })).status).toBe(200);
    expect((await fetch(new URL("/queue", url), { method: "POST", headers: bearer })).status).toBe(405);
  });
});
