import { Abort, type Clock, type Instant } from "#lib/clock/index.ts";
import { podUid, type Event, type Pod, type PodUid } from "#lib/kube/index.ts";
import { PriorityQueue } from "#lib/queue/index.ts";
import { AsOfClock } from "./as-of-clock.ts";
import { ClusterCache } from "./cluster-cache.ts";
import { defaultConfiguration, type SchedulerConfiguration } from "./configuration.ts";
import type { Attempt } from "./cycle.ts";
import { byName, dryRun } from "./dry-run.ts";
import { EventPipeline, type PipelineHandler } from "./event-pipeline.ts";
import type { SelectorCompiler } from "./devices/index.ts";
import { failureInEvent, newFailure, subjectOf, timeOf } from "./evidence.ts";
import type { Flight } from "./flight.ts";
import { OtherSchedulers } from "./other-schedulers.ts";
import { isAssigned } from "./pod-info.ts";
import { preEnqueuePlugins, profileOf, queueingHintMap, type Profile } from "./profile.ts";
import type { Outcome } from "./outcome.ts";
import { queueWhile } from "./queue-while.ts";
import { isResponsibleFor } from "./responsibility.ts";
import { seed } from "./seeding.ts";
import { ShadowAttempts, type AttemptResult } from "./shadow-attempts.ts";
import { ShadowPace, type MeasuredPace } from "./shadow-pace.ts";

export interface ShadowOptions {
  readonly clock: Clock;
  /** Of the scheduler that is shadowed; default: kube-scheduler's own defaults. Pods of other profiles are not modelled. */
  readonly configuration?: SchedulerConfiguration;
  /** When the scheduler last wrote to the pod, where that is known. */
  readonly lastWriteOf?: (pod: Pod) => Instant | undefined;
  readonly reportError?: (error: unknown) => void;
  /** Reads selectors of devices; without it what they select cannot be told. */
  readonly compileSelector?: SelectorCompiler;
}

/** A binding that took so long is late: the scheduler may not be as far as we think. */
const lateMs = 2_000;

/**
 * The queue of a scheduler that somebody else runs, replayed from what the API shows: what happens to the cluster comes
 * from its informers, when pods are tried and what comes of it from evidence. It writes nothing. Everything it says
 * about queues, flights and attempts is simulated.
 */
export class Shadow {
  readonly queue: PriorityQueue;
  readonly cache = new ClusterCache();
  readonly pipeline: EventPipeline;
  /** Stands before the pipeline: evidence about an attempt comes first, as the scheduler itself is done before it writes. */
  readonly pods: PipelineHandler<Pod>;
  /** Takes events about pods whose reason is FailedScheduling; others do no harm. */
  readonly events: PipelineHandler<Event>;

  readonly #clock: AsOfClock;
  readonly #profiles: ReadonlyMap<string, Profile>;
  readonly #lastWriteOf: (pod: Pod) => Instant | undefined;
  readonly #reportError: (error: unknown) => void;
  readonly #attempts: ShadowAttempts;
  readonly #pace: ShadowPace;
  readonly #stopped = new Abort();
  /** Before the beginning: when the scheduler last failed a pod, from its events. */
  readonly #failedAt = new Map<string, Instant>();
  readonly #others: OtherSchedulers;
  #phase: "loading" | "live" | "stopped" = "loading";
  #wake: (() => void) | undefined;

  constructor(options: ShadowOptions) {
    const { configuration = defaultConfiguration } = options;
    const profiles = configuration.profiles.map((profile) => profileOf(this.cache, profile, options.compileSelector));
    this.#clock = new AsOfClock(options.clock);
    this.#profiles = byName(profiles);
    this.#others = new OtherSchedulers(this.#profiles);
    this.#lastWriteOf = options.lastWriteOf ?? (() => undefined);
    this.#reportError = options.reportError ?? (() => undefined);
    this.queue = new PriorityQueue({
      clock: this.#clock,
      queueingHintMap: queueingHintMap(profiles),
      preEnqueuePlugins: preEnqueuePlugins(profiles),
      podLister: (key) => this.cache.pods.get(key),
      podInitialBackoffMs: configuration.podInitialBackoffMs,
      podMaxBackoffMs: configuration.podMaxBackoffMs,
    });
    this.#pace = new ShadowPace(options.clock, this.#stopped.signal);
    this.#attempts = new ShadowAttempts({
      clock: this.#clock,
      queue: this.queue,
      cache: this.cache,
      profiles: this.#profiles,
      landed: () => this.#wake?.(),
    });
    this.pipeline = new EventPipeline({
      cache: this.cache,
      queue: queueWhile(() => this.#phase === "live", this.queue),
      schedulerNames: new Set(this.#profiles.keys()),
    });
    this.pods = {
      onAdd: (pod) => {
        this.#others.note(pod);
        this.pipeline.pods.onAdd(pod);
      },
      onUpdate: (old, updated) => {
        if (podUid(old) !== podUid(updated)) this.#others.forget(old);
        this.#others.note(updated);
        this.#lookAt(old, updated);
        this.pipeline.pods.onUpdate(old, updated);
      },
      onDelete: (deleted) => {
        const pod = "deletedFinalStateUnknown" in deleted ? deleted.object : deleted;
        this.#others.forget(pod);
        this.#attempts.forget(podUid(pod), "Delete");
        this.pipeline.pods.onDelete(deleted);
      },
    };
    this.events = {
      onAdd: (event) => this.#hear(event),
      onUpdate: (_old, event) => this.#hear(event),
      onDelete: () => undefined,
    };
  }

  /**
   * To be called once every informer has delivered its first list: only then do pods enter the queue, where the
   * scheduler's last words about them say they are. What was listed is no event.
   */
  begin(): void {
    if (this.#phase !== "loading") return;
    this.#phase = "live";
    for (const pod of this.cache.pods.all()) {
      if (isAssigned(pod) || !isResponsibleFor(this.#profiles, pod)) continue;
      const failedAt = this.#lastWriteOf(pod) ?? this.#failedAt.get(podUid(pod));
      const evidence = seed(pod, { queue: this.queue, clock: this.#clock, failedAt });
      if (evidence !== undefined) this.#attempts.remember(pod, evidence);
    }
    this.#failedAt.clear();
    this.queue.run();
    this.#run().catch(this.#reportError);
  }

  stop(): void {
    if (this.#phase === "stopped") return;
    this.#phase = "stopped";
    this.#attempts.stop();
    this.#stopped.abort();
    this.queue.close();
    this.#wake?.();
  }

  /** How fast the scheduler is by its own metrics; `undefined` when they cannot be read. */
  setPace(measured: MeasuredPace | undefined): void {
    this.#pace.set(measured);
    this.#wake?.();
  }

  flight(uid: PodUid): Flight | undefined {
    return this.#attempts.get(uid);
  }

  isAnybodyElsePlaced(uid: PodUid): boolean {
    return this.#attempts.isAnybodyElsePlaced(uid);
  }

  flights(): readonly Flight[] {
    return this.#attempts.all();
  }

  /** How the last attempt of a pod ended, and how that is known. */
  outcomeOf(uid: PodUid): Outcome | undefined {
    return this.#attempts.outcomeOf(uid);
  }

  /** Attempts that ended since the beginning, as far as it is known how: upstream's `schedule_attempts_total`. */
  get attempts(): ReadonlyMap<AttemptResult, number> {
    return this.#attempts.counts;
  }

  /** Pods without a node that wait for a scheduler which is not modelled, by its name. */
  unknownSchedulers(): ReadonlyMap<string, number> {
    return this.#others.counts();
  }

  /** Of the scheduler that is shadowed. */
  get profiles(): readonly Profile[] {
    return [...this.#profiles.values()];
  }

  /** How long an attempt takes, how many bindings may be late before nobody is popped, and whether that is measured. */
  get pace(): { readonly attemptMs: number; readonly inFlight: number; readonly isMeasured: boolean } {
    const { attemptMs, inFlight, isMeasured } = this.#pace;
    return { attemptMs, inFlight, isMeasured };
  }

  /** What an attempt would come to by our own plugins. `undefined` for a pod that is not modelled. */
  dryRun(pod: Pod): Attempt | undefined {
    return dryRun(pod, { profiles: this.#profiles, snapshot: this.cache, queue: this.queue });
  }

  // The pace: one attempt after the other, as in the scheduler's own loop. Bindings do not stop it.

  async #run(): Promise<void> {
    await this.#clock.yield(); // after all that listing, others come first
    while (this.#phase === "live") {
      if (this.#attempts.countSince(this.#clock.now() - lateMs) >= this.#pace.inFlight) await this.#somethingLanded();
      else if (this.queue.canPop) await this.#attempt();
      else {
        await this.queue.whenReady();
        this.#pace.rest();
      }
    }
  }

  async #attempt(): Promise<void> {
    const flight = this.#attempts.takeOff();
    if (flight === undefined) return this.#clock.yield();
    await this.#pace.attempt(flight.since);
    if (this.#phase === "live") this.#attempts.endOfAttempt(flight);
  }

  #somethingLanded(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  // Evidence.

  /** Before the pipeline is told: the attempt was over when the scheduler wrote this. */
  #lookAt(old: Pod, updated: Pod): void {
    if (this.#phase !== "live" || isAssigned(old)) return;
    const uid = podUid(old);
    if (podUid(updated) !== uid) this.#attempts.forget(uid, "Replaced");
    else if (!isResponsibleFor(this.#profiles, updated)) return;
    else if (isAssigned(updated)) this.#attempts.bound(uid);
    else {
      const evidence = newFailure(old, updated);
      if (evidence !== undefined) this.#attempts.failed(old, evidence);
    }
  }

  #hear(event: Event): void {
    const uid = subjectOf(event) as PodUid | undefined;
    const evidence = failureInEvent(event);
    if (uid === undefined || evidence === undefined) return;
    const at = timeOf(event);
    if (this.#phase === "loading") {
      if (at !== undefined) this.#failedAt.set(uid, Math.max(at, this.#failedAt.get(uid) ?? at));
      return;
    }
    // Without a flight it may be late news of an attempt that is over: the condition is the better witness.
    const flight = this.#attempts.get(uid);
    if (flight !== undefined) this.#attempts.failed(flight.pod, evidence);
  }
}
