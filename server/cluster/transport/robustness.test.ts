/** An informer on a real connection, to a server that does everything wrong once: nothing is lost, and it says why. */
import type { ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Abort } from "#lib/clock/index.ts";
import { retrying, SharedIndexInformer } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import { systemClock } from "#server/clock.ts";
import { describeProblem, KubeTransport } from "./index.ts";
import { accessOf, inBase64 } from "./testing/access.ts";
import { Authority } from "./testing/certificates.ts";
import { ScriptedServer, sendJson } from "./testing/scripted-server.ts";

let authority: Authority;
let server: ScriptedServer;
const undos: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  authority = await Authority.create("test");
  const issued = await authority.issue("server", [{ type: "ip", value: "127.0.0.1" }]);
  server = await ScriptedServer.start(issued, authority.pem);
});
afterAll(() => server.stop());
afterEach(async () => {
  for (const undo of undos.splice(0)) await undo();
});

const json = { "content-type": "application/json" };
const pod = (name: string, version: number) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "default", uid: name, resourceVersion: String(version) },
});
const line = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`;
const status = (code: number, reason: string, message: string, more: object = {}) => ({
  kind: "Status",
  code,
  reason,
  message,
  ...more,
});

/** What the server has, and will go on having. */
const objects = Array.from({ length: 40 }, (_, index) => pod(`p${index}`, 100 + index));
const whole = JSON.stringify({ kind: "PodList", metadata: { resourceVersion: "200" }, items: objects });

const sendList = (response: ServerResponse): void => void response.writeHead(200, json).end(whole);
const sendNothing = (response: ServerResponse): void => {
  response.writeHead(200, json).flushHeaders();
};

type Request = "list" | "watch";
interface Fault {
  readonly what: string;
  readonly at: Request;
  /** How often the server does it before it behaves. */
  readonly times?: number;
  readonly sends: (response: ServerResponse) => void;
  /** Title of the problem meanwhile; nothing where nobody need hear of it. */
  readonly title?: string;
}

const inPieces = (response: ServerResponse, text: string, size: number): void => {
  const bytes = Buffer.from(text);
  const next = (at: number): void => {
    if (at >= bytes.length) response.end();
    else response.write(bytes.subarray(at, at + size), () => setImmediate(next, at + size));
  };
  next(0);
};

const faults: readonly Fault[] = [
  { what: "sends a list byte by byte", at: "list", sends: (r) => inPieces(r.writeHead(200, json), whole, 7) },
  {
    what: "is reset in the middle of a list",
    at: "list",
    sends: (r) => void r.writeHead(200, json).write(whole.slice(0, 2000), () => server.reset()),
    title: "Connection lost",
  },
  {
    what: "ends a list in the middle of an item",
    at: "list",
    sends: (r) => void r.writeHead(200, json).end(whole.slice(0, 2001)),
    title: "Unreadable answer",
  },
  {
    what: "ends a list too early for its length",
    at: "list",
    sends: (r) => {
      r.writeHead(200, { ...json, "content-length": String(whole.length) }).write(whole.slice(0, 99));
      setImmediate(() => r.destroy());
    },
    title: "Connection lost",
  },
  {
    what: "never ends a list",
    at: "list",
    sends: (r) => void r.writeHead(200, json).write(whole.slice(0, 2000)),
    title: "Timed out",
  },
  {
    what: "sends garbage for a list",
    at: "list",
    sends: (r) => void r.writeHead(200, json).end("this is no list"),
    title: "Unreadable answer",
  },
  {
    what: "is a proxy with a page of its own",
    at: "list",
    sends: (r) => void r.writeHead(200, { "content-type": "text/html" }).end("<h1>Sign in</h1>"),
    title: "Unreadable answer",
  },
  {
    what: "is a proxy with an error page",
    at: "list",
    sends: (r) => void r.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad gateway</h1>"),
    title: "Server error",
  },
  {
    what: "answers in another media type",
    at: "list",
    sends: (r) => void r.writeHead(200, { "content-type": "application/vnd.kubernetes.protobuf" }).end("k8s\0"),
    title: "Unreadable answer",
  },
  {
    what: "has too many requests, and says when to come back",
    at: "list",
    times: 2,
    sends: (r) => sendJson(r, status(429, "TooManyRequests", "too many"), 429, { "retry-after": "0" }),
  },
  {
    what: "is overloaded and does not say when to come back",
    at: "list",
    sends: (r) => sendJson(r, status(503, "ServiceUnavailable", "overloaded"), 503),
    title: "Server error",
  },
  {
    what: "does not know a version that new yet",
    at: "list",
    sends: (r) => {
      const details = { causes: [{ message: "Too large resource version" }], retryAfterSeconds: 0 };
      sendJson(r, status(504, "Timeout", "Too large resource version", { details }), 504);
    },
  },
  {
    what: "has compacted the version that a watch wants, three times",
    at: "watch",
    times: 3,
    sends: (r) => void r.writeHead(200, json).end(line("ERROR", status(410, "Expired", "too old resource version"))),
  },
  {
    what: "refuses a watch because its version is gone",
    at: "watch",
    sends: (r) => sendJson(r, status(410, "Gone", "too old"), 410),
  },
  {
    what: "ends a watch in the middle of a line",
    at: "watch",
    sends: (r) =>
      void r.writeHead(200, json).end(line("MODIFIED", pod("p1", 201)) + line("ADDED", pod("x", 202)).slice(0, 50)),
  },
  {
    what: "sends a line of garbage in a watch",
    at: "watch",
    sends: (r) =>
      void r.writeHead(200, json).end(`${line("MODIFIED", pod("p1", 201))}not JSON\n${line("ADDED", pod("x", 202))}`),
  },
  {
    what: "sends an event of no type in a watch",
    at: "watch",
    sends: (r) => void r.writeHead(200, json).end(line("RENAMED", pod("p1", 201))),
  },
  {
    what: "resets a watch",
    at: "watch",
    sends: (r) => void r.writeHead(200, json).write(line("MODIFIED", pod("p1", 201)), () => server.reset()),
  },
  {
    what: "sends a page where a watch should be",
    at: "watch",
    sends: (r) => void r.writeHead(200, { "content-type": "text/html" }).end("<p>Bye</p>"),
  },
  {
    what: "ends watches at once, three times",
    at: "watch",
    times: 3,
    sends: (r) => void r.writeHead(200, json).end(),
  },
];

/** An informer whose waits are short, and a server that behaves but for the fault. */
function situation({ at, times = 1, sends }: Pick<Fault, "at" | "times" | "sends">) {
  const left = { list: 0, watch: 0, [at]: times };
  let live: ServerResponse | undefined;
  server.answers(({ url }, response) => {
    const request: Request = url.includes("watch=true") ? "watch" : "list";
    if (left[request]-- > 0) sends(response);
    else if (request === "list") sendList(response);
    else sendNothing((live = response));
  });
  const access = accessOf({ server: server.url, "certificate-authority-data": inBase64(authority.pem) });
  // Waits are tested where time stands still; here they are only long enough to be some.
  const clock = { ...systemClock, setTimer: (ms: number, run: () => void) => systemClock.setTimer(ms / 50, run) };
  const options = { clock: systemClock, environment: {}, userAgent: "test", isExecApproved: () => false };
  const transport = new KubeTransport(access, { ...options, bodyTimeoutMs: 300 });
  const titles = new Set<string>();
  const informer = new SharedIndexInformer<KubeObject>({
    source: retrying(transport.listerWatcher<KubeObject>({ group: "", version: "v1", resource: "pods" }), clock),
    clock,
    random: () => 0.5,
    isStreamingEnabled: false,
    onWatchError: (error) => void titles.add(describeProblem(error).title),
  });
  const seen = new Map<string, string>();
  const note = (object: KubeObject): void =>
    void seen.set(object.metadata.name ?? "", object.metadata.resourceVersion ?? "");
  informer.addEventHandler({ onAdd: note, onUpdate: (_, object) => note(object) });
  const stop = new Abort();
  const ended = informer.run(stop.signal);
  undos.push(async () => {
    stop.abort();
    await ended;
    await transport.close();
  });
  return { informer, titles, seen, watch: () => live };
}

describe("an informer, where the server", () => {
  it.each(faults)("$what, has everything in the end, and goes on", async (fault) => {
    const { informer, titles, seen, watch } = situation(fault);
    await expect
      .poll(() => watch() !== undefined && informer.state.phase === "watching", { timeout: 20_000 })
      .toBe(true);
    watch()?.write(line("ADDED", pod("new", 300)));
    await expect.poll(() => seen.get("new"), { timeout: 20_000 }).toBe("300");
    const names = new Set(informer.store.list().map(({ metadata }) => metadata.name));
    expect(names).toEqual(new Set([...objects.map(({ metadata }) => metadata.name), "new"]));
    expect(seen.size).toBe(objects.length + 1);
    if (fault.at === "list") expect([...titles]).toEqual(fault.title === undefined ? [] : [fault.title]);
  });
});
