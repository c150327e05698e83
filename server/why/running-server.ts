import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterList, DiagnosisReport, Failure, Pods } from "#lib/protocol/index.ts";
import type { WhySource } from "./source.ts";

const addressFile = "address";
const patienceMs = 2_000;
const mostPods = 200;

/** The server of this state directory, if one runs and has the cluster. */
export async function runningServer(stateDir: string, cluster: string | undefined): Promise<WhySource | undefined> {
  const address = read(join(stateDir, addressFile));
  const token = read(join(stateDir, "token"));
  if (address === undefined || token === undefined) return undefined;
  const get = async (path: string, signal?: AbortSignal): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${address}/api${path}`, { headers, ...(signal === undefined ? {} : { signal }) });
    return answer.json();
  };
  let list: ClusterList;
  try {
    list = (await get("/clusters", AbortSignal.timeout(patienceMs))) as ClusterList;
  } catch {
    return undefined; // it was stopped, or another program has the port now
  }
  const found = (list.clusters ?? []).find(
    ({ id, name }) => cluster === undefined || id === cluster || name === cluster,
  );
  if (found === undefined) return undefined;
  const base = `/clusters/${encodeURIComponent(found.id)}`;
  return {
    note: undefined,
    diagnosis: async (namespace, name) =>
      (await get(`${base}/pods/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}/diagnosis`)) as
        DiagnosisReport | Failure,
    pods: async (namespace) => {
      const of = namespace === undefined ? "" : `&ns=${encodeURIComponent(namespace)}`;
      return (await get(`${base}/pods?limit=${mostPods}&fold=true${of}`)) as Pods | Failure;
    },
    close: async () => {},
  };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}
