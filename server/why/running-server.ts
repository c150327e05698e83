import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Cluster, ClusterList, DiagnosisReport, Failure, Pods } from "#lib/protocol/index.ts";
import type { WhySource } from "./source.ts";

const addressFile = "address";
const patienceMs = 2_000;
const mostPods = 200;
/** A server that has just started reads all pods before it says who waits. */
const startingMs = 60_000;
const againMs = 250;
const notRead = "The server has not read all pods yet: ask again in a moment.";

export interface WantedCluster {
  /** Its id, or the name of its context. */
  readonly cluster: string | undefined;
  /** Of the kubeconfig: meant where none is named. */
  readonly current: { readonly name: string; readonly server: string } | undefined;
}

/** Why the server that runs, if one does, has nothing to say. */
export interface NotRunning {
  readonly note: string;
}

const without = "this is one look at the cluster, without history.";

/** The server of this state directory, if one runs and has the cluster. Never another cluster than the one that is meant. */
export async function runningServer(stateDir: string, wanted: WantedCluster): Promise<WhySource | NotRunning> {
  const notRunning = { note: `No server runs with this state directory: ${without}` };
  const address = read(join(stateDir, addressFile));
  const token = read(join(stateDir, "token"));
  if (address === undefined || token === undefined) return notRunning;
  const get = async (path: string, signal?: AbortSignal): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${address}/api${path}`, { headers, ...(signal === undefined ? {} : { signal }) });
    return answer.json();
  };
  let list: ClusterList;
  try {
    list = (await get("/clusters", AbortSignal.timeout(patienceMs))) as ClusterList;
  } catch {
    return notRunning; // it was stopped, or another program has the port now
  }
  const clusters = list.clusters ?? [];
  const found = choose(clusters, wanted);
  if (found === undefined) {
    const meant = wanted.cluster ?? wanted.current?.name ?? "";
    return { note: `The server at ${address} has not attached ${meant}: ${without}` };
  }
  const base = `/clusters/${encodeURIComponent(found.id)}`;
  return {
    note: wanted.cluster === undefined ? noteOn(clusters, found) : undefined,
    context: found.server === wanted.current?.server ? wanted.current.name : found.name,
    diagnosis: async (namespace, name) =>
      (await get(`${base}/pods/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}/diagnosis`)) as
        DiagnosisReport | Failure,
    pods: async (namespace) => {
      const of = namespace === undefined ? "" : `&ns=${encodeURIComponent(namespace)}`;
      const until = performance.now() + startingMs;
      for (;;) {
        const pods = (await get(`${base}/pods?limit=${mostPods}&fold=true${of}`)) as Pods | Failure;
        if (!("order" in pods) || pods.isStarting !== true) return pods;
        if (performance.now() > until) return { ok: false, code: "not-read", message: notRead };
        await setTimeout(againMs);
      }
    },
    close: async () => {},
  };
}

function choose(clusters: readonly Cluster[], { cluster, current }: WantedCluster): Cluster | undefined {
  if (cluster !== undefined) return clusters.find(({ id, name }) => id === cluster || name === cluster);
  if (current === undefined) return clusters[0];
  return clusters.find(({ name }) => name === current.name) ?? clusters.find(({ server }) => server === current.server);
}

/** Where another answer could have been meant. */
function noteOn(clusters: readonly Cluster[], { id }: Cluster): string | undefined {
  const others = clusters.filter((other) => other.id !== id).map((other) => other.id);
  if (others.length === 0) return undefined;
  return `${clusters.length} clusters are attached. This is ${id}; others: --cluster ${others.join(", ")}.`;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}
