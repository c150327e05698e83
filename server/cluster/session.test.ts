import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Cluster, TopicName } from "#lib/protocol/index.ts";
import { topics } from "#lib/protocol/index.ts";
import { systemClock } from "#server/clock.ts";
import { startEmbeddedCluster, type EmbeddedCluster } from "#server/embedded/start.ts";
import type { Connection } from "./messages.ts";
import { ViewGoneError } from "./port-server.ts";
import { ClusterSession } from "./session.ts";
import { expectToKeepContract } from "./testing/contract.ts";
import { aHandler } from "./testing/fake-cluster.ts";

const window = { offset: 0, limit: 50 };
const lanes = { active: window, backoff: window, unschedulable: window };

let embedded: EmbeddedCluster;
let directory: string;
const undos: (() => Promise<void>)[] = [];

beforeAll(async () => {
  embedded = await startEmbeddedCluster({ scenario: "small" });
  directory = mkdtempSync(join(tmpdir(), "session-"));
});
afterAll(async () => {
  await embedded.stop();
  rmSync(directory, { recursive: true });
});
afterEach(async () => {
  for (const undo of undos.splice(0)) await undo();
});

/** A session with a real API server, or with none. */
function aSession(connection: Connection) {
  const told: Cluster[] = [];
  const failures: unknown[] = [];
  const session = new ClusterSession({
    config: {
      id: "c",
      name: "c",
      version: "test",
      connection,
      queue: "concurrent",
      approvedExec: [],
      isExecAllowed: false,
    },
    clock: systemClock,
    onSummary: (cluster) => void told.push(cluster),
    onFailure: (during, error) => void failures.push([during, error]),
  });
  undos.push(() => session.stop());
  const build = (topic: TopicName, params: unknown = {}): Readonly<Record<string, unknown>> => {
    const source = session.view(topic, params);
    if ("problem" in source) throw new Error(source.problem.message);
    const value = source.build();
    expectToKeepContract(topic, value);
    return value;
  };
  const phase = (expected: Cluster["phase"]): Promise<void> =>
    vi.waitFor(() => expect(told.at(-1)?.phase).toBe(expected), { timeout: 20_000, interval: 20 });
  return { session, build, phase, told, failures };
}

/** The kubeconfig as a file: a cluster of somebody else. */
function attached(text: string): Connection {
  const file = join(directory, "config");
  writeFileSync(file, text);
  return { kind: "kubeconfig", paths: [file], context: "embedded" };
}

const ofBothKinds = [
  { mode: "embedded", connection: () => ({ kind: "embedded", kubeconfig: embedded.kubeconfig }) as const },
  { mode: "shadow", connection: () => attached(embedded.kubeconfig) },
] as const;

describe("a session", () => {
  it.each(ofBothKinds)("of mode $mode keeps the contract of the wire in all topics", async ({ mode, connection }) => {
    const { session, build, phase, told, failures } = aSession(connection());
    const { registrations } = await session.calls.addHandler({
      informer: "v1/pods",
      request: aHandler({ kind: "diff" }),
    });
    // From the first moment on, before anything is known.
    const params: Readonly<Record<TopicName, unknown>> = {
      overview: {},
      informers: {},
      informer: { informer: "v1/pods" },
      tail: { registration: registrations[0] },
      lanes,
      events: {},
      history: { range: "15m" },
      transitions: { limit: 50 },
    };
    const all = () => (Object.keys(topics) as TopicName[]).map((topic) => build(topic, params[topic]));
    all();
    await phase("connected");
    const [overview, informers] = all();
    const server = embedded.server;
    expect(overview).toMatchObject({
      cluster: { id: "c", mode, phase: "connected", server },
      informers: { problems: 0 },
    });
    expect(informers).toMatchObject({ informers: { "v1/pods": { hasSynced: true, handlers: 2 } } });
    await vi.waitFor(() => expect(told.at(-1)?.version).toContain("v1.36"), { timeout: 20_000, interval: 20 });
    expect(failures).toEqual([]);
  });

  it("says what can be watched: no Secrets, nor anything that cannot be listed", async () => {
    const { session } = aSession(ofBothKinds[0].connection());
    const keys = (await session.calls.resources(undefined)).map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining(["v1/pods", "apps/v1/deployments", "storage.k8s.io/v1/csinodes"]));
    expect(keys.filter((key) => /secret|review|binding/i.test(key))).toEqual([]);
  });

  it("closes views of what is not there, or went", async () => {
    const { session, build } = aSession(ofBothKinds[0].connection());
    const gone = (topic: TopicName, params: unknown) => () => build(topic, params);
    expect(gone("informer", { informer: "v1/nothing" })).toThrow(ViewGoneError);
    expect(gone("tail", { registration: 4711 })).toThrow("Registration 4711 was removed, or keeps no lines.");
    const { registrations } = await session.calls.addHandler({ informer: "v1/pods", request: aHandler() });
    const [registration = 0] = registrations;
    build("tail", { registration });
    await session.calls.removeHandler({ registration });
    expect(gone("tail", { registration })).toThrow(ViewGoneError);
  });

  it("with a server that does not answer is failed, and keeps the contract in every state", async () => {
    const url = "https://127.0.0.1:1";
    const { session, build, phase } = aSession(attached(embedded.kubeconfig.replaceAll(embedded.server, url)));
    await phase("failed");
    expect(build("overview")).toMatchObject({
      cluster: { phase: "failed", server: url, problem: { code: "connection-refused" } },
    });
    expect(build("informer", { informer: "v1/pods" })).toMatchObject({
      row: { hasSynced: false, problem: { code: "connection-refused" } },
    });
    build("informers");
    build("lanes", lanes);
    build("events");
    await expect(session.calls.resources(undefined)).rejects.toMatchObject({ status: 502, code: "connection-refused" });
  });
});
