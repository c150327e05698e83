/** Fills an embedded cluster in this process, and lists it over HTTPS with our informer: its figures as one JSON line. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { systemClock as clock } from "#server/clock.ts";
import { LocalClient } from "#server/embedded/api/local-client.ts";
import { startCluster } from "#server/embedded/cluster.ts";
import { ClusterInformers } from "#server/library/cluster-informers.ts";

const size = { pods: 150_000, nodes: 5_000 } as const;
const resources = { requests: { cpu: "100m", memory: "128Mi" } };
const containers = [{ name: "main", image: "registry.example/app:1", resources }];

const began = performance.now();
const cluster = await startCluster({ clock, scenario: "empty" });
const client = new LocalClient(cluster.registry);
client.create("namespaces", { metadata: { name: "scale" } });
for (let index = 0; index < size.nodes; index++) {
  const room = { cpu: "16", memory: "64Gi", pods: "110" };
  client.create("nodes", {
    metadata: { name: `node-${index}` },
    status: { capacity: room, allocatable: room, conditions: [{ type: "Ready", status: "True" }] },
  });
}
for (let index = 0; index < size.pods; index++) {
  const name = `app-${index % 500}-${index}`;
  client.create("pods", {
    metadata: { namespace: "scale", name, labels: { app: `app-${index % 500}` } },
    spec: { containers, nodeName: `node-${index % size.nodes}` },
  });
}
const loadMs = performance.now() - began;
const loadedMiB = process.memoryUsage.rss() / 2 ** 20;

const folder = mkdtempSync(join(tmpdir(), "kube-inflight-bench-"));
const kubeconfig = join(folder, "kubeconfig");
writeFileSync(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
const informers = new ClusterInformers({ kubeconfig });
try {
  const listing = performance.now();
  await informers.addEventHandler("v1/pods", {}).synced;
  const listMs = performance.now() - listing;
  const pods = informers.informer("v1/pods")?.store.size;
  console.log(JSON.stringify({ loadMs, loadedMiB, listMs, pods, nodes: size.nodes }));
} finally {
  await informers.stop();
  await cluster.stop();
  rmSync(folder, { recursive: true });
}
