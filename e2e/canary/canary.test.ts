/** What may be secret in a cluster leaves it by no route, no topic, no metric and no line of a log. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { protocolVersion, topics, type TopicName } from "#lib/protocol/index.ts";
import { RunningServer } from "../running-server.ts";
import { CanaryCluster } from "./cluster.ts";
import { canary, servedAt, visible } from "./objects.ts";

const patience = { timeout: 20_000, interval: 50 };
const informers = ["v1/pods", "v1/configmaps", "apps/v1/deployments", "example.com/v1/widgets"] as const;
const handlerKinds = ["tail", "diff", "count", "slow", "chain"] as const;
const expression = "object.metadata.labels['app'].startsWith('visible') || has(object.spec)";

let directory: string;
let cluster: CanaryCluster;
let server: RunningServer;
let socket: Socket;
/** Everything that came out of the server, with where it came from. */
const told: { readonly by: string; readonly text: string }[] = [];
/** Handles of the tails, by informer and kind. */
const handles = new Map<string, number>();

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "kube-inflight-canary-"));
  cluster = await CanaryCluster.start();
  const kubeconfig = join(directory, "config");
  writeFileSync(kubeconfig, cluster.kubeconfig);
  server = await RunningServer.start(["--kubeconfig", kubeconfig, "--log-level", "trace"]);
  socket = io(server.origin, {
    transports: ["websocket"],
    auth: { protocol: protocolVersion },
    extraHeaders: { authorization: `Bearer ${server.token}` },
  });
  socket.onAny((event: string, message: { readonly id: number; readonly seq?: number }) => {
    told.push({ by: `socket ${event} ${subscribed.get(message.id) ?? ""}`, text: JSON.stringify(message) });
    if (message.seq !== undefined) socket.emit("ack", { id: message.id, seq: message.seq });
  });
  await vi.waitFor(async () => expect((await ask("GET", "/api/clusters")).text).toContain('"connected"'), patience);
});
afterAll(async () => {
  socket.disconnect();
  await server.stop();
  await cluster.stop();
  rmSync(directory, { recursive: true });
});

async function ask(method: string, path: string, body?: unknown) {
  const response = await fetch(new URL(path, server.origin), {
    method,
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  told.push({ by: `${method} ${path}`, text });
  return { status: response.status, text };
}

const subscribed = new Map<number, string>();

function subscribe(topic: TopicName, view: unknown): Promise<unknown> {
  const id = subscribed.size + 1;
  subscribed.set(id, `${topic} ${JSON.stringify(view)}`);
  return socket.timeout(5_000).emitWithAck("subscribe", { id, cluster: "canary", topic, view });
}

const leaks = (): string[] => told.filter(({ text }) => text.includes(canary)).map(({ by }) => by);
const answers = (prefix: string): string[] => told.filter(({ by }) => by.startsWith(prefix)).map(({ text }) => text);
const pathOf = (informer: string): string => `/api/clusters/canary/informers/${encodeURIComponent(informer)}`;
const added = z.object({ registrations: z.array(z.number()) });
const described = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

describe("a canary in every place that may be secret", () => {
  it("is in the cluster", () => {
    for (const { objects } of servedAt(1)) {
      for (const object of objects) expect(JSON.stringify(object).split(canary).length).toBeGreaterThan(4);
    }
  });

  it("is seen by no handler of any kind, nor in what is said of a filter that looks for it", async () => {
    for (const informer of informers) {
      for (const kind of handlerKinds) {
        for (const filter of [{}, { cel: expression }]) {
          const answer = await ask("POST", `${pathOf(informer)}/handlers`, { kind, owner: "joe", filter });
          expect([informer, kind, answer.status, answer.text]).toEqual([informer, kind, 200, answer.text]);
          const [handle = 0] = added.parse(JSON.parse(answer.text)).registrations;
          handles.set(`${informer} ${kind}${"cel" in filter ? " cel" : ""}`, handle);
        }
      }
      await ask("POST", `${pathOf(informer)}/handlers/preview`, {
        filter: { cel: "object.spec.containers[0].env + 1" },
      });
    }
    for (const handle of handles.values()) await subscribe("tail", { registration: handle });
    const tailsOf = (part: string) => answers("socket").filter((text) => text.includes(part));
    await vi.waitFor(() => expect(tailsOf('"map"').length).toBeGreaterThan(0), patience);
    cluster.change();
    // Both turns have arrived, and a diff names what changed.
    await vi.waitFor(() => expect(tailsOf("labels.app").length).toBeGreaterThanOrEqual(informers.length), patience);
    expect(leaks()).toEqual([]);
  });

  it("is in no topic", async () => {
    const window = { offset: 0, limit: 50 };
    const pod = { namespace: "default", name: "pod" };
    const views: Readonly<Record<string, readonly unknown[]>> = {
      informer: informers.map((informer) => ({ informer })),
      tail: [...handles.values()].map((registration) => ({ registration, lines: 2000 })),
      lanes: [{ active: window, backoff: window, unschedulable: window }],
      history: [{ range: "15m" }],
      transitions: [{ limit: 50 }, { limit: 50, uid: "pod-uid" }],
      pods: [window, { ...window, fold: true }, { ...window, q: visible }],
      pod: [pod, { ...pod, groupBy: "pool", attempt: 1 }],
    };
    for (const topic of Object.keys(topics) as TopicName[]) {
      for (const view of views[topic] ?? [{}]) {
        expect(topics[topic].view.safeParse(view).success, `say here how ${topic} is looked at`).toBe(true);
        await subscribe(topic, view);
      }
    }
    const missing = () =>
      [...subscribed.values()].filter(
        (each) => !told.some(({ by }) => /snapshot|closed/.test(by) && by.endsWith(each)),
      );
    await vi.waitFor(() => expect(missing()).toEqual([]), patience);
    const before = answers("socket delta").length;
    cluster.change();
    await vi.waitFor(() => expect(answers("socket delta").length).toBeGreaterThan(before + informers.length), patience);
    expect(leaks()).toEqual([]);
  });

  it("is in no answer of any route", async () => {
    const { paths } = described.parse(JSON.parse((await ask("GET", "/api/openapi.json")).text));
    const tail = handles.get("example.com/v1/widgets diff") ?? 0;
    const filled: Readonly<Record<string, string>> = {
      id: "canary",
      key: encodeURIComponent("example.com/v1/widgets"),
      handle: String(tail),
      seq: "1",
      owner: "joe",
      namespace: "default",
      ns: "default",
      name: "pod",
      uid: "pod-uid",
      fault: "1",
    };
    const bodies: Readonly<Record<string, unknown>> = {
      handlers: { kind: "count", owner: "joe" },
      steps: { step: "pop" },
      scheduler: { isPaused: true },
    };
    const queries = ["", "?offset=0&limit=50", "?range=15m", "?limit=50"];
    // What ends something comes last.
    const operations = Object.entries(paths)
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ path, method: method.toUpperCase() })))
      .sort((a, b) => Number(a.method === "DELETE") - Number(b.method === "DELETE") || b.path.length - a.path.length);
    for (const { path, method } of operations) {
      const target = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
        const value = filled[name];
        if (value === undefined) throw new Error(`say here what ${name} of ${path} can be`);
        return value;
      });
      if (path === "/api/clusters" && method === "POST") await ask(method, target, { context: "canary" });
      else if (method === "GET") for (const query of queries) await ask(method, target + query);
      else if (method === "DELETE" && path === "/api/clusters/{id}") continue;
      else await ask(method, target, bodies[path.split("/").at(-1) ?? ""] ?? {});
    }
    expect(operations.length).toBeGreaterThan(15);
    // Lines of every tail, and what each informer says.
    for (const handle of handles.values()) {
      for (const seq of [1, 2, 3]) await ask("GET", `/api/clusters/canary/handlers/${handle}/lines/${seq}`);
    }
    for (const informer of informers) {
      await ask("GET", pathOf(informer));
      await ask("POST", `${pathOf(informer)}/verify`, {});
    }
    expect(answers("GET /api").filter((text) => text.includes(visible)).length).toBeGreaterThan(0);
    expect(leaks()).toEqual([]);
  });

  it("is in no metric", async () => {
    const { status, text } = await ask("GET", "/metrics");
    expect([status, leaks()]).toEqual([200, []]);
    expect(text).toContain('informer="example.com/v1/widgets"');
  });

  it("is in no error about a body that cannot be read", async () => {
    const key = "example.com/v1/puzzles";
    expect((await ask("POST", `${pathOf(key)}/handlers`, { kind: "tail", owner: "joe" })).status).toBe(200);
    await vi.waitFor(async () => expect((await ask("GET", pathOf(key))).text).toContain("Unreadable answer"), patience);
    expect(leaks()).toEqual([]);
  });

  it("cannot be asked for: there are no Secrets", async () => {
    const before = cluster.asked("secrets");
    expect((await ask("GET", "/api/clusters/canary/resources")).text).not.toMatch(/secret/i);
    for (const key of ["v1/secrets", "v1/Secrets", "v1/secrets?type=Opaque", "v1/secrets@default"]) {
      const answer = await ask("POST", `${pathOf(key)}/handlers`, { kind: "tail", owner: "joe" });
      expect([key, answer.status >= 400]).toEqual([key, true]);
    }
    expect(cluster.asked("secrets")).toBe(before);
  });

  it("is in no line of the log, whatever happens until the end", async () => {
    expect((await ask("DELETE", "/api/clusters/canary")).status).toBe(200);
    expect(server.log.length).toBeGreaterThan(0);
    expect(server.log.filter((line) => line.includes(canary))).toEqual([]);
    expect(leaks()).toEqual([]);
    expect(answers("socket").some((text) => text.includes(visible))).toBe(true);
  });
});
