import type { Clock } from "#lib/clock/index.ts";
import { PriorityQueue } from "#lib/queue/index.ts";
import {
  ClusterCache,
  defaultProfile,
  EventPipeline,
  preEnqueuePlugins,
  queueingHintMap,
} from "#lib/scheduler/index.ts";
import { Diagnosis, type DiagnosisOptions } from "../diagnosis/index.ts";
import { assumedConfiguration, describeConfiguration } from "../scheduling/scheduler-configuration.ts";
import { FakeCluster } from "./fake-cluster.ts";

/**
 * A cluster of our own, told of nodes and pods directly, whose queue nobody pops from unless told to: verdicts change
 * because nodes and pods do.
 */
export class StillCluster {
  readonly cluster = new FakeCluster();
  readonly clock: Clock;
  readonly cache = new ClusterCache();
  readonly queue: PriorityQueue;
  readonly pipeline: EventPipeline;
  readonly diagnosis: Diagnosis;
  readonly #scheduling: DiagnosisOptions["scheduling"];

  /** @param clock another than the cluster's, which stands still until it is moved */
  constructor(clock?: Clock) {
    this.clock = clock ?? this.cluster.clock;
    const { cache } = this;
    const profiles = [defaultProfile(cache)];
    const queue = new PriorityQueue({
      clock: this.clock,
      queueingHintMap: queueingHintMap(profiles),
      preEnqueuePlugins: preEnqueuePlugins(profiles),
      podLister: (key) => cache.pods.get(key),
    });
    this.queue = queue;
    const pipeline = new EventPipeline({ cache, queue, schedulerNames: new Set(["default-scheduler"]) });
    this.pipeline = pipeline;
    const judging = { cache, queue, pipeline, profiles, maxBackoffMs: 10_000 };
    this.#scheduling = {
      judging: () => ({ ...judging, flightOf: () => undefined, outcomeOf: () => undefined }),
      loopState: () => undefined,
      facts: () => ({
        configuration: describeConfiguration(assumedConfiguration),
        metrics: { state: "notNeeded" },
        otherSchedulers: {},
      }),
    };
    this.diagnosis = this.anotherDiagnosis();
  }

  /** Of the same cluster, that knows of nothing yet. */
  anotherDiagnosis(): Diagnosis {
    return new Diagnosis({
      clock: this.clock,
      board: this.cluster.board,
      transport: this.cluster.transport,
      mode: "actual",
      scheduling: this.#scheduling,
      version: () => "v1.36.3",
      reportError: (error) => {
        throw error;
      },
    });
  }
}
