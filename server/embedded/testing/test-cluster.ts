import { setImmediate } from "node:timers/promises";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import type { JsonObject } from "#lib/protocol/index.ts";
import { startCluster, type Cluster, type ClusterOptions } from "../cluster.ts";
import { ApiClient } from "./api-client.ts";

export interface TestCluster extends Cluster {
  readonly clock: FakeClock;
  readonly client: ApiClient;
}

/** A cluster in this thread whose time is moved by the test, and a client of it over HTTPS. */
export async function startTestCluster(options: Partial<ClusterOptions> = {}): Promise<TestCluster> {
  // TLS reads the real time, so the certificates have to be valid now.
  const clock = new FakeClock(Date.now(), async () => {
    for (let turn = 0; turn < 5; turn++) await setImmediate();
  });
  const cluster = await startCluster({ scenario: "empty", clock, ...options });
  const client = new ApiClient(cluster.kubeconfig);
  return {
    ...cluster,
    clock,
    client,
    stop: async () => {
      await client.close();
      await cluster.stop();
    },
  };
}

export function aPod(name: string, more: JsonObject = {}): JsonObject {
  const { spec, metadata, ...rest } = more as { spec?: JsonObject; metadata?: JsonObject };
  return {
    metadata: { name, ...metadata },
    spec: { containers: [{ name: "main", image: "example/main:1" }], ...spec },
    ...rest,
  };
}

export function aConfigMap(name: string, data: JsonObject = {}): JsonObject {
  return { metadata: { name }, data };
}
