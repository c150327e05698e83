/** client-go's own informers on the embedded cluster, for two minutes through every fault that it has. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "playwright/test";
import { KubeApi } from "#e2e/kube-api.ts";
import { faultKind, type Fault, type FaultRequest } from "#lib/protocol/index.ts";
import { startEmbeddedCluster } from "#server/embedded/start.ts";
import { ClientGo } from "./client-go.ts";
import { brokenChains, finalState } from "./recorded-chains.ts";

const execute = promisify(execFile);
const resources = [
  { key: "v1/pods", path: "/api/v1/pods" },
  { key: "v1/nodes", path: "/api/v1/nodes" },
  { key: "v1/namespaces", path: "/api/v1/namespaces" },
  { key: "apps/v1/deployments", path: "/apis/apps/v1/deployments" },
  { key: "apps/v1/replicasets", path: "/apis/apps/v1/replicasets" },
  { key: "batch/v1/jobs", path: "/apis/batch/v1/jobs" },
] as const;

const allMs = 120_000;
/** Of the time that each fault has it is on for this part at least; the rest is for getting over it. */
const partOn = 0.7;

interface Listed {
  readonly items: readonly {
    readonly metadata: {
      readonly uid: string;
      readonly resourceVersion: string;
      readonly namespace?: string;
      readonly name: string;
    };
  }[];
}

test("client-go's informers hold through every fault what the API lists, and told each change once", async () => {
  test.setTimeout(420_000);
  const folder = mkdtempSync(join(tmpdir(), "kube-inflight-client-go-"));
  const cluster = await startEmbeddedCluster({ scenario: "busy" });
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
  const api = new KubeApi(kubeconfig);
  const { server, token, authority } = accessIn(cluster.kubeconfig);
  const clientGo = await ClientGo.start({ server, token, authority, resources: resources.map(({ key }) => key) });
  try {
    await expect.poll(async () => (await clientGo.stored("v1/pods")).size).toBeGreaterThan(100);
    const kinds = faultKind.options;
    for (const kind of kinds) {
      const onMs = (allMs / kinds.length) * partOn;
      const request: FaultRequest = { kind, ...(kind === "slow" ? { delayMs: 1_000 } : {}) };
      const { id } = await cluster.faults.add(request);
      // It goes on meanwhile: what matters here is that time passes.
      await passing(onMs);
      // Informers that wait after the fault before come back within half a minute.
      await expect.poll(() => strikes(cluster.faults.state.on[id]), { timeout: 60_000 }).toBeGreaterThan(0);
      await cluster.faults.remove(id);
      await passing((allMs / kinds.length) * (1 - partOn));
    }
    expect(cluster.faults.state.on).toEqual({});

    for (const { key, path } of resources) {
      // The cluster does not stand still: the two are asked for until nothing happened between them.
      const differing = async () => {
        const stored = await clientGo.stored(key);
        const { items } = (await api.request("GET", path)) as Listed;
        const listed = new Map(items.map(({ metadata }) => [metadata.uid, metadata.resourceVersion]));
        return differences(stored, listed);
      };
      await expect
        .poll(differing, { message: `${key}: stored and listed`, timeout: 90_000, intervals: [50] })
        .toEqual([]);
      await expect
        .poll(async () => (await clientGo.names(key)).join("\n") === (await namesByKubectl(kubeconfig, key)), {
          message: `${key}: stored, and by kubectl get -A`,
          timeout: 60_000,
          intervals: [50],
        })
        .toBe(true);
      const told = clientGo.told(key);
      expect(brokenChains(told), key).toEqual([]);
      const atEnd = async () => differences(finalState(clientGo.told(key)), await clientGo.stored(key));
      await expect.poll(atEnd, { message: `${key}: told and stored`, intervals: [50] }).toEqual([]);
    }
    expect(clientGo.told("v1/pods").length).toBeGreaterThan(1_000);
  } finally {
    await clientGo.stop();
    await cluster.stop();
    rmSync(folder, { recursive: true });
  }
});

function passing(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function strikes(fault: Fault | undefined): number {
  return fault === undefined ? 0 : fault.hits.lists + fault.hits.watches;
}

function differences(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): readonly string[] {
  const uids = new Set([...one.keys(), ...other.keys()]);
  return [...uids].filter((uid) => one.get(uid) !== other.get(uid));
}

async function namesByKubectl(kubeconfig: string, key: string): Promise<string> {
  const [resource = "", version = "", group = ""] = key.split("/").reverse();
  const full = group === "" ? resource : `${resource}.${version}.${group}`;
  const template = '{range .items[*]}{.metadata.namespace}/{.metadata.name}{"\\n"}{end}';
  const args = ["--kubeconfig", kubeconfig, "get", full, "-A", "-o", `jsonpath=${template}`];
  const { stdout } = await execute("kubectl", args, { maxBuffer: 64 * 1024 * 1024 });
  const names = stdout.split("\n").filter((line) => line !== "");
  return names
    .map((name) => name.replace(/^\//, ""))
    .sort()
    .join("\n");
}

/** As it is written for kubectl. */
function accessIn(kubeconfig: string): { readonly server: string; readonly token: string; readonly authority: string } {
  const found = (pattern: RegExp): string => pattern.exec(kubeconfig)?.[1] ?? "";
  return {
    server: found(/server: "([^"]+)"/),
    token: found(/token: "([^"]+)"/),
    authority: Buffer.from(found(/certificate-authority-data: (\S+)/), "base64").toString(),
  };
}
