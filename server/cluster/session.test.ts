import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Cluster, ClusterMode, TopicName } from "#lib/protocol/index.ts";
import { topics } from "#lib/protocol/index.ts";
import { systemClock } from "#server/clock.ts";
import { startEmbeddedCluster, type EmbeddedCluster } from "#server/embedded/start.ts";
import { parseKubeconfig, resolveContext } from "./kubeconfig/index.ts";
import { ViewGoneError } from "./port-server.ts";
import { ClusterSession } from "./session.ts";
import { expectToKeepContract } from "./testing/contract.ts";
import { aHandler } from "./testing/fake-cluster.ts";

const window = { offset: 0, limit: 50 };
const lanes = { active: window, backoff: window, unschedulable: window };

let embedded: EmbeddedCluster;
const undos: (() => Promise<void>)[] = [];

beforeAll(async () => {
  embedded = await startEmbeddedCluster({ scenario: "small" });
});
afterAll(async () => {
  await embedded.stop();
});
afterEach(async () => {
  for (const undo of undos.splice(0)) await undo();
});

/** A session with a real API server, or with none. */
function aSession(mode: ClusterMode, kubeconfig = embedded.kubeconfig) {
  const told: Cluster[] = [];
  const failures: unknown[] = [];
  const session = new ClusterSession({
    config: {
      id: "c",
      name: "c",
      version: "test",
      mode,
      access: resolveContext(parseKubeconfig(kubeconfig, "embedded"), "embedded"),
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

describe("a session", () => {
  it.each(["embedded", "shadow"] as const)("of mode %s keeps the contract of the wire in all topics", async (mode) => {
    const { session, build, phase, told, failures } = aSession(mode);
    const { registrations } = await session.calls.addHandler({
      informer: "v1/pods",
      request: aHandler({ kind: "diff" }),
    });
    // From the first moment on, before anything is known.
    const params: Readonly<Record<Exclude<TopicName, "pod" | "faults">, unknown>> = {
      overview: {},
      informers: {},
      informer: { informer: "v1/pods" },
      tail: { registration: registrations[0] },
      lanes,
      events: {},
      scheduler: {},
      history: { range: "15m" },
      transitions: { limit: 50 },
      attention: {},
      pods: { offset: 0, limit: 50 },
    };
    const names = Object.keys(topics).filter(
      (topic) => topic !== "pod" && topic !== "faults",
    ) as (keyof typeof params)[];
    const all = () => names.map((topic) => build(topic, params[topic]));
    all();
    await phase("connected");
    const [overview, informers] = all();
    const server = embedded.server;
    expect(overview).toMatchObject({
      cluster: { id: "c", mode, phase: "connected", server },
      informers: { problems: 0 },
    });
    expect(informers).toMatchObject({ informers: { "v1/pods": { hasSynced: true, handlers: 3 } } });
    await vi.waitFor(() => expect(told.at(-1)?.version).toContain("v1.36"), { timeout: 20_000, interval: 20 });
    // A pod has a view once it was looked at.
    await vi.waitFor(() => expect(Object.keys(build("pods", params.pods)["rows"] as object)).not.toEqual([]), {
      timeout: 20_000,
      interval: 20,
    });
    const [row] = Object.values(
      build("pods", params.pods)["rows"] as Record<string, { namespace: string; name: string }>,
    );
    build("pod", { namespace: row?.namespace, name: row?.name });
    expect(failures).toEqual([]);
  });

  it("says what can be watched: no Secrets, nor anything that cannot be listed", async () => {
    const { session } = aSession("embedded");
    const keys = (await session.calls.resources(undefined)).map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining(["v1/pods", "apps/v1/deployments", "storage.k8s.io/v1/csinodes"]));
    expect(keys.filter((key) => /secret|review|binding/i.test(key))).toEqual([]);
  });

  it("closes views of what is not there, or went", async () => {
    const { session, build } = aSession("embedded");
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
    const { session, build, phase } = aSession("shadow", embedded.kubeconfig.replaceAll(embedded.server, url));
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

  it("takes what the kubeconfig says meanwhile, and keeps what it has read", async () => {
    const { session, build, phase, told } = aSession("shadow");
    const becomes = (kubeconfig: string) =>
      session.change({ access: resolveContext(parseKubeconfig(kubeconfig, "embedded"), "embedded") });
    await phase("connected");
    const objects = () => build("informer", { informer: "v1/pods" })["row"];
    const before = objects();
    const token = /token: .*/;
    becomes(embedded.kubeconfig.replace(token, "token: wrong").replaceAll(embedded.server, "https://127.0.0.1:1"));
    expect(told.at(-1)?.server).toBe("https://127.0.0.1:1");
    await phase("reconnecting");
    expect(objects()).toMatchObject({ hasSynced: true, objects: (before as { objects: number }).objects });
    // It waits for the next attempt; what mends it is not waited with.
    becomes(embedded.kubeconfig);
    await phase("connected");
    expect(told.at(-1)?.server).toBe(embedded.server);
  });
});
