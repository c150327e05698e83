import { Abort, type Clock } from "#lib/clock/index.ts";
import type { PodUid } from "#lib/kube/index.ts";
import type { QueueView } from "#lib/queue/index.ts";
import type { Shadow } from "#lib/scheduler/index.ts";
import type { Measured } from "#lib/protocol/index.ts";
import { RefusedError } from "#server/hub/clusters.ts";
import type { InformerBoard } from "../informer-board.ts";
import type { QueueFlow } from "../queue-flow.ts";
import type { Attempt } from "../views/events.ts";
import type { QueueHistory } from "./queue-history.ts";
import {
  assumedConfiguration,
  configurationFromConfigz,
  describeConfiguration,
  isSameConfiguration,
  type KnownConfiguration,
} from "./scheduler-configuration.ts";
import type { EndpointFinder, SchedulerEndpoint } from "./scheduler-endpoints.ts";
import { SchedulerMetrics } from "./scheduler-metrics.ts";
import type { Judging, Scheduling, SchedulingFacts } from "./scheduling.ts";
import { ShadowRun } from "./shadow-run.ts";
import type { TransitionLog } from "./transition-log.ts";

export interface ShadowSchedulingOptions {
  readonly clock: Clock;
  readonly board: InformerBoard;
  /** Where kube-scheduler may be asked about itself. */
  readonly finder: EndpointFinder;
  /** From a file; where there is none, kube-scheduler is asked. */
  readonly configuration?: KnownConfiguration;
  readonly reportError: (error: unknown) => void;
}

/** The queue of the cluster's own kube-scheduler, as far as it can be told from outside. Nothing in it is steered. */
export class ShadowScheduling implements Scheduling {
  readonly provenance = "simulated";
  readonly #options: ShadowSchedulingOptions;
  readonly #metrics: SchedulerMetrics;
  readonly #stopped = new Abort();
  #known: KnownConfiguration;
  #run: ShadowRun;
  #isConfigurationAsked: boolean;

  constructor(options: ShadowSchedulingOptions) {
    const { clock, finder, configuration, reportError } = options;
    this.#options = options;
    this.#known = configuration ?? assumedConfiguration;
    this.#isConfigurationAsked = configuration !== undefined;
    this.#metrics = new SchedulerMetrics({
      clock,
      finder,
      ours: () => ({ queue: this.queue, attempts: this.shadow.attempts }),
      onMeasured: (last) => this.#setPace(last),
      onFound: (endpoint) => void this.#askConfiguration(endpoint),
    });
    this.#run = this.#start();
    this.#metrics.run().catch(reportError);
  }

  /** For who looks deeper: another one once the configuration turned out to be another. */
  get shadow(): Shadow {
    return this.#run.shadow;
  }

  get queue(): QueueView {
    return this.#run.shadow.queue.view;
  }

  get flow(): QueueFlow {
    return this.#run.flow;
  }

  get history(): QueueHistory {
    return this.#run.history;
  }

  get transitions(): TransitionLog {
    return this.#run.transitions;
  }

  attemptOf(uid: string): Attempt | undefined {
    return this.shadow.flight(uid as PodUid);
  }

  outcomeOf(uid: string) {
    return this.shadow.outcomeOf(uid as PodUid)?.kind;
  }

  correctTransitionsOf(): undefined {
    return undefined;
  }

  judging(): Judging {
    const { shadow } = this;
    const { cache, queue, pipeline, profiles } = shadow;
    return {
      cache,
      queue,
      pipeline,
      profiles,
      maxBackoffMs: this.#known.configuration.podMaxBackoffMs,
      flightOf: (uid) => shadow.flight(uid as PodUid),
      outcomeOf: (uid) => shadow.outcomeOf(uid as PodUid),
      isAnybodyElsePlaced: (uid) => shadow.isAnybodyElsePlaced(uid as PodUid),
    };
  }

  facts(): SchedulingFacts {
    const { attemptMs, inFlight, isMeasured } = this.shadow.pace;
    return {
      configuration: describeConfiguration(this.#known),
      metrics: this.#metrics.state,
      pace: { attemptMs, inFlight, provenance: isMeasured ? "measured" : "simulated" },
      otherSchedulers: Object.fromEntries(
        [...this.shadow.unknownSchedulers()].map(([name, waiting]) => [name, { waiting }]),
      ),
    };
  }

  loopState(): undefined {
    return undefined;
  }

  set(): never {
    throw notOurs();
  }

  beginAnew(): never {
    throw notOurs();
  }

  async step(): Promise<never> {
    throw notOurs();
  }

  async undo(): Promise<never> {
    throw notOurs();
  }

  async redo(): Promise<never> {
    throw notOurs();
  }

  stop(): void {
    this.#stopped.abort();
    this.#metrics.stop();
    this.#run.stop();
  }

  #start(): ShadowRun {
    const { clock, board, reportError } = this.#options;
    const { configuration } = this.#known;
    return new ShadowRun({ clock, board, configuration, reportError, onBegun: () => this.#metrics.begin() });
  }

  /** kube-scheduler has one pod in its scheduling cycle, and those that are being bound. */
  #setPace(last: Measured | undefined): void {
    const isLeading = last !== undefined && last.isLeader !== false;
    this.shadow.setPace(isLeading ? { inFlight: last.bindings + 1, attemptMs: last.attemptMs } : undefined);
  }

  /** Once: it is read when kube-scheduler starts, and never again. A shadow that assumed otherwise begins anew. */
  async #askConfiguration(endpoint: SchedulerEndpoint): Promise<void> {
    if (this.#isConfigurationAsked) return;
    this.#isConfigurationAsked = true;
    let known: KnownConfiguration;
    try {
      known = configurationFromConfigz(await endpoint.configuration(this.#stopped.signal), endpoint.address);
    } catch (error) {
      const { message } = endpoint.problemOf(error);
      known = { ...assumedConfiguration, problem: `It could not be read from ${endpoint.address}: ${message}` };
    }
    if (this.#stopped.signal.aborted) return;
    const isSame = isSameConfiguration(known.configuration, this.#known.configuration);
    this.#known = known;
    if (isSame) return;
    this.#run.stop();
    this.#run = this.#start();
  }
}

function notOurs(): RefusedError {
  return new RefusedError(
    409,
    "not-steered",
    "kube-scheduler schedules this cluster: only the embedded one can be steered",
  );
}
