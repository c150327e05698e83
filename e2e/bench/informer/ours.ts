/** Child process: one informer of this project, as a cluster's worker sets it up, and handlers that count. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Abort } from "#lib/clock/index.ts";
import { SharedIndexInformer } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import { systemClock } from "#server/clock.ts";
import { parseKubeconfig, resolveContext } from "#server/cluster/kubeconfig/index.ts";
import { transformFor } from "#server/cluster/redaction/index.ts";
import { KubeTransport } from "#server/cluster/transport/index.ts";
import { flood, peakRssMiB, print, taskFromArguments, type Task } from "./measurement.ts";

const pods = { group: "", version: "v1", resource: "pods" } as const;

const task = taskFromArguments();
const informer = informerOf(task);
const { handlers, counted } = countingHandlers(task);
const registrations = handlers.map((handler) => informer.addEventHandler(handler));
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const start = performance.now();
void informer.run(new Abort().signal);
await Promise.all(registrations.map(({ synced }) => synced));
const syncMs = performance.now() - start;
delay.disable();
const measurement = { syncMs, peakRssMiB: peakRssMiB(), longestBlockMs: delay.max / 1e6, pods: informer.store.size };
print({ ...measurement, deliverMs: await deliverMs() });

async function deliverMs(): Promise<number> {
  if (task.events === 0) return 0;
  const askedAt = flood(task);
  await counted;
  return performance.now() - (await askedAt);
}

function informerOf({ url, mode }: Task): SharedIndexInformer<KubeObject> {
  const kubeconfig = {
    clusters: [{ name: "bench", cluster: { server: url } }],
    contexts: [{ name: "bench", context: { cluster: "bench", user: "" } }],
  };
  const access = resolveContext(parseKubeconfig(JSON.stringify(kubeconfig), "bench"), "bench");
  const transport = new KubeTransport(access, {
    clock: systemClock,
    environment: {},
    userAgent: "kube-inflight/bench",
    isExecApproved: () => false,
  });
  return new SharedIndexInformer<KubeObject>({
    source: transport.listerWatcher(pods),
    clock: systemClock,
    random: Math.random,
    transform: transformFor(pods),
    indexers: { namespace: ({ metadata }) => (metadata.namespace === undefined ? [] : [metadata.namespace]) },
    isStreamingEnabled: mode === "watchlist",
  });
}

function countingHandlers({ handlers: number, events }: Task) {
  const { promise: counted, resolve } = Promise.withResolvers<void>();
  let isMissing = number;
  const handlers = Array.from({ length: number }, () => {
    let updates = 0;
    return {
      onUpdate: () => {
        if (++updates === events && --isMissing === 0) resolve();
      },
    };
  });
  return { handlers, counted };
}
