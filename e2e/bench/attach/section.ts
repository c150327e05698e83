import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { RunningServer } from "../../running-server.ts";
import { atMost } from "../figure.ts";
import { goProgram } from "../go-program.ts";
import { PodServer } from "../informer/pod-server.ts";
import { noGo, type BenchOptions, type Found } from "../section.ts";

const large = { pods: 150_000, nodes: 5_000 };
const small = { pods: 10, nodes: 1 };

/** Of `GET /api/clusters/{id}/informers`, what is read here. */
const informersSchema = z.object({
  informers: z.record(z.string(), z.looseObject({ hasSynced: z.boolean(), objects: z.number() })),
});

/** How much a server grows when it is attached to a large cluster besides a small one. */
export async function benchAttach({ runs }: BenchOptions): Promise<Found> {
  const program = await goProgram("informer");
  if (program === undefined) return { figures: [], missing: [`attach: its cluster is a Go program. ${noGo}`] };
  const growths: number[] = [];
  for (let run = 0; run < runs; run++) {
    await PodServer.during(program, small, (other) =>
      PodServer.during(program, large, async (cluster) => void growths.push(await growthMiB(other, cluster))),
    );
  }
  const what = "server RSS, attached to 150,000 pods and 5,000 nodes, more than before";
  return { figures: [atMost({ what, unit: "MiB", ours: growths, goal: 400 })], missing: [] };
}

async function growthMiB(other: PodServer, cluster: PodServer): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "kube-inflight-bench-"));
  const kubeconfig = join(folder, "kubeconfig");
  const clusters = { small: other, large: cluster };
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: Object.entries(clusters).map(([name, { url }]) => ({ name, cluster: { server: url } })),
      contexts: Object.keys(clusters).map((name) => ({ name, context: { cluster: name, user: "" } })),
      "current-context": "small",
    }),
  );
  const server = await RunningServer.start(["--kubeconfig", kubeconfig]);
  try {
    await synced(server, "small", small);
    const before = rssMiB(server.pid);
    const { status } = await server.api("POST", "/api/clusters", { context: "large" });
    if (status >= 300) throw new Error(`attaching was answered with ${status}`);
    await synced(server, "large", large);
    return rssMiB(server.pid) - before;
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Every handler has been told of everything. */
async function synced(server: RunningServer, id: string, { pods, nodes }: typeof large): Promise<void> {
  for (;;) {
    const { status, body } = await server.api("GET", `/api/clusters/${id}/informers`);
    const informers = status === 200 ? informersSchema.parse(body).informers : {};
    const isComplete = informers["v1/pods"]?.objects === pods && informers["v1/nodes"]?.objects === nodes;
    if (isComplete && Object.values(informers).every(({ hasSynced }) => hasSynced)) return;
    await setTimeout(200);
  }
}

function rssMiB(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) / 1024;
}
