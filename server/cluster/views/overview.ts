import type { Clock } from "#lib/clock/index.ts";
import { BoundedHistory } from "#lib/collections/index.ts";
import type { Cluster, Overview } from "#lib/protocol/index.ts";
import type { QueuedPodInfo, QueueView } from "#lib/queue/index.ts";
import type { InformerBoard } from "../informer-board.ts";
import type { Scheduling } from "../scheduling/scheduling.ts";
import { measuredQueue, schedulerOf } from "./scheduler.ts";

const lagSamples = 600;
/** The pods informer stands for the cluster: everything else is small beside it. */
const podsKey = "v1/pods";

export interface OverviewSource {
  readonly clock: Clock;
  readonly board: InformerBoard;
  readonly scheduling: Scheduling | undefined;
  readonly cluster: Cluster;
  readonly lag: LagSampler;
  readonly rejectors: RejectorCounts;
}

/** How far behind the slowest built-in registration is, sampled while somebody looks. What people add may be slow. */
export class LagSampler {
  readonly #samples = new BoundedHistory<number>(lagSamples);

  sample(board: InformerBoard): void {
    let lagMs = 0;
    for (const { informer } of board.informers()) {
      for (const { id, lagMs: behindMs } of informer.registrations) {
        if (board.entry(id)?.added === undefined) lagMs = Math.max(lagMs, behindMs);
      }
    }
    this.#samples.push(lagMs);
  }

  /** 99th percentile of the last 600 samples. */
  get p99Ms(): number {
    const sorted = [...this.#samples].sort((a, b) => a - b);
    return Math.round(sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0);
  }
}

const rejectorsEveryMs = 1_000;

/** How many pods wait because of each plugin. Counted at most once a second: it looks at every pod that waits. */
export class RejectorCounts {
  readonly #clock: Clock;
  #counts: Overview["rejectors"] = {};
  #countedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(queue: QueueView): Overview["rejectors"] {
    const now = this.#clock.now();
    if (now - this.#countedAt < rejectorsEveryMs) return this.#counts;
    const counts: Record<string, number> = {};
    const count = ({ rejectors }: QueuedPodInfo): void => {
      for (const plugin of rejectors) counts[plugin] = (counts[plugin] ?? 0) + 1;
    };
    for (const info of queue.unschedulableUnordered()) count(info);
    for (const { info } of queue.backingOffUnordered()) count(info);
    this.#countedAt = now;
    this.#counts = counts;
    return counts;
  }
}

export function buildOverview({ board, scheduling, cluster, lag, rejectors }: OverviewSource): Omit<Overview, "asOf"> {
  const informers = board.informers();
  for (const { flow } of informers) flow.observe();
  lag.sample(board);
  const sizes = scheduling?.queue.sizes();
  const pods = informers.find(({ key }) => key === podsKey)?.informer;
  const loop = scheduling?.loopState();
  const scheduler = schedulerOf(cluster);
  const measured = scheduling === undefined ? undefined : measuredQueue(scheduling.facts());
  return {
    cluster,
    provenance: scheduling?.provenance ?? "simulated",
    queue: {
      active: sizes?.active ?? 0,
      backoff: (sizes?.backoff ?? 0) + (sizes?.errorBackoff ?? 0),
      unschedulable: sizes?.unschedulable ?? 0,
      gated: sizes?.gated ?? 0,
      inFlight: sizes?.inFlight ?? 0,
    },
    rejectors: scheduling === undefined ? {} : rejectors.of(scheduling.queue),
    eventListLength: scheduling?.queue.inFlight.size ?? 0,
    informers: {
      total: informers.length,
      watching: informers.filter(({ informer }) => informer.state.phase === "watching").length,
      problems: informers.filter(({ informer }) => informer.problem !== undefined).length,
    },
    eventsPerSecond: informers.reduce((sum, { flow }) => sum + flow.received.perSecond, 0),
    watchLagP99Ms: lag.p99Ms,
    ...(pods === undefined ? {} : { resourceVersion: pods.lastSyncResourceVersion }),
    ...(scheduler === undefined ? {} : { scheduler }),
    ...(measured === undefined ? {} : { measured }),
    ...(loop === undefined ? {} : { loop }),
  };
}
