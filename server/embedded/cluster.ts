import type { Clock } from "#lib/clock/index.ts";
import type { FaultRequest } from "#lib/protocol/index.ts";
import { Registry } from "./api/registry.ts";
import { LocalClient } from "./api/local-client.ts";
import { bootstrap, clear } from "./bootstrap.ts";
import type { FaultBoard } from "./faults/index.ts";
import { startControllers } from "./controllers/controllers.ts";
import { issueCertificates } from "./http/certificates.ts";
import { startApiServer } from "./http/server.ts";
import { seededRandom, seededUuid } from "./random.ts";
import { startLostEvent } from "./scenarios/lost-event.ts";
import { startScenario, type ScenarioName } from "./scenarios/scenarios.ts";
import { Storage } from "./storage/storage.ts";

export interface ClusterOptions {
  readonly clock: Clock;
  readonly scenario: ScenarioName;
  /** Beside the scenario, unless that is empty: what a historical queue loses. */
  readonly losesEvents?: boolean;
  /** 0 or nothing takes any free port. */
  readonly port?: number;
  readonly seed?: number;
  /** Mean time between two things that a busy scenario does. */
  readonly intervalMs?: number;
  readonly historyWindow?: number;
  readonly bookmarkIntervalMs?: number;
}

export interface Cluster {
  readonly server: string;
  readonly kubeconfig: string;
  readonly registry: Registry;
  readonly faults: FaultBoard;
  /** What runs stops; what stands is taken away; then the new one begins on the same server. */
  setScenario(name: ScenarioName): void;
  stop(): Promise<void>;
}

/** Nothing is to stand there, no node is, or an event is lost anyway. */
const withoutLoss: ReadonlySet<ScenarioName> = new Set(["empty", "no-nodes", "historical-queue"]);

/** The whole embedded cluster in this thread: storage, API server, controllers and the scenario that plays on it. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { clock, port = 0, seed = 1, intervalMs = 200, historyWindow, bookmarkIntervalMs = 60_000 } = options;
  const random = seededRandom(seed);
  const registry = new Registry({
    storage: new Storage(historyWindow === undefined ? {} : { historyWindow }),
    now: () => clock.now(),
    random,
    newUid: () => seededUuid(random),
  });
  const client = new LocalClient(registry);
  const certificates = await issueCertificates(clock.now());
  bootstrap(client, certificates.authority);
  const api = await startApiServer({ registry, clock, random, port, bookmarkIntervalMs, certificates });
  const loseHistory = (): void => {
    registry.storage.forget();
    api.cutWatches();
  };
  const strike = (fault: FaultRequest): (() => void) => {
    const { id } = api.faults.add(fault);
    return () => void api.faults.remove(id);
  };
  const context = { client, clock, random, intervalMs, loseHistory, strike };
  const stopControllers = startControllers(context);
  const play = (name: ScenarioName): (() => void) => {
    const parts = [startScenario(name, context)];
    if (options.losesEvents === true && !withoutLoss.has(name)) parts.push(startLostEvent(context));
    return () => parts.forEach((stop) => stop());
  };
  let stopScenario = play(options.scenario);
  return {
    server: api.url,
    kubeconfig: api.kubeconfig,
    registry,
    faults: api.faults,
    setScenario: (name) => {
      stopScenario();
      clear(client);
      stopScenario = play(name);
    },
    stop: async () => {
      stopScenario();
      stopControllers();
      await api.stop();
    },
  };
}
