import { afterAll, beforeAll, expect, it } from "vitest";
import type { KubeObject } from "#lib/kube/index.ts";
import { systemClock } from "#server/clock.ts";
import type { Codec } from "./codec.ts";
import { KubeTransport } from "./index.ts";
import { jsonCodec } from "./json-codec.ts";
import { accessOf, inBase64 } from "./testing/access.ts";
import { Authority } from "./testing/certificates.ts";
import { ScriptedServer, sendJson } from "./testing/scripted-server.ts";

/** Names of objects, a line each; the first line of a list is its version. */
const names: Codec = {
  mediaType: "text/x-names",
  decode: (body) => ({ gitVersion: body.toString().trim() }),
  list: () => {
    let text = "";
    return {
      push: (piece) => {
        text += piece.toString();
        return { items: [] };
      },
      end: () => {
        const [resourceVersion = "", ...lines] = text.trim().split("\n");
        return { items: lines.map((name) => ({ metadata: { name } })), metadata: { resourceVersion } };
      },
    };
  },
  watch: () => ({
    push: (piece, events) => {
      for (const name of piece.toString().trim().split("\n")) {
        events.push({ type: "ADDED", object: { apiVersion: "v1", kind: "Pod", metadata: { name } } });
      }
    },
    end: () => {},
  }),
};

let authority: Authority;
let server: ScriptedServer;
let transport: KubeTransport;

beforeAll(async () => {
  authority = await Authority.create("test");
  const issued = await authority.issue("server", [{ type: "ip", value: "127.0.0.1" }]);
  server = await ScriptedServer.start(issued, authority.pem);
  const access = accessOf({ server: server.url, "certificate-authority-data": inBase64(authority.pem) });
  const options = { clock: systemClock, environment: {}, userAgent: "test", isExecApproved: () => false };
  transport = new KubeTransport(access, options, [names, jsonCodec]);
});
afterAll(async () => {
  await transport.close();
  await server.stop();
});

const { signal } = new AbortController();
const pods = () => transport.listerWatcher<KubeObject>({ group: "", version: "v1", resource: "pods" });

async function listed(): Promise<unknown[]> {
  const parts: unknown[] = [];
  const options = { resourceVersion: "0", limit: 500, continue: "" };
  for await (const part of await pods().list(options, signal)) parts.push(part);
  return parts;
}

async function watched(): Promise<string[]> {
  const options = {
    resourceVersion: "7",
    allowWatchBookmarks: true,
    timeoutSeconds: 300,
    sendInitialEvents: false,
    resourceVersionMatch: "",
  } as const;
  const found: string[] = [];
  for await (const batch of await pods().watch(options, signal)) {
    for (const event of batch) if ("object" in event) found.push(event.object.metadata.name ?? "");
  }
  return found;
}

it("of another media type needs nothing but to be named: it is asked for first, and reads what the server sends", async () => {
  server.answers(
    (_, response) => void response.writeHead(200, { "content-type": "text/x-names;v=1" }).end("7\na\nb\n"),
  );
  expect(await listed()).toEqual(
    [
      { kind: "items", items: [{ metadata: { name: "a" } }, { metadata: { name: "b" } }] },
      { kind: "metadata", metadata: { resourceVersion: "7" } },
    ].toReversed(),
  );
  expect(await watched()).toEqual(["7", "a", "b"]);
  expect(await transport.serverVersion()).toBe("7\na\nb");
  expect(server.seen.map(({ headers }) => headers.accept)).toEqual(
    Array.from({ length: 3 }, () => "text/x-names, application/json"),
  );
});

it("is the one that the server chose", async () => {
  server.answers((_, response) => sendJson(response, { items: [{ metadata: { name: "c" } }], metadata: {} }));
  expect(await listed()).toContainEqual({ kind: "items", items: [{ metadata: { name: "c" } }] });
  server.answers((_, response) => void response.writeHead(200).end('{"gitVersion":"v1"}'));
  expect(await transport.serverVersion()).toBe("v1");
});

it("is not there for what nobody asked for", async () => {
  server.answers((_, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<p>Sign in</p>"));
  await expect(listed()).rejects.toThrow("the answer is text/html, not text/x-names, application/json");
});
