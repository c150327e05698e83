import { afterEach, describe, expect, it } from "vitest";
import { Abort } from "#lib/clock/index.ts";
import { SharedIndexInformer, retrying } from "#lib/informer/index.ts";
import type { Pod } from "#lib/kube/index.ts";
import { systemClock } from "#server/clock.ts";
import { parseKubeconfig, resolveContext } from "#server/cluster/kubeconfig/index.ts";
import { KubeTransport } from "#server/cluster/transport/index.ts";
import { LocalClient } from "./api/local-client.ts";
import { startEmbeddedCluster } from "./start.ts";
import { aPod, startTestCluster, type TestCluster } from "./testing/test-cluster.ts";

const undos: (() => unknown)[] = [];

afterEach(async () => {
  for (const undo of undos.splice(0).toReversed()) await undo();
});

function transportTo(kubeconfig: string): KubeTransport {
  const access = resolveContext(parseKubeconfig(kubeconfig, "the embedded cluster"), "embedded");
  const options = { clock: systemClock, environment: {}, isExecApproved: () => false, userAgent: "kube-inflight/test" };
  const transport = new KubeTransport(access, options);
  undos.push(() => transport.close());
  return transport;
}

const source = (transport: KubeTransport) =>
  transport.listerWatcher<Pod>({ group: "", version: "v1", resource: "pods" });

async function startInformer(kubeconfig: string, { isStreamingEnabled }: { readonly isStreamingEnabled: boolean }) {
  const informer = new SharedIndexInformer<Pod>({
    source: retrying(source(transportTo(kubeconfig)), systemClock),
    clock: systemClock,
    random: Math.random,
    isStreamingEnabled,
  });
  const stop = new Abort();
  const running = informer.run(stop.signal);
  undos.push(async () => {
    stop.abort();
    await running;
  });
  await informer.synced;
  return informer;
}

const modes = [
  { mode: "from a streamed list", isStreamingEnabled: true },
  { mode: "from pages", isStreamingEnabled: false },
];

describe("our informer on the embedded cluster", () => {
  it.each(modes)("has what the server has $mode, and follows what is written", async ({ isStreamingEnabled }) => {
    const cluster: TestCluster = await startTestCluster();
    undos.push(() => cluster.stop());
    const objects = new LocalClient(cluster.registry);
    const create = (name: string) =>
      objects.create("pods", { ...aPod(name), metadata: { name, namespace: "default" } });
    for (let count = 0; count < 1200; count++) create(`before-${count}`);
    const informer = await startInformer(cluster.kubeconfig, { isStreamingEnabled });
    expect(informer.store.size).toBe(1200);

    const told: string[] = [];
    const heardLast = Promise.withResolvers<void>();
    informer.addEventHandler({
      onAdd: ({ metadata }, isInInitialList) => void (isInInitialList || told.push(`add ${metadata.name}`)),
      onUpdate: (_, { metadata, spec }) => void told.push(`update ${metadata.name} ${spec?.nodeName}`),
      onDelete: () => heardLast.resolve(),
    });
    create("after");
    await cluster.client.post("/api/v1/namespaces/default/pods/after/binding", { target: { name: "node-1" } });
    await cluster.client.delete("/api/v1/namespaces/default/pods/before-7");
    await heardLast.promise;
    expect(told).toEqual(["add after", "update after node-1"]);
    expect(informer.lastSyncResourceVersion).toBe(String(cluster.registry.storage.resourceVersion));
  });

  it.each(modes)("agrees with the server $mode while the cluster is busy", async ({ isStreamingEnabled }) => {
    const cluster = await startEmbeddedCluster({ scenario: "busy", intervalMs: 5 });
    undos.push(() => cluster.stop());
    const informer = await startInformer(cluster.kubeconfig, { isStreamingEnabled });
    const changes = Promise.withResolvers<void>();
    let left = 300;
    const count = () => void (--left === 0 && changes.resolve());
    informer.addEventHandler({ onAdd: count, onUpdate: count, onDelete: count });
    await changes.promise;
    const verification = await informer.verify(new Abort().signal);
    expect(verification).toMatchObject({ missing: [], extra: [], older: [] });
    expect(verification.compared).toBeGreaterThan(1000);
  });
});
