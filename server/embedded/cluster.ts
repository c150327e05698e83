import type { Clock } from "#lib/clock/index.ts";
import { Registry } from "./api/registry.ts";
import { bootstrap } from "./bootstrap.ts";
import { startApiServer } from "./http/server.ts";
import { seededRandom, seededUuid } from "./random.ts";
import { startScenario, type ScenarioName } from "./scenarios/scenarios.ts";
import { Storage } from "./storage/storage.ts";

export interface ClusterOptions {
  readonly clock: Clock;
  readonly scenario: ScenarioName;
  /** 0 or nothing takes any free port. */
  readonly port?: number;
  readonly seed?: number;
  readonly historyWindow?: number;
  readonly bookmarkIntervalMs?: number;
}

export interface Cluster {
  readonly server: string;
  readonly kubeconfig: string;
  readonly registry: Registry;
  /** What runs stops; what stands is taken away; then the new one begins on the same server. */
  setScenario(name: ScenarioName): void;
  stop(): Promise<void>;
}

/** The whole embedded cluster in this thread: storage, API server, controllers and the scenario that plays on it. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { clock, port = 0, seed = 1, historyWindow, bookmarkIntervalMs = 60_000 } = options;
  const random = seededRandom(seed);
  const registry = new Registry({
    storage: new Storage(historyWindow === undefined ? {} : { historyWindow }),
    now: () => clock.now(),
    random,
    newUid: () => seededUuid(random),
  });
  bootstrap(registry);
  const api = await startApiServer({ registry, clock, random, port, bookmarkIntervalMs });
  let scenario = startScenario(options.scenario, { registry, clock, random });
  return {
    server: api.url,
    kubeconfig: api.kubeconfig,
    registry,
    setScenario: (name) => {
      scenario.stop();
      scenario.clear();
      scenario = startScenario(name, { registry, clock, random });
    },
    stop: async () => {
      scenario.stop();
      await api.stop();
    },
  };
}
