import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterEach, describe, expect, it } from "vitest";
import { listAt, textAt } from "./storage/api-object.ts";
import { startEmbeddedCluster, type EmbeddedCluster } from "./start.ts";
import { ApiClient, summary } from "./testing/api-client.ts";

const undos: (() => unknown)[] = [];

afterEach(async () => {
  for (const undo of undos.splice(0).toReversed()) await undo();
});

async function start(scenario: string): Promise<{ cluster: EmbeddedCluster; client: ApiClient }> {
  const cluster = await startEmbeddedCluster({ scenario });
  const client = new ApiClient(cluster.kubeconfig);
  undos.push(
    () => cluster.stop(),
    () => client.close(),
  );
  return { cluster, client };
}

describe("startEmbeddedCluster", () => {
  it("runs in a thread of its own, until it is told to stop, which may be twice", async () => {
    const { cluster, client } = await start("small");
    const nodes = await client.get("/api/v1/nodes");
    expect(listAt(nodes.body, "items")).toHaveLength(5);
    await Promise.all([cluster.stop(), cluster.stop()]);
    expect(await cluster.ended).toBeUndefined();
    await expect(client.get("/healthz")).rejects.toThrow();
  });

  it("changes the scenario under those who watch, and they see the old one go", async () => {
    const { cluster, client } = await start("small");
    const watch = await client.watch("/api/v1/nodes?resourceVersion=0");
    await watch.take(5);
    await cluster.setScenario("empty");
    expect((await watch.take(5)).map(({ type }) => type)).toEqual(Array.from({ length: 5 }, () => "DELETED"));
    await cluster.setScenario("small");
    expect((await watch.take(1)).map(summary)).toEqual(["ADDED node-1"]);
    expect(listAt((await client.get("/api/v1/namespaces")).body, "items")).toHaveLength(4);
  });

  it("says which scenarios there are when it does not know one", async () => {
    await expect(startEmbeddedCluster({ scenario: "no-such" })).rejects.toThrow("busy, small, empty");
  });

  it("says why it could not start", async () => {
    const { cluster } = await start("empty");
    const port = Number(new URL(cluster.server).port);
    await expect(startEmbeddedCluster({ scenario: "empty", port })).rejects.toThrow("EADDRINUSE");
  });
});

describe("npm run embedded", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("writes a kubeconfig for its owner only, and ends on %s", async (signal) => {
    const directory = mkdtempSync(join(tmpdir(), "kube-inflight-embedded-"));
    undos.push(() => rmSync(directory, { recursive: true }));
    const file = join(directory, "kubeconfig");
    const child = spawn(process.execPath, ["server/embedded/main.ts", "--kubeconfig-out", file, "--scenario", "empty"]);
    undos.push(() => child.kill("SIGKILL"));
    const url = await firstLine(child);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const client = new ApiClient(readFileSync(file, "utf8"));
    undos.push(() => client.close());
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(textAt((await client.get("/version")).body, "gitVersion")).toContain("v1.36");
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});

describe("its parent", () => {
  it("takes it along, also when it is killed", async () => {
    const directory = mkdtempSync(join(tmpdir(), "kube-inflight-embedded-"));
    undos.push(() => rmSync(directory, { recursive: true }));
    const file = join(directory, "kubeconfig");
    const args = ["server/embedded/main.ts", "--kubeconfig-out", file, "--scenario", "empty"];
    const program = `require("child_process").spawn(process.execPath, ${JSON.stringify(args)}, { stdio: "inherit" })`;
    const parent = spawn(process.execPath, ["-e", program]);
    undos.push(() => parent.kill("SIGKILL"));
    await firstLine(parent);
    const client = new ApiClient(readFileSync(file, "utf8"));
    undos.push(() => client.close());
    const watch = await client.watch("/api/v1/pods");
    parent.kill("SIGKILL");
    // The stream ends with the server.
    expect(await watch.next()).toBeUndefined();
    await expect(client.get("/healthz")).rejects.toThrow();
  });
});

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  const [chunk] = (await once(stdout ?? process.stdin, "data")) as [Buffer];
  return chunk.toString().trim();
}
