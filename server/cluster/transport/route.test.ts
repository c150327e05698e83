/** Which way requests take: through which proxy, and where to when the kubeconfig changed meanwhile. */
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ConnectionError, type WatchEvent } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import { systemClock } from "#server/clock.ts";
import { KubeTransport, type ExchangeOptions } from "./index.ts";
import { accessOf, inBase64 } from "./testing/access.ts";
import { Authority } from "./testing/certificates.ts";
import { httpProxy, socksProxy, type Proxy } from "./testing/proxies.ts";
import { ScriptedServer, sendJson } from "./testing/scripted-server.ts";

let authority: Authority;
let server: ScriptedServer;
let elsewhere: ScriptedServer;
const undos: (() => Promise<void>)[] = [];

beforeAll(async () => {
  authority = await Authority.create("test");
  const names = [{ type: "ip", value: "127.0.0.1" } as const, { type: "dns", value: "api.test" } as const];
  server = await ScriptedServer.start(await authority.issue("server", names), authority.pem);
  elsewhere = await ScriptedServer.start(await authority.issue("elsewhere", names), authority.pem);
});
afterAll(() => Promise.all([server.stop(), elsewhere.stop()]));
beforeEach(() => {
  for (const each of [server, elsewhere]) {
    each.answers(({ url }, response) => {
      if (url.includes("watch=true")) response.writeHead(200, { "content-type": "application/json" }).write("\n");
      else sendJson(response, { gitVersion: each === server ? "here" : "elsewhere" });
    });
  }
});
afterEach(async () => {
  for (const undo of undos.splice(0)) await undo();
});

/** The access to a server that only a proxy knows by this name, unless `cluster` says another. */
function access(cluster: object = {}, user: unknown = { token: "t" }) {
  const server = "https://api.test:6443";
  return accessOf({ server, "certificate-authority-data": inBase64(authority.pem), ...cluster }, user);
}

function transportTo(to: ReturnType<typeof access>, more: Partial<ExchangeOptions> = {}): KubeTransport {
  const options = { clock: systemClock, environment: {}, isExecApproved: () => false, userAgent: "test", ...more };
  const transport = new KubeTransport(to, options);
  undos.unshift(() => transport.close());
  return transport;
}

async function started(proxy: Promise<Proxy>): Promise<Proxy> {
  const running = await proxy;
  undos.push(() => running.stop());
  return running;
}

describe("a proxy", () => {
  it.each([
    { speaks: "http", proxy: () => httpProxy(server.port), url: (port: number) => `http://127.0.0.1:${port}` },
    {
      speaks: "https",
      proxy: async () => httpProxy(server.port, await authority.issue("p", [{ type: "ip", value: "127.0.0.1" }])),
      url: (port: number) => `https://127.0.0.1:${port}`,
    },
    { speaks: "socks5", proxy: () => socksProxy(server.port), url: (port: number) => `socks5://127.0.0.1:${port}` },
  ])(
    "of the kubeconfig that speaks $speaks leads to the server, by name or address and with TLS inside",
    async (one) => {
      const { port, tunnels } = await started(one.proxy());
      expect(await transportTo(access({ "proxy-url": one.url(port) })).serverVersion()).toBe("here");
      expect(tunnels).toEqual(["api.test:6443"]);
      const byAddress = { server: "https://127.0.0.9:6443", "tls-server-name": "api.test", "proxy-url": one.url(port) };
      expect(await transportTo(access(byAddress)).serverVersion()).toBe("here");
      expect(tunnels[1]).toBe("127.0.0.9:6443");
      expect(server.seen[0]?.headers.authorization).toBe("Bearer t");
    },
  );

  it("is told name and password of its URL, and the server is not", async () => {
    const { port, tunnels } = await started(httpProxy(server.port));
    await transportTo(access({ "proxy-url": `http://joe:s%20e@127.0.0.1:${port}` })).serverVersion();
    expect(tunnels).toEqual([`api.test:6443 Basic ${inBase64("joe:s e")}`]);
    expect(server.seen[0]?.headers["proxy-authorization"]).toBeUndefined();
  });

  it("of the environment leads there too; that of the kubeconfig counts before it", async () => {
    const [ours, theirs] = [await started(httpProxy(server.port)), await started(httpProxy(server.port))];
    const environment = { HTTPS_PROXY: `127.0.0.1:${theirs.port}` };
    await transportTo(access(), { environment }).serverVersion();
    await transportTo(access({ "proxy-url": `http://127.0.0.1:${ours.port}` }), { environment }).serverVersion();
    // Loopback needs none.
    await transportTo(access({ server: server.url }), { environment }).serverVersion();
    expect([ours.tunnels.length, theirs.tunnels.length]).toEqual([1, 1]);
  });

  it("carries a watch, which may be quiet there as well", async () => {
    const { port } = await started(socksProxy(server.port));
    const watch = await openWatch(transportTo(access({ "proxy-url": `socks5://127.0.0.1:${port}` })));
    expect(watch.isOpen()).toBe(true);
  });
});

describe("compression", () => {
  const pods = { group: "", version: "v1", resource: "pods" };
  const items = Array.from({ length: 3000 }, (_, index) => ({ metadata: { name: `p${index}` } }));
  const zipped = gzipSync(JSON.stringify({ metadata: { resourceVersion: "7" }, items }));
  /** By way of a proxy the server is far away. */
  const far = async () => {
    const { port } = await started(httpProxy(server.port));
    return transportTo(access({ "proxy-url": `http://127.0.0.1:${port}` }));
  };
  const sends = (body: Buffer): void =>
    server.answers((_, response) => {
      const headers = { "content-type": "application/json", "content-encoding": "gzip" };
      response.writeHead(200, headers).end(body);
    });
  const listed = async (transport: KubeTransport): Promise<number> => {
    const options = { resourceVersion: "0", limit: 500, continue: "" };
    let count = 0;
    for await (const part of await transport.listerWatcher(pods).list(options, new AbortController().signal)) {
      if (part.kind === "items") count += part.items.length;
    }
    return count;
  };

  it("is asked for where the server is far away, and of no watch", async () => {
    const transport = await far();
    await transport.serverVersion();
    await openWatch(transport);
    await transportTo(access({ server: server.url })).serverVersion();
    const asked = server.seen.map(({ headers }) => headers["accept-encoding"]);
    expect(asked).toEqual(["gzip", "identity", "identity"]);
    sends(zipped);
    expect(await listed(transport)).toBe(items.length);
  });

  it.each([
    ["ends too early", zipped.subarray(0, 2000), { name: "ConnectionError", kind: "eof" }],
    ["is none", Buffer.from("no such thing"), { name: "DecodeError", message: "the body is not gzip" }],
  ])("that %s is an error", async (_, body, error) => {
    const transport = await far();
    sends(body);
    await expect(listed(transport)).rejects.toMatchObject(error);
  });

  it("that nobody asked for is an error", async () => {
    const transport = await far();
    server.answers((_, response) => void response.writeHead(200, { "content-encoding": "br" }).end("x"));
    await expect(listed(transport)).rejects.toThrow("encoded as br");
  });

  it("does not hide why a request is refused", async () => {
    const transport = await far();
    const refusal = { kind: "Status", code: 403, reason: "Forbidden", message: "pods is forbidden" };
    server.answers((_, response) => {
      const headers = { "content-type": "application/json", "content-encoding": "gzip" };
      response.writeHead(403, headers).end(gzipSync(JSON.stringify(refusal)));
    });
    await expect(listed(transport)).rejects.toMatchObject({ code: 403, message: "pods is forbidden" });
  });
});

async function openWatch(transport: KubeTransport) {
  const options = {
    resourceVersion: "7",
    allowWatchBookmarks: true,
    timeoutSeconds: 300,
    sendInitialEvents: false,
    resourceVersionMatch: "",
  } as const;
  const pods = { group: "", version: "v1", resource: "pods" };
  const batches = await transport.listerWatcher(pods).watch(options, new AbortController().signal);
  let end: unknown;
  const read = async (): Promise<void> => {
    const events: WatchEvent<KubeObject>[] = [];
    for await (const batch of batches) events.push(...batch);
  };
  const ended = read().catch((error: unknown) => {
    end = error;
  });
  return { isOpen: () => end === undefined, ended, end: () => end };
}

describe("a kubeconfig that changed", () => {
  it("renews what requests are sent with; a watch that is open goes on", async () => {
    const transport = transportTo(access({ server: server.url }));
    const watch = await openWatch(transport);
    transport.setAccess(access({ server: server.url }, { token: "new", as: "kai" }));
    await transport.serverVersion();
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer t", "Bearer new"]);
    expect(server.seen[1]?.headers["impersonate-user"]).toBe("kai");
    expect(watch.isOpen()).toBe(true);
    // It is ended with the transport all the same.
    await transport.close();
    await watch.ended;
    expect(watch.end()).toBeInstanceOf(ConnectionError);
  });

  it("that names another server breaks off what is open to the old one", async () => {
    const transport = transportTo(access({ server: server.url }));
    const watch = await openWatch(transport);
    transport.setAccess(access({ server: elsewhere.url }));
    expect(await transport.serverVersion()).toBe("elsewhere");
    await watch.ended;
    expect(watch.end()).toMatchObject({ name: "ConnectionError", kind: "closed" });
    await expect.poll(() => server.connections).toBe(0);
  });
});
