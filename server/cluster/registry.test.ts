import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AttachRequest } from "#lib/protocol/index.ts";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { systemClock } from "#server/clock.ts";
import { startEmbeddedCluster } from "#server/embedded/start.ts";
import { ExecApprovals } from "./exec-approvals.ts";
import { KubeconfigWatch, lookMs } from "./kubeconfig-watch.ts";
import { Clusters, type RegistryConfig } from "./registry.ts";

/** Nothing listens there. */
const nowhere = "https://127.0.0.1:1";
const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "no-such-sign-in", args: ["get-token"] };

const kubeconfig = JSON.stringify({
  clusters: [
    { name: "here", cluster: { server: nowhere } },
    { name: "broken", cluster: {} },
  ],
  users: [
    { name: "jane", user: { token: "canary" } },
    { name: "kai", user: { exec } },
  ],
  contexts: [
    { name: "plain", context: { cluster: "here", user: "jane" } },
    { name: "admin@Prod", context: { cluster: "here", user: "kai" } },
    { name: "broken", context: { cluster: "broken", user: "jane" } },
    { name: "demo", context: { cluster: "here", user: "jane" } },
  ],
  "current-context": "plain",
});

let directory: string;
const undos: (() => Promise<void>)[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "registry-"));
  writeFileSync(join(directory, "config"), kubeconfig);
});
afterEach(async () => {
  for (const undo of undos.splice(0)) await undo();
  rmSync(directory, { recursive: true });
});

/** The clusters of a server whose state directory and kubeconfig are in `directory`. */
function aRegistry(config: Partial<RegistryConfig> = {}) {
  const log: { readonly msg?: string }[] = [];
  const clock = new FakeClock();
  const stateDir = config.stateDir ?? directory;
  const clusters = new Clusters({
    config: {
      isExecAllowed: false,
      scenario: "small",
      queue: "concurrent",
      stateDir,
      ...config,
    },
    kubeconfig: new KubeconfigWatch({ paths: [join(directory, "config")], environment: {}, clock }),
    clock: systemClock,
    logger: pino({ base: null }, { write: (line: string) => void log.push(JSON.parse(line)) }),
    approvals: new ExecApprovals(stateDir, () => {}),
    version: "test",
  });
  undos.push(() => clusters.stop());
  const refusal = (request: AttachRequest) => expect(clusters.attach(request)).rejects;
  const execOf = (name: string) => clusters.contexts().find((context) => context.name === name)?.exec;
  /** Writes the kubeconfig, or removes it, and lets time pass until that is noticed. */
  const kubeconfigBecomes = async (text: string | undefined): Promise<void> => {
    const file = join(directory, "config");
    if (text === undefined) rmSync(file);
    else writeFileSync(file, text);
    await clock.advance(2 * lookMs);
  };
  return { clusters, log, refusal, execOf, kubeconfigBecomes };
}

describe("the contexts", () => {
  it("are those of the kubeconfig, each with what is wrong with it, and without credentials", () => {
    const contexts = aRegistry().clusters.contexts();
    expect(contexts).toMatchObject([
      { id: "plain", name: "plain", server: nowhere, user: "jane", auth: "token", isCurrent: true },
      {
        id: "admin-prod",
        name: "admin@Prod",
        auth: "exec",
        isCurrent: false,
        exec: { command: "no-such-sign-in get-token", isApproved: false },
      },
      { id: "broken", problem: { code: "cluster-malformed" } },
      { name: "demo", id: expect.stringMatching(/^demo-[0-9a-f]{8}$/) },
    ]);
    expect(JSON.stringify(contexts)).not.toContain("canary");
  });

  it("to start with is the one that is asked for, else the current one", () => {
    const { clusters } = aRegistry();
    expect(clusters.contextToStartWith(undefined)?.name).toBe("plain");
    expect(clusters.contextToStartWith("broken")?.name).toBe("broken");
    expect(clusters.contextToStartWith("nobody")).toBeUndefined();
  });

  it("follow the file; while it is none, those of its last good state stay, and what is wrong is said", async () => {
    const { clusters, refusal, kubeconfigBecomes } = aRegistry();
    const names = () => clusters.contexts().map(({ name }) => name);
    const before = names();
    expect(clusters.kubeconfigProblem()).toBeUndefined();
    await kubeconfigBecomes("users: [{name: jane, user: {token: canary}}, {name: jane}]");
    expect(names()).toEqual(before);
    expect(clusters.kubeconfigProblem()).toMatchObject({
      code: "kubeconfig-malformed",
      title: "Kubeconfig malformed",
      message: expect.stringContaining("still counts"),
    });
    expect(JSON.stringify(clusters.kubeconfigProblem())).not.toContain("canary");
    await kubeconfigBecomes(undefined);
    expect([names(), clusters.kubeconfigProblem()]).toMatchObject([[], { title: "No kubeconfig" }]);
    expect(clusters.kubeconfigProblem()?.message).toContain(join(directory, "config"));
    await refusal({ context: "plain" }).toMatchObject({ status: 404 });
    await kubeconfigBecomes(kubeconfig.replace('"plain","context"', '"new","context"'));
    expect([names(), clusters.kubeconfigProblem()]).toEqual([["new", ...before.slice(1)], undefined]);
  });
});

describe("attaching", () => {
  it("a context lists it at once, by its id, and says later that nobody answers", async () => {
    const { clusters } = aRegistry();
    const cluster = { id: "plain", name: "plain", mode: "shadow", phase: "starting", server: nowhere, user: "jane" };
    expect(await clusters.attach({ context: "plain" })).toEqual(cluster);
    expect(clusters.list()).toMatchObject([{ id: "plain" }]);
    expect(clusters.get("plain")?.summary()).toMatchObject({ id: "plain" });
    await vi.waitFor(
      () => {
        expect(clusters.list()).toMatchObject([{ phase: "failed", problem: { code: "connection-refused" } }]);
      },
      { timeout: 20_000, interval: 20 },
    );
  });

  it("what is attached answers itself, by its name or its id", async () => {
    const { clusters } = aRegistry({ isExecAllowed: true });
    await clusters.attach({ context: "admin@Prod" });
    await clusters.attach({ context: "admin-prod" });
    expect(clusters.list().map(({ id }) => id)).toEqual(["admin-prod"]);
  });

  it("what the kubeconfig does not have, or cannot be used, is refused", async () => {
    const { clusters, refusal } = aRegistry();
    await refusal({ context: "nobody" }).toMatchObject({ status: 404, code: "no-such-context" });
    await refusal({ context: "broken" }).toMatchObject({ status: 422, code: "cluster-malformed" });
    expect(clusters.list()).toEqual([]);
  });

  it("a context that signs in by a command needs somebody to approve just that command, once", async () => {
    const { clusters, refusal, execOf } = aRegistry();
    const context = "admin@Prod";
    const hash = execOf(context)?.hash ?? "";
    await refusal({ context }).toMatchObject({ status: 409, code: "exec-not-approved" });
    await refusal({ context }).toThrow("no-such-sign-in get-token");
    await refusal({ context, approveExec: "0".repeat(64) }).toMatchObject({ status: 409 });
    expect([clusters.list(), execOf(context)?.isApproved]).toEqual([[], false]);

    await clusters.attach({ context, approveExec: hash });
    expect([clusters.list().length, execOf(context)?.isApproved]).toEqual([1, true]);
    await clusters.detach("admin-prod");
    await clusters.attach({ context });

    // Another server with the same state directory remembers; another command is another matter.
    const next = aRegistry();
    expect(next.execOf(context)?.isApproved).toBe(true);
    await next.kubeconfigBecomes(kubeconfig.replace("get-token", "do-harm"));
    expect(next.execOf(context)?.isApproved).toBe(false);
    await next.refusal({ context, approveExec: hash }).toMatchObject({ status: 409 });
  });

  it("takes what the kubeconfig says later: an expired token is renewed while the cluster stays", async () => {
    const embedded = await startEmbeddedCluster({ scenario: "small" });
    const { clusters, log, kubeconfigBecomes } = aRegistry();
    undos.push(() => embedded.stop());
    await kubeconfigBecomes(embedded.kubeconfig.replace(/token: .*/, "token: expired"));
    await clusters.attach({ context: "embedded" });
    const becomes = (expected: object) =>
      vi.waitFor(() => expect(clusters.list()).toMatchObject([expected]), { timeout: 20_000, interval: 20 });
    await becomes({ phase: "failed", problem: { code: "sign-in-expired", title: "Sign-in expired" } });
    const [handle] = [clusters.get("embedded")];
    await kubeconfigBecomes(embedded.kubeconfig);
    await becomes({ phase: "connected" });
    // One that is spoiled, or has lost the context, takes nothing from a cluster that works.
    await kubeconfigBecomes("contexts: [");
    await kubeconfigBecomes(kubeconfig);
    expect([clusters.get("embedded"), clusters.list()]).toMatchObject([handle, [{ phase: "connected" }]]);
    expect(log.map(({ msg }) => msg)).toContain("the kubeconfig changed, and the cluster follows");
  });

  it("keeps the id of what is attached when another context comes that would share it", async () => {
    const { clusters, kubeconfigBecomes } = aRegistry();
    await clusters.attach({ context: "plain" });
    await kubeconfigBecomes(
      kubeconfig.replace('"contexts":[', '"contexts":[{"name":"Plain","context":{"cluster":"here"}},'),
    );
    const idOf = (wanted: string) => clusters.contexts().find(({ name }) => name === wanted)?.id;
    expect([idOf("plain"), idOf("Plain")]).toEqual(["plain", expect.stringMatching(/^plain-[0-9a-f]{8}$/)]);
    expect(await clusters.attach({ context: "Plain" })).toMatchObject({ name: "Plain" });
    expect(clusters.list()).toHaveLength(2);
  });

  it("needs no approval where the command line gave it", async () => {
    const { clusters, execOf } = aRegistry({ isExecAllowed: true });
    expect(execOf("admin@Prod")?.isApproved).toBe(true);
    expect(await clusters.attach({ context: "admin@Prod" })).toMatchObject({ id: "admin-prod" });
  });
});

describe("detaching", () => {
  it("takes the cluster from the list and closes its views; what is not attached is refused", async () => {
    const { clusters } = aRegistry();
    await clusters.attach({ context: "plain" });
    const heard: string[] = [];
    clusters.get("plain")?.openView("overview", {}, ({ kind }) => void heard.push(kind));
    await clusters.detach("plain");
    expect([clusters.list(), clusters.get("plain"), heard.at(-1)]).toEqual([[], undefined, "closed"]);
    for (const id of ["plain", "nobody"]) {
      await expect(clusters.detach(id)).rejects.toMatchObject({ status: 404, code: "no-such-cluster" });
    }
  });
});

describe("the demo", () => {
  const demo = { demo: true } as const;

  it("is one embedded cluster, however often it is attached, and kubectl can use it", async () => {
    const { clusters } = aRegistry();
    const [first, second] = await Promise.all([clusters.attach(demo), clusters.attach(demo)]);
    expect(second).toEqual(first);
    expect(clusters.list()).toMatchObject([{ id: "demo", name: "demo", mode: "embedded" }]);
    const file = join(directory, "demo.kubeconfig");
    expect(readFileSync(file, "utf8")).toContain(first.server);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    // A context of that name is another cluster.
    await clusters.attach({ context: "demo" });
    expect(clusters.list().map(({ mode }) => mode)).toEqual(["embedded", "shadow"]);
  });

  it("that is attached again while it goes is a new one, and stays", async () => {
    const { clusters } = aRegistry();
    const before = await clusters.attach(demo);
    const [, after] = await Promise.all([clusters.detach("demo"), clusters.attach(demo)]);
    expect(after.server).not.toBe(before.server);
    await vi.waitFor(() => expect(clusters.list()).toMatchObject([{ id: "demo", phase: "connected" }]), {
      timeout: 20_000,
      interval: 20,
    });
  });

  it("runs without its kubeconfig where that cannot be written, and the log says so", async () => {
    const { clusters, log } = aRegistry({ stateDir: join(directory, "gone") });
    expect(await clusters.attach(demo)).toMatchObject({ id: "demo" });
    expect(log.map(({ msg }) => msg)).toContain("the embedded cluster's kubeconfig cannot be written");
  });

  it("plays another scenario when asked: the same cluster, and another queue where the scenario needs it", async () => {
    const { clusters } = aRegistry();
    expect(await clusters.attach(demo)).toMatchObject({ scenario: "small" });
    const worker = clusters.get("demo");
    expect(await clusters.play("demo", "gated")).toMatchObject({ id: "demo", scenario: "gated" });
    expect(clusters.get("demo")).toBe(worker);
    expect(await clusters.attach({ demo: true, scenario: "historical-queue" })).toMatchObject({
      scenario: "historical-queue",
    });
    const events = new Promise((resolve) => {
      clusters.get("demo")?.openView("events", {}, (message) => {
        if (message.kind === "snapshot") resolve(message.value["isHistorical"]);
      });
    });
    expect(await events).toBe(true);
  });

  it("is the only one that plays anything", async () => {
    const { clusters } = aRegistry();
    await expect(clusters.play("demo", "busy")).rejects.toMatchObject({ status: 404, code: "no-such-cluster" });
    await clusters.attach({ context: "plain" });
    await expect(clusters.play("plain", "busy")).rejects.toMatchObject({ status: 409, code: "not-embedded" });
  });
});
