/** Attacks on a real server over real sockets, each with the status code that it must meet. */
import { createHash } from "node:crypto";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { request, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { io, type Socket } from "socket.io-client";
import { protocolVersion, type Delta, type Snapshot } from "#lib/protocol/index.ts";
import { systemClock } from "#server/clock.ts";
import { createServer } from "#server/http/index.ts";
import { FakeCluster, FakeRegistry } from "#server/hub/testing/fake-clusters.ts";
import { Session, cookieName } from "#server/session.ts";
import { openSecrets } from "#server/state-dir.ts";

let base: string;
let server: ReturnType<typeof createServer>;
let cluster: FakeCluster;
let origin: string;
let loginUrl: string;
let cookie: string;
/** Of an instance on the next port that uses the same state directory, under the name of ours. */
let otherCookie: string;
let token: string;
const announced: string[] = [];

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), "kube-inflight-security-"));
  const outDir = join(base, "out");
  mkdirSync(join(outDir, "_next/static"), { recursive: true });
  writeFileSync(join(base, "outside.txt"), "a secret");
  writeFileSync(
    join(outDir, "index.html"),
    "<html><script>self.started = 1</script><script src=/a.js></script></html>",
  );
  writeFileSync(join(outDir, "queue.html"), "the queue");
  writeFileSync(join(outDir, "_next/static/a.js"), "1".repeat(5000));
  const { secrets } = openSecrets(join(base, "state"), { isNew: false });
  token = secrets.token;
  cluster = new FakeCluster("demo");
  server = createServer({
    config: { isReadOnly: false, listen: { host: "127.0.0.1", port: 0, whenTaken: "fail" } },
    session: new Session(systemClock, secrets),
    registry: new FakeRegistry(cluster),
    outDir,
    version: "0.0.0",
    clock: systemClock,
    logger: pino({ level: "silent" }),
    announceLogin: (url) => announced.push(url),
  });
  const listening = await server.listen();
  const port = Number(new URL(listening.url).port);
  const other = new Session(systemClock, secrets);
  otherCookie = `${cookieName(port)}=${other.exchange(other.createLoginCode(), port + 1)}`;
  origin = new URL(listening.url).origin;
  loginUrl = listening.loginUrl;
  cookie = await signIn(loginUrl);
});

afterAll(async () => {
  await server.close();
  rmSync(base, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Attack {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Node's own client, because `fetch` neither sends another Host nor leaves `..` in a path. */
function send(path: string, { method = "GET", headers = {}, body }: Attack = {}): Promise<Answer> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, body: Buffer.concat(chunks).toString("utf8") });
      });
    });
    // An attempt to become a WebSocket that succeeded.
    outgoing.on("upgrade", ({ statusCode = 0, headers }, socket) => {
      socket.destroy();
      resolve({ status: statusCode, headers, body: "" });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

async function signIn(url: string): Promise<string> {
  const { pathname, search } = new URL(url);
  const { status, headers } = await send(`${pathname}${search}`);
  expect(status).toBe(303);
  expect(headers.location).toBe("/");
  return headers["set-cookie"]?.[0]?.split(";", 1)[0] ?? "";
}

const asPage = () => ({ cookie, origin });
const asCli = () => ({ authorization: `Bearer ${token}` });
const asJson = { "content-type": "application/json" };
const handlers = "/api/clusters/demo/informers/v1%2Fpods/handlers";
const aHandler = JSON.stringify({ kind: "count", owner: "me" });

const polling = "/socket.io/?EIO=4&transport=polling";
const webSocket = "/socket.io/?EIO=4&transport=websocket";
const upgrade = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

/** The four ways in: what is refused must be refused at each of them. */
const ways = [
  { way: "GET", path: "/api/clusters", method: "GET", extra: {}, body: undefined },
  { way: "POST", path: handlers, method: "POST", extra: asJson, body: aHandler },
  { way: "polling", path: polling, method: "GET", extra: {}, body: undefined },
  { way: "WebSocket", path: webSocket, method: "GET", extra: upgrade, body: undefined },
];

describe.each(ways)("$way", ({ path, method, extra, body }) => {
  const attempt = (headers: Readonly<Record<string, string>>) =>
    send(path, { method, headers: { ...extra, ...headers }, ...(body === undefined ? {} : { body }) });

  it("works for our page and for the command line", async () => {
    const expected = extra === upgrade ? 101 : 200;
    expect((await attempt(asPage())).status).toBe(expected);
    expect((await attempt(asCli())).status).toBe(expected);
  });

  it.each([
    ["a foreign Origin", () => ({ ...asPage(), origin: "https://evil.example" }), 403, "origin-not-allowed"],
    ["a page on another port", () => ({ ...asPage(), origin: "http://127.0.0.1:3000" }), 403, "origin-not-allowed"],
    ["a sandboxed page", () => ({ ...asPage(), origin: "null" }), 403, "origin-not-allowed"],
    [
      "a foreign Origin with our token",
      () => ({ ...asCli(), origin: "https://evil.example" }),
      403,
      "origin-not-allowed",
    ],
    ["a rebound Host", () => ({ ...asPage(), host: "evil.example" }), 403, "host-not-allowed"],
    [
      "a rebound Host that agrees with its Origin",
      () => ({ ...asPage(), host: "evil.example:80", origin: "http://evil.example:80" }),
      403,
      "host-not-allowed",
    ],
    ["another site, by its fetch metadata", () => ({ ...asPage(), "sec-fetch-site": "cross-site" }), 403, "cross-site"],
    ["another port, by its fetch metadata", () => ({ ...asPage(), "sec-fetch-site": "same-site" }), 403, "cross-site"],
    ["no cookie", () => ({ origin }), 401, "not-signed-in"],
    ["another instance's cookie", () => ({ origin, cookie: otherCookie }), 401, "not-signed-in"],
    ["a forged cookie", () => ({ origin, cookie: `${cookie.slice(0, -2)}AA` }), 401, "not-signed-in"],
    ["a wrong token", () => ({ authorization: "Bearer wrong" }), 401, "not-signed-in"],
  ])("refuses %s", async (_, headers, status, code) => {
    const answer = await attempt(headers());
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ ok: false, code, message: expect.stringMatching(/\w+ \w+/) });
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
  });
});

describe("what changes something, and the socket", () => {
  it.each([
    ["POST", handlers],
    ["PATCH", "/api/clusters/demo/scheduler"],
    ["DELETE", "/api/clusters/demo"],
  ])("%s without an Origin is refused", async (method, path) => {
    const asked = cluster.asked.length;
    const answer = await send(path, { method, headers: { cookie, ...asJson }, body: method === "DELETE" ? "" : "{}" });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toMatchObject({ code: "origin-required" });
    expect(cluster.asked).toHaveLength(asked);
  });

  it("a handshake without an Origin is refused, by either transport", async () => {
    expect((await send(polling, { headers: { cookie } })).status).toBe(403);
    expect((await send(webSocket, { headers: { cookie, ...upgrade } })).status).toBe(403);
  });

  it("a poll of our page has no Origin, but the browser's word for it", async () => {
    expect((await send(polling, { headers: { cookie, "sec-fetch-site": "same-origin" } })).status).toBe(200);
  });

  it("a later poll and the upgrade of an open connection are judged too", async () => {
    const opened = await send(polling, { headers: asPage() });
    const { sid } = JSON.parse(opened.body.slice(1)) as { sid: string };
    const foreign = { cookie, origin: "https://evil.example" };
    expect((await send(`${polling}&sid=${sid}`, { headers: foreign })).status).toBe(403);
    expect((await send(`${polling}&sid=${sid}`, { method: "POST", headers: foreign, body: "40" })).status).toBe(403);
    expect((await send(`${webSocket}&sid=${sid}`, { headers: { ...foreign, ...upgrade } })).status).toBe(403);
    expect((await send(`${polling}&sid=${sid}`, { headers: { origin } })).status).toBe(401);
    expect((await send(`${polling}&sid=${sid}`, { method: "POST", headers: asPage(), body: "40" })).status).toBe(200);
  });

  it("nothing else is a WebSocket", async () => {
    expect((await send("/api/clusters", { headers: { ...asPage(), ...upgrade } })).status).toBe(404);
    expect((await send("/socket.iox/", { headers: { ...asPage(), ...upgrade } })).status).toBe(404);
  });
});

describe("signing in", () => {
  it("refuses a login code that was used, and prints a new link", async () => {
    const { pathname, search } = new URL(loginUrl);
    const replay = await send(`${pathname}${search}`, { headers: { accept: "text/html" } });
    expect(replay.status).toBe(401);
    expect(replay.headers["set-cookie"]).toBeUndefined();
    expect(replay.body).toContain("A new one has just been printed");
    expect(replay.body).not.toContain("code=");
    expect(announced).toHaveLength(1);
    expect(await signIn(announced[0] ?? "")).toMatch(/^ki-\d+=/);
  });

  it("does not print a link for every try", async () => {
    for (let attempt = 0; attempt < 20; attempt++) await send("/login?code=guess");
    expect(announced.length).toBeLessThanOrEqual(1);
  });

  it("refuses a link that another site leads to", async () => {
    expect((await send("/login?code=x", { headers: { "sec-fetch-site": "cross-site" } })).status).toBe(403);
  });

  it("does not use up a code for HEAD or POST", async () => {
    expect((await send("/login?code=x", { method: "HEAD" })).status).toBe(405);
    expect((await send("/login?code=x", { method: "POST", headers: asPage() })).status).toBe(404);
  });

  it("leads who is signed in to the page, with any link", async () => {
    expect(await send("/login?code=old", { headers: { cookie } })).toMatchObject({
      status: 303,
      headers: { location: "/" },
    });
  });

  it("shows a plain page to who is not signed in, whatever file it asks for", async () => {
    for (const path of ["/", "/queue", "/_next/static/a.js", "/no-such-page"]) {
      const answer = await send(path, { headers: { accept: "text/html,*/*" } });
      expect(answer.status).toBe(401);
      expect(answer.body).toContain("<h1>Sign in</h1>");
      expect(answer.body).not.toContain("<script");
    }
  });

  it("leaves only the probes open", async () => {
    expect(await send("/healthz")).toMatchObject({ status: 200, body: "ok\n" });
    expect(await send("/readyz")).toMatchObject({ status: 200, body: "ok\n" });
    expect((await send("/healthz", { headers: { host: "evil.example" } })).status).toBe(403);
  });
});

describe("paths and bodies", () => {
  it.each([
    "/../outside.txt",
    "/..%2foutside.txt",
    "/..%2Foutside.txt",
    "/%2e%2e/outside.txt",
    "/%2e%2e%2foutside.txt",
    "/_next/..%2f..%2foutside.txt",
    "/..%5coutside.txt",
    "/..%252foutside.txt",
    "/index.html%00",
    "/%c0%ae%c0%ae/outside.txt",
    "//outside.txt",
  ])("%s never leads out: 400", async (path) => {
    const answer = await send(path, { headers: asCli() });
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain("secret");
  });

  it.each(["/outside.txt", "/state/token", "/etc%2fpasswd", "/__proto__", "/constructor"])(
    "%s is no page: 404",
    async (path) => {
      expect((await send(path, { headers: asCli() })).status).toBe(404);
    },
  );

  it("a body of 2 MB is refused before it is read: 413", async () => {
    const big = "x".repeat(2_000_000);
    expect((await send(handlers, { method: "POST", headers: { ...asPage(), ...asJson }, body: big })).status).toBe(413);
    const chunked = { ...asPage(), ...asJson, "transfer-encoding": "chunked" };
    expect((await send(handlers, { method: "POST", headers: chunked, body: big })).status).toBe(413);
  });

  it.each(["PUT", "OPTIONS", "TRACE", "PROPFIND"])("%s is not used: 405", async (method) => {
    const answer = await send("/api/clusters", { method, headers: asCli() });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe("GET, HEAD, POST, PATCH, DELETE");
  });

  it("a form of another site cannot speak JSON: 415", async () => {
    const form = { ...asPage(), "content-type": "text/plain" };
    expect((await send(handlers, { method: "POST", headers: form, body: aHandler })).status).toBe(415);
  });

  it("what is no request is refused with what was expected: 400", async () => {
    for (const body of ["", "{", "[]", '{"kind":"builtIn","owner":"me"}', '{"kind":"count","owner":"me","x":1}']) {
      const answer = await send(handlers, { method: "POST", headers: { ...asPage(), ...asJson }, body });
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.body)).toMatchObject({ ok: false, code: "invalid-request" });
    }
  });

  it("tells nothing of what went wrong inside: 500", async () => {
    cluster.failure = new Error("token abc of /home/me/.kube/config");
    const answer = await send("/api/clusters/demo/resources", { headers: asCli() });
    cluster.failure = undefined;
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain("abc");
  });
});

describe("headers", () => {
  it.each(["/", "/queue", "/no-such-page", "/api/clusters", "/api/no-such-route", "/healthz"])(
    "of %s",
    async (path) => {
      const { headers } = await send(path, { headers: asCli() });
      expect(headers).toMatchObject({
        "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
    },
  );

  it("allow exactly the inline scripts of the page itself", async () => {
    const policyOf = async (path: string) =>
      (await send(path, { headers: asCli() })).headers["content-security-policy"]?.toString() ?? "";
    const hash = createHash("sha256").update("self.started = 1").digest("base64");
    expect(await policyOf("/queue")).toContain("script-src 'self';");
    expect(await policyOf("/")).toContain(`script-src 'self' 'sha256-${hash}';`);
    expect(await policyOf("/")).not.toContain("unsafe-eval");
  });

  it("let a browser keep what carries a hash in its name, and nothing else unasked", async () => {
    const cacheOf = async (path: string) => (await send(path, { headers: asCli() })).headers["cache-control"];
    expect(await cacheOf("/_next/static/a.js")).toBe("private, max-age=31536000, immutable");
    expect(await cacheOf("/")).toBe("no-cache");
    expect(await cacheOf("/api/clusters")).toBe("no-store");
  });
});

describe("sockets", () => {
  const open: Socket[] = [];
  afterEach(() => {
    for (const socket of open.splice(0)) socket.close();
    cluster.greet = () => {};
  });

  function connect(auth: object = { protocol: protocolVersion }): Socket {
    const socket = io(origin, {
      transports: ["websocket"],
      forceNew: true,
      reconnection: false,
      auth,
      extraHeaders: asPage(),
    });
    open.push(socket);
    return socket;
  }

  async function connected(): Promise<Socket> {
    const socket = connect();
    await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("connect_error", reject));
    return socket;
  }

  const heard = (socket: Socket, event: string): Promise<unknown> =>
    new Promise((resolve) => socket.once(event, resolve));
  const ask = (socket: Socket, event: string, message?: unknown): Promise<unknown> =>
    message === undefined ? socket.emitWithAck(event) : socket.emitWithAck(event, message);
  const events = (id: number) => ({ id, cluster: "demo", topic: "events", view: {} });
  const viewOfEvents = () => cluster.openViews.findLast(({ topic }) => topic === "events");

  /** Everything that was sent before this has been heard. */
  const settled = (socket: Socket) => ask(socket, "unsubscribe", { id: 1_000_000 });

  it("of another version are told to reload", async () => {
    for (const auth of [{ protocol: protocolVersion + 1 }, {}]) {
      const error = (await heard(connect(auth), "connect_error")) as Error & { data: unknown };
      expect(error.data).toMatchObject({ ok: false, code: "protocol-version" });
    }
  });

  it("subscribe, get a snapshot, then deltas, and leave", async () => {
    cluster.greet = (view) => view.snapshot({ n: 1 });
    const socket = await connected();
    const snapshot = heard(socket, "snapshot");
    expect(await ask(socket, "subscribe", events(1))).toEqual({ ok: true });
    expect(await snapshot).toMatchObject({ id: 1, value: { n: 1 } });
    const delta = heard(socket, "delta");
    viewOfEvents()?.delta({ n: 2 });
    const { seq } = (await delta) as Delta;
    expect(await ask(socket, "ack", { id: 1, seq })).toEqual({ ok: true });
    expect(await ask(socket, "unsubscribe", { id: 1 })).toEqual({ ok: true });
  });

  it("that send a frame of 2 MB are closed, and the server goes on", async () => {
    const socket = await connected();
    const gone = heard(socket, "disconnect");
    socket.emit("subscribe", "x".repeat(2_000_000));
    await gone;
    expect((await send("/healthz")).status).toBe(200);
    const posted = await send(polling, { headers: asPage() });
    const { sid } = JSON.parse(posted.body.slice(1)) as { sid: string };
    const big = { method: "POST", headers: asPage(), body: `42${JSON.stringify(["x", "x".repeat(2_000_000)])}` };
    expect((await send(`${polling}&sid=${sid}`, big)).status).toBe(413);
  });

  it("get 64 subscriptions, and are thrown out when they ask for 10,000", async () => {
    const socket = await connected();
    const gone = heard(socket, "disconnect");
    const told = new Map<string, number>();
    for (let id = 1; id <= 10_000; id++) {
      const view = { id, cluster: "demo", topic: "tail", view: { registration: id } };
      socket.emit("subscribe", view, (answer: { ok: boolean; code?: string }) => {
        const word = answer.ok ? "ok" : (answer.code ?? "");
        told.set(word, (told.get(word) ?? 0) + 1);
      });
    }
    expect(await gone).toBe("io server disconnect");
    expect(told.get("ok")).toBe(64);
    expect(told.get("too-many-subscriptions")).toBeGreaterThanOrEqual(300);
    expect(cluster.openViews.filter(({ topic }) => topic === "tail")).toHaveLength(64);
  });

  it("that send garbage are answered, then thrown out, and harm nobody", async () => {
    const good = await connected();
    await ask(good, "subscribe", events(1));
    const bad = await connected();
    const gone = heard(bad, "disconnect");
    const garbage: readonly unknown[] = [
      null,
      7,
      "x",
      [],
      { id: -1 },
      { ...events(1), topic: "secrets" },
      Buffer.alloc(9),
    ];
    expect(await ask(bad, "subscribe")).toMatchObject({ ok: false, code: "invalid-message" });
    for (const message of garbage) {
      expect(await ask(bad, "subscribe", message)).toMatchObject({ ok: false, code: "invalid-message" });
    }
    expect(await ask(bad, "delete everything", {})).toMatchObject({ ok: false, code: "unknown-event" });
    expect(await ask(bad, "subscribe", { ...events(2), cluster: "no" })).toMatchObject({ code: "no-such-cluster" });
    bad.emit("ack"); // nobody to answer to
    for (let n = 0; n < 30; n++) bad.emit("__proto__", { constructor: 1 }, null, [[[]]]);
    expect(await gone).toBe("io server disconnect");
    const delta = heard(good, "snapshot");
    viewOfEvents()?.snapshot({ n: 1 });
    expect(await delta).toMatchObject({ value: { n: 1 } });
  });

  it("cannot take a number twice or acknowledge what was not sent", async () => {
    const socket = await connected();
    await ask(socket, "subscribe", events(1));
    expect(await ask(socket, "subscribe", events(1))).toMatchObject({ ok: false, code: "subscription-id-taken" });
    expect(await ask(socket, "ack", { id: 1, seq: 99 })).toMatchObject({ ok: false, code: "nothing-to-acknowledge" });
    expect(await ask(socket, "ack", { id: 2, seq: 0 })).toMatchObject({ ok: false, code: "nothing-to-acknowledge" });
    expect(await ask(socket, "unsubscribe", { id: 2 })).toEqual({ ok: true });
  });

  it("that never acknowledge are owed eight messages, then one snapshot for all they missed", async () => {
    cluster.greet = (view) => view.snapshot({ n: 0 });
    const socket = await connected();
    const got: string[] = [];
    let seq = 0;
    let value: unknown;
    socket.on("snapshot", (message: Snapshot) => {
      ({ seq, value } = message);
      got.push("snapshot");
    });
    socket.on("delta", (message: Delta) => {
      ({ seq } = message);
      got.push("delta");
    });
    await ask(socket, "subscribe", { ...events(1), topic: "overview" });
    const view = cluster.openViews.findLast(({ topic }) => topic === "overview");
    for (let n = 1; n <= 5000; n++) view?.delta({ n, filler: "x".repeat(1000) });
    await settled(socket);
    expect(got).toHaveLength(8);
    const snapshot = heard(socket, "snapshot");
    await ask(socket, "ack", { id: 1, seq });
    await snapshot;
    expect(got.slice(8)).toEqual(["snapshot"]);
    expect(value).toMatchObject({ n: 5000 });
  });

  it("are told when their cluster goes", async () => {
    cluster.greet = (view) => view.snapshot({});
    const socket = await connected();
    await ask(socket, "subscribe", { ...events(5), topic: "informers" });
    const closed = heard(socket, "closed");
    const problem = { code: "detached", title: "Detached", message: "It was detached.", hint: "Attach it again." };
    cluster.openViews.findLast(({ topic }) => topic === "informers")?.closed(problem);
    expect(await closed).toEqual({ id: 5, problem });
  });

  it("beyond 200 are refused until one goes: 503", async () => {
    await Promise.all(Array.from({ length: 190 }, () => connected()));
    for (let more = 0; more < 10; more++) await send(polling, { headers: asPage() }); // some are open from before
    const full = await send(polling, { headers: asPage() });
    expect(full.status).toBe(503);
    expect(JSON.parse(full.body)).toMatchObject({ code: "too-many-sockets" });
    expect((await send(webSocket, { headers: { ...asPage(), ...upgrade } })).status).toBe(503);
    expect((await send("/api/clusters", { headers: asPage() })).status).toBe(200);
  });
});
