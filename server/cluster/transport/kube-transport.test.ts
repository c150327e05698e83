import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ConnectionError, DecodeError, type ListPart, type WatchEvent } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import { systemClock } from "#server/clock.ts";
import type { ClusterAccess } from "#server/cluster/kubeconfig/index.ts";
import { connectionOptions } from "./dispatchers.ts";
import { describeProblem, KubeTransport, KubeWriter, type ExchangeOptions } from "./index.ts";
import { accessOf, inBase64 } from "./testing/access.ts";
import { Authority } from "./testing/certificates.ts";
import { ScriptedServer, sendJson } from "./testing/scripted-server.ts";

let authority: Authority;
let server: ScriptedServer;
const open: { close(): Promise<void> }[] = [];

const pods = { group: "", version: "v1", resource: "pods" };
const firstList = { resourceVersion: "0", limit: 500, continue: "" };
const someWatch = {
  resourceVersion: "7",
  allowWatchBookmarks: true,
  timeoutSeconds: 300,
  sendInitialEvents: false,
  resourceVersionMatch: "",
} as const;

beforeAll(async () => {
  authority = await Authority.create("test");
  server = await ScriptedServer.start(
    await authority.issue("server", [{ type: "ip", value: "127.0.0.1" }]),
    authority.pem,
  );
});
afterAll(() => server.stop());
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function optionsWith(more: Partial<ExchangeOptions> = {}): ExchangeOptions {
  return { clock: systemClock, environment: {}, isExecApproved: () => false, userAgent: "kube-inflight/test", ...more };
}

function transportTo(access: ClusterAccess, more?: Partial<ExchangeOptions>): KubeTransport {
  const transport = new KubeTransport(access, optionsWith(more));
  open.push(transport);
  return transport;
}

const trusting = (more: object = {}) => ({
  server: server.url,
  "certificate-authority-data": inBase64(authority.pem),
  ...more,
});

function plain(user: unknown = { token: "t" }): KubeTransport {
  return transportTo(accessOf(trusting(), user));
}

async function listed(transport: KubeTransport, signal = new AbortController().signal) {
  const parts: ListPart<KubeObject>[] = [];
  for await (const part of await transport.listerWatcher(pods).list(firstList, signal)) parts.push(part);
  return {
    names: parts.flatMap((part) => (part.kind === "items" ? part.items.map(({ metadata }) => metadata.name) : [])),
    metadata: parts.find((part) => part.kind === "metadata")?.metadata,
  };
}

/** What a watch handed over, and how it ended. */
async function watched(transport: KubeTransport) {
  const events: WatchEvent<KubeObject>[] = [];
  try {
    const batches = await transport.listerWatcher(pods).watch(someWatch, new AbortController().signal);
    for await (const batch of batches) events.push(...batch);
  } catch (error) {
    return { events, error };
  }
  return { events, error: undefined };
}

const added = (name: string) => ({ type: "ADDED", object: { apiVersion: "v1", kind: "Pod", metadata: { name } } });
const line = (value: unknown) => `${JSON.stringify(value)}\n`;

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("expected a failure");
}

describe("a list", () => {
  it("asks for one resource with its selectors, and hands over items and metadata", async () => {
    server.answers((_, response) =>
      sendJson(response, {
        kind: "PodList",
        metadata: { resourceVersion: "9", continue: "c", remainingItemCount: 3 },
        items: [added("a").object, added("é").object],
      }),
    );
    const source = plain().listerWatcher({
      ...pods,
      namespace: "a b",
      fieldSelector: "status.phase!=Failed",
      labelSelector: "x in (1,2)",
    });
    const parts: ListPart<KubeObject>[] = [];
    for await (const part of await source.list(firstList, new AbortController().signal)) parts.push(part);
    expect(parts[0]).toEqual({
      kind: "metadata",
      metadata: { resourceVersion: "9", continue: "c", remainingItemCount: 3 },
    });
    expect(parts.flatMap((part) => (part.kind === "items" ? part.items : []))).toEqual([
      added("a").object,
      added("é").object,
    ]);
    const { url, headers, method } = server.seen[0] ?? { url: "", headers: {} };
    expect(method).toBe("GET");
    expect(url.split("?")[0]).toBe("/api/v1/namespaces/a%20b/pods");
    expect(Object.fromEntries(new URL(url, server.url).searchParams)).toEqual({
      fieldSelector: "status.phase!=Failed",
      labelSelector: "x in (1,2)",
      resourceVersion: "0",
      limit: "500",
    });
    expect(headers).toMatchObject({
      authorization: "Bearer t",
      accept: "application/json",
      "user-agent": "kube-inflight/test",
    });
  });

  it("of a group below a path goes there", async () => {
    server.answers((_, response) => sendJson(response, { items: [] }));
    const transport = transportTo(accessOf(trusting({ server: `${server.url}/k8s/clusters/c-1/` }), { token: "t" }));
    const source = transport.listerWatcher({ group: "apps", version: "v1", resource: "deployments" });
    for await (const _ of await source.list(firstList, new AbortController().signal)) void _;
    expect(server.seen[0]?.url).toMatch(/^\/k8s\/clusters\/c-1\/apis\/apps\/v1\/deployments\?/);
  });

  it("that breaks off in its body is a connection error", async () => {
    server.answers((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"items":[{"metadata":{"name":"a"}},{"me', () => response.destroy());
    });
    expect(await failureOf(listed(plain()))).toBeInstanceOf(ConnectionError);
  });

  it.each([
    ["this is not JSON", "application/json"],
    ['{"items":[{"metadata":{}},', "application/json"],
    ['{"items":[1]}', "application/json"],
    ["<html>Sign in</html>", "text/html"],
  ])("of %j as %s cannot be decoded", async (body, contentType) => {
    server.answers((_, response) => response.writeHead(200, { "content-type": contentType }).end(body));
    expect(await failureOf(listed(plain()))).toBeInstanceOf(DecodeError);
  });

  it("that is aborted ends, with request and connection", async () => {
    server.answers((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"items":[');
    });
    const controller = new AbortController();
    const transport = plain();
    const parts = await transport.listerWatcher(pods).list(firstList, controller.signal);
    const closed = expect.poll(() => server.connections);
    controller.abort();
    expect(
      await failureOf(
        (async () => {
          for await (const _ of parts) void _;
        })(),
      ),
    ).toBeInstanceOf(ConnectionError);
    await closed.toBe(0);
    expect(await failureOf(listed(transport, controller.signal))).toBeInstanceOf(ConnectionError);
    expect(server.seen).toHaveLength(1);
  });
});

describe("a watch", () => {
  it("hands events over as they come", async () => {
    let send: ((text: string) => void) | undefined;
    server.answers((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.flushHeaders();
      send = (text) => response.write(text);
    });
    const controller = new AbortController();
    const batches = await plain().listerWatcher(pods).watch(someWatch, controller.signal);
    const iterator = batches[Symbol.asyncIterator]();
    send?.(line(added("a")) + JSON.stringify(added("b")));
    expect((await iterator.next()).value).toEqual([added("a"), added("b")]);
    send?.(`\n{"type":"BOOKMARK","object":{"apiVersion":"v1","kind":"Pod","metadata":{"resourceVersion":"9"}}}`);
    expect((await iterator.next()).value).toEqual([{ type: "BOOKMARK", metadata: { resourceVersion: "9" } }]);
    expect(server.seen[0]?.url).toBe(
      "/api/v1/pods?watch=true&resourceVersion=7&allowWatchBookmarks=true&timeoutSeconds=300",
    );
    controller.abort();
    expect(await failureOf(iterator.next())).toBeInstanceOf(ConnectionError);
  });

  it("ends when the body ends, and drops half an event", async () => {
    server.answers((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(`${line(added("a"))}{"type":"ADDED","object":{"kind":"Pod"`);
    });
    expect(await watched(plain())).toEqual({ events: [added("a")], error: undefined });
  });

  it.each(["this is not JSON\n", '{"type":"RENAMED","object":{}}\n', '{"type":"ADDED","object":{"metadata":{}}}\n'])(
    "fails at %j, after the events before it",
    async (garbage) => {
      server.answers((_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.write(line(added("a")) + garbage);
      });
      const { events, error } = await watched(plain());
      expect(events).toEqual([added("a")]);
      expect(error).toBeInstanceOf(DecodeError);
      await expect.poll(() => server.connections).toBe(0);
    },
  );

  it("that is reset fails, after the events before it", async () => {
    server.answers((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write(line(added("a")), () => server.reset());
    });
    const { events, error } = await watched(plain());
    expect(events).toEqual([added("a")]);
    expect(error).toMatchObject({ name: "ConnectionError", kind: "reset" });
  });

  it("has a connection of its own", () => {
    expect(connectionOptions).toMatchObject({ allowH2: false, pipelining: 1 });
  });
});

describe("a refusal", () => {
  it("carries the Status", async () => {
    server.answers((_, response) =>
      sendJson(
        response,
        {
          kind: "Status",
          code: 504,
          reason: "Timeout",
          message: "Too large resource version",
          details: { causes: [{ reason: "ResourceVersionTooLarge" }], retryAfterSeconds: 1 },
        },
        504,
        { "retry-after": "1" },
      ),
    );
    expect(await failureOf(listed(plain()))).toMatchObject({
      code: 504,
      reason: "Timeout",
      causes: [{ reason: "ResourceVersionTooLarge" }],
      retryAfterSeconds: 1,
    });
  });

  it.each([
    ["text/plain", 403, "no\n", "Forbidden", "no"],
    ["text/html", 502, "<html>", "InternalError", "the server answered with status 502"],
    ["application/json", 500, "{", "InternalError", "the server answered with status 500"],
  ])("as %s has the reason of its code", async (contentType, code, body, reason, message) => {
    server.answers((_, response) => response.writeHead(code, { "content-type": contentType }).end(body));
    expect(await failureOf(listed(plain()))).toMatchObject({ name: "ApiStatusError", code, reason, message });
  });

  it("of a sign-in that cannot be renewed is not asked for twice", async () => {
    server.answers((_, response) => response.writeHead(401).end());
    const error = await failureOf(listed(plain()));
    expect(describeProblem(error)).toMatchObject({ code: "sign-in-expired", title: "Sign-in expired" });
    expect(server.seen).toHaveLength(1);
  });

  it("of an expired client certificate is explained", async () => {
    server.answers((_, response) => sendJson(response, { kind: "Status", code: 401, message: "Unauthorized" }, 401));
    const expired = await authority.issue("joe", [], -3);
    const error = await failureOf(
      listed(
        plain({ "client-certificate-data": inBase64(expired.certificate), "client-key-data": inBase64(expired.key) }),
      ),
    );
    expect(error).toMatchObject({ name: "ApiStatusError", code: 401 });
    expect(describeProblem(error)).toMatchObject({
      title: "Certificate expired",
      message: expect.stringMatching(/^The client certificate expired on \d{4}-/),
    });
  });
});

describe("no answer", () => {
  const titleOf = async (access: ClusterAccess) => {
    const error = await failureOf(transportTo(access).serverVersion());
    return [(error as ConnectionError).kind, describeProblem(error).title];
  };

  it("is told apart by what happened", async () => {
    const unused = createServer().listen(0, "127.0.0.1");
    await once(unused, "listening");
    const { port } = unused.address() as AddressInfo;
    unused.close();
    await once(unused, "close");
    expect(await titleOf(accessOf({ server: `https://127.0.0.1:${port}` }))).toEqual(["refused", "Connection refused"]);
    expect(await titleOf(accessOf({ server: "https://no-such-host.invalid" }))).toEqual(["dns", "Unknown host"]);
    expect(await titleOf(accessOf({ server: server.url }))).toEqual(["tls", "TLS mismatch"]);
    server.answers((_, response) => response.destroy());
    expect(await titleOf(accessOf(trusting()))).toEqual(["eof", "Connection lost"]);
  });

  it("comes of a name that the certificate does not have, until the kubeconfig says it", async () => {
    const named = await ScriptedServer.start(
      await authority.issue("kube", [{ type: "dns", value: "kube" }]),
      authority.pem,
    );
    try {
      named.answers((_, response) => sendJson(response, { gitVersion: "v1.36.3" }));
      const cluster = trusting({ server: named.url });
      expect(await titleOf(accessOf(cluster))).toEqual(["tls", "TLS mismatch"]);
      const access = accessOf({ ...cluster, "tls-server-name": "kube" });
      expect(await transportTo(access).serverVersion()).toBe("v1.36.3");
      const careless = accessOf({ server: named.url, "insecure-skip-tls-verify": true });
      expect(await transportTo(careless).serverVersion()).toBe("v1.36.3");
    } finally {
      await named.stop();
    }
  });

  it("comes of certificates that are none", async () => {
    const none = inBase64("-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n");
    expect(await titleOf(accessOf(trusting({ "certificate-authority-data": none })))).toEqual(["tls", "TLS mismatch"]);
    const user = { "client-certificate-data": none, "client-key-data": none };
    expect(await titleOf(accessOf(trusting(), user))).toEqual(["tls", "TLS mismatch"]);
  });

  it("comes of a server certificate that has expired", async () => {
    const expired = await authority.issue("server", [{ type: "ip", value: "127.0.0.1" }], -1);
    const old = await ScriptedServer.start(expired, authority.pem);
    try {
      expect(await titleOf(accessOf(trusting({ server: old.url })))).toEqual(["tls", "Certificate expired"]);
    } finally {
      await old.stop();
    }
  });
});

describe("connections", () => {
  it("are shared by requests that follow each other", async () => {
    server.answers((_, response) => sendJson(response, { gitVersion: "v1.36.3" }));
    const transport = plain();
    await expect.poll(() => server.connections).toBe(0);
    for (let turn = 0; turn < 20; turn++) await transport.serverVersion();
    // The next request may come before the client has put the last one away.
    expect(server.connections).toBeLessThanOrEqual(2);
  });
});

describe("discovery", () => {
  const verbs = ["get", "list", "watch"];
  it("takes the aggregated answer in two requests", async () => {
    server.answers(({ url }, response) => {
      const core = [
        {
          version: "v1",
          resources: [
            { resource: "pods", responseKind: { kind: "Pod" }, scope: "Namespaced", verbs, shortNames: ["po"] },
            { resource: "secrets", responseKind: { kind: "Secret" }, scope: "Namespaced", verbs },
            { resource: "bindings", responseKind: { kind: "Binding" }, scope: "Namespaced", verbs: ["create"] },
          ],
        },
      ];
      const group = ["v2", "v1"].map((version) => ({
        version,
        resources: [{ resource: "widgets", responseKind: { kind: "Widget" }, scope: "Cluster", verbs }],
      }));
      const items =
        url === "/api" ? [{ metadata: {}, versions: core }] : [{ metadata: { name: "example.com" }, versions: group }];
      sendJson(response, { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", items });
    });
    expect(await plain().discover()).toEqual([
      { group: "", version: "v1", resource: "pods", kind: "Pod", isNamespaced: true, verbs, shortNames: ["po"] },
      {
        group: "example.com",
        version: "v2",
        resource: "widgets",
        kind: "Widget",
        isNamespaced: false,
        verbs,
        shortNames: [],
      },
    ]);
    expect(server.seen.map(({ url }) => url).sort()).toEqual(["/api", "/apis"]);
    expect(server.seen[0]?.headers.accept).toContain("v=v2;as=APIGroupDiscoveryList");
  });

  it("walks a server that does not aggregate, and leaves out a group that does not answer", async () => {
    const answers: Record<string, unknown> = {
      "/api": { kind: "APIVersions", versions: ["v1"] },
      "/apis": {
        kind: "APIGroupList",
        groups: [
          {
            name: "example.com",
            versions: [{ version: "v1" }, { version: "v2" }],
            preferredVersion: { version: "v2" },
          },
          { name: "broken", versions: [{ version: "v1" }] },
        ],
      },
      "/api/v1": {
        resources: [
          { name: "pods", kind: "Pod", namespaced: true, verbs },
          { name: "pods/status", kind: "Pod", namespaced: true, verbs },
        ],
      },
      "/apis/example.com/v1": {
        resources: [
          { name: "widgets", kind: "Widget", namespaced: true, verbs },
          { name: "old", kind: "Old", namespaced: true, verbs },
        ],
      },
      "/apis/example.com/v2": { resources: [{ name: "widgets", kind: "Widget", namespaced: true, verbs }] },
    };
    server.answers(({ url }, response) => {
      const answer = answers[url];
      if (answer === undefined) response.writeHead(503).end();
      else sendJson(response, answer);
    });
    expect((await plain().discover()).map(({ group, version, resource }) => `${group}/${version}/${resource}`)).toEqual(
      ["/v1/pods", "example.com/v2/widgets", "example.com/v1/old"],
    );
  });

  it("fails as the server does", async () => {
    server.answers((_, response) => response.writeHead(401).end());
    expect(await failureOf(plain().discover())).toMatchObject({ code: 401 });
  });
});

describe("reading and writing", () => {
  it("a transport only gets, and posts the three self-reviews", async () => {
    server.answers((_, response) => sendJson(response, { kind: "Whatever", metadata: {}, items: [] }));
    const transport = plain();
    await listed(transport);
    await watched(transport);
    await transport.getObject(pods, { namespace: "default", name: "a" });
    await transport.getText({ path: "/metrics" });
    for (const kind of ["SelfSubjectAccessReview", "SelfSubjectRulesReview"] as const)
      await transport.review({ kind, spec: {} });
    await transport.review({ kind: "SelfSubjectReview" });
    expect(server.seen.map(({ method, url }) => `${method} ${url.split("?")[0]}`)).toEqual([
      "GET /api/v1/pods",
      "GET /api/v1/pods",
      "GET /api/v1/namespaces/default/pods/a",
      "GET /metrics",
      "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      "POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
      "POST /apis/authentication.k8s.io/v1/selfsubjectreviews",
    ]);
    expect(JSON.parse(server.seen[4]?.body ?? "")).toEqual({
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: {},
    });
    // Whoever adds a method that writes has to say so here.
    expect(Object.getOwnPropertyNames(KubeTransport.prototype).sort()).toEqual([
      "close",
      "constructor",
      "discover",
      "getJson",
      "getObject",
      "getText",
      "listerWatcher",
      "review",
      "serverVersion",
      "setAccess",
    ]);
  });

  it("Secrets are not read, and a name stays one segment of a path", async () => {
    server.answers((_, response) => sendJson(response, {}));
    const secrets = { group: "", version: "v1", resource: "secrets" };
    expect(() => plain().listerWatcher(secrets)).toThrow(RangeError);
    expect(await failureOf(plain().getObject(secrets, { namespace: "a", name: "b" }))).toBeInstanceOf(RangeError);
    expect(await failureOf(plain().getObject(pods, { namespace: "a", name: ".." }))).toBeInstanceOf(RangeError);
    await plain().getObject(pods, { namespace: "a", name: "../../secrets/b" });
    expect(server.seen.map(({ url }) => url)).toEqual(["/api/v1/namespaces/a/pods/..%2F..%2Fsecrets%2Fb"]);
  });

  it("a writer creates, updates, patches and deletes", async () => {
    server.answers((_, response) => sendJson(response, { kind: "Status", status: "Success" }));
    const writer = new KubeWriter(accessOf(trusting(), { token: "t" }), optionsWith());
    open.push(writer);
    const target = { ...pods, namespace: "default", name: "a" };
    await writer.create(pods, { metadata: { namespace: "default", name: "a" } });
    await writer.createSubresource({ ...target, subresource: "binding" }, { metadata: { name: "a" } });
    await writer.update({ ...target, subresource: "status" }, { metadata: { name: "a" } });
    await writer.patch(target, { type: "merge", body: { metadata: { labels: { a: "b" } } } });
    await writer.delete(target, { preconditions: { uid: "u" } });
    expect(server.seen.map(({ method, url, headers }) => `${method} ${url} ${headers["content-type"]}`)).toEqual([
      "POST /api/v1/namespaces/default/pods application/json",
      "POST /api/v1/namespaces/default/pods/a/binding application/json",
      "PUT /api/v1/namespaces/default/pods/a/status application/json",
      "PATCH /api/v1/namespaces/default/pods/a application/merge-patch+json",
      "DELETE /api/v1/namespaces/default/pods/a application/json",
    ]);
  });
});
