import type { Clock, Instant, Timer } from "#lib/clock/index.ts";
import { objectKey, podUid, type Event, type Pod, type PodUid } from "#lib/kube/index.ts";
import { PriorityQueue, type QueuedPodInfo } from "#lib/queue/index.ts";
import { AsOfClock } from "./as-of-clock.ts";
import { ClusterCache } from "./cluster-cache.ts";
import { defaultConfiguration, type SchedulerConfiguration } from "./configuration.ts";
import type { Attempt } from "./cycle.ts";
import { countByPlugin } from "./diagnosis.ts";
import { byName, dryRun } from "./dry-run.ts";
import { EventPipeline, type PipelineHandler } from "./event-pipeline.ts";
import { failureInEvent, newFailure, subjectOf, timeOf, type FailureEvidence } from "./evidence.ts";
import type { Flight, RejectionCounts } from "./flight.ts";
import { OtherSchedulers } from "./other-schedulers.ts";
import { isAssigned } from "./pod-info.ts";
import { preEnqueuePlugins, profileOf, queueingHintMap, type Profile } from "./profile.ts";
import type { Outcome } from "./outcome.ts";
import { queueWhile } from "./queue-while.ts";
import { isResponsibleFor } from "./responsibility.ts";
import { seed } from "./seeding.ts";

export interface ShadowOptions {
  readonly clock: Clock;
  /** Of the scheduler that is shadowed; default: kube-scheduler's own defaults. Pods of other profiles are not modelled. */
  readonly configuration?: SchedulerConfiguration;
  /** When the scheduler last wrote to the pod, where that is known. */
  readonly lastWriteOf?: (pod: Pod) => Instant | undefined;
  readonly reportError?: (error: unknown) => void;
}

/** Pods in flight at once where nothing is measured. */
const assumedInFlight = 8;
/** How long a pod that fits nowhere waits for the scheduler to say so: with the same words as before it says nothing. */
const silentFailureMs = 2_000;
/** How long a pod that fits waits to be bound. */
const bindingWaitMs = 30_000;
/** The scheduler writes a condition and an event about the same attempt; the second to arrive is no other attempt. */
const sameAttemptMs = 5_000;

interface ShadowFlight {
  readonly info: QueuedPodInfo;
  readonly uid: PodUid;
  readonly pod: Pod;
  readonly since: Instant;
  readonly result: Attempt;
  readonly rejections: RejectionCounts;
  readonly timer: Timer;
}

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
  readonly #flights = new Map<PodUid, ShadowFlight>();
  readonly #outcomes = new Map<PodUid, Outcome>();
  /** Before the beginning: when the scheduler last failed a pod, from its events. */
  readonly #failedAt = new Map<string, Instant>();
  readonly #others: OtherSchedulers;
  #phase: "loading" | "live" | "stopped" = "loading";
  #measuredInFlight: number | undefined;
  #wake: (() => void) | undefined;

  constructor(options: ShadowOptions) {
    const { configuration = defaultConfiguration } = options;
    const profiles = configuration.profiles.map((profile) => profileOf(this.cache, profile));
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
        this.#forget(podUid(pod), "Delete");
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
      if (evidence !== undefined)
        this.#outcomes.set(podUid(pod), { kind: "observed", at: this.#clock.now(), evidence });
    }
    this.#failedAt.clear();
    this.queue.run();
    this.#run().catch(this.#reportError);
  }

  stop(): void {
    if (this.#phase === "stopped") return;
    this.#phase = "stopped";
    for (const { timer } of this.#flights.values()) timer.cancel();
    this.queue.close();
    this.#wake?.();
  }

  /** How many pods the scheduler has in flight by its own metrics; `undefined` when they cannot be read. */
  setMeasuredInFlight(count: number | undefined): void {
    this.#measuredInFlight = count;
    this.#wake?.();
  }

  flight(uid: PodUid): Flight | undefined {
    const flight = this.#flights.get(uid);
    return flight === undefined ? undefined : describe(flight);
  }

  flights(): readonly Flight[] {
    return [...this.#flights.values()].map(describe);
  }

  /** How the last attempt of a pod ended, and how that is known. */
  outcomeOf(uid: PodUid): Outcome | undefined {
    return this.#outcomes.get(uid);
  }

  /** Pods without a node that wait for a scheduler which is not modelled, by its name. */
  unknownSchedulers(): ReadonlyMap<string, number> {
    return this.#others.counts();
  }

  /** Of the scheduler that is shadowed. */
  get profiles(): readonly Profile[] {
    return [...this.#profiles.values()];
  }

  /** How many pods are in flight at most at once, and whether that is measured. */
  get pace(): { readonly inFlight: number; readonly isMeasured: boolean } {
    const measured = this.#measuredInFlight;
    return { inFlight: measured ?? assumedInFlight, isMeasured: measured !== undefined };
  }

  /** What an attempt would come to by our own plugins. `undefined` for a pod that is not modelled. */
  dryRun(pod: Pod): Attempt | undefined {
    return dryRun(pod, { profiles: this.#profiles, snapshot: this.cache, queue: this.queue });
  }

  // The pace: pods are taken as long as fewer are in flight than the scheduler has.

  async #run(): Promise<void> {
    await this.#clock.yield(); // after all that listing, others come first
    while (this.#phase === "live") {
      if (this.#flights.size >= this.pace.inFlight) await this.#somethingLanded();
      else if (this.queue.canPop) {
        this.#takeOff();
        await this.#clock.yield();
      } else await this.queue.whenReady();
    }
  }

  #somethingLanded(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #takeOff(): void {
    const info = this.queue.pop();
    if (info === undefined) return;
    const { pod, uid } = info;
    const result = this.dryRun(pod);
    if (pod.metadata.deletionTimestamp !== undefined || result === undefined) {
      this.queue.done(uid, "Skipped");
      return;
    }
    const isHopeless = result.kind === "unschedulable" || result.kind === "noNodes";
    const timer = this.#clock.setTimer(isHopeless ? silentFailureMs : bindingWaitMs, () => this.#giveUpWaiting(uid));
    const rejections = this.#rejectionsIn(result);
    this.#flights.set(uid, { info, uid, pod, since: this.#clock.now(), result, rejections, timer });
  }

  #rejectionsIn(result: Attempt): RejectionCounts {
    const { nodeCount } = this.cache;
    if (result.kind === "unschedulable") return countByPlugin(result.diagnosis);
    return countByPlugin({ nodes: result.kind === "fits" ? result.rejections : [], preFilter: undefined, nodeCount });
  }

  // Evidence.

  /** Before the pipeline is told: the attempt was over when the scheduler wrote this. */
  #lookAt(old: Pod, updated: Pod): void {
    if (this.#phase !== "live") return;
    const uid = podUid(old);
    if (podUid(updated) !== uid || isAssigned(updated)) {
      this.#forget(uid, podUid(updated) === uid ? "Bound" : "Replaced");
      return;
    }
    const evidence = newFailure(old, updated);
    if (evidence !== undefined) this.#take(old, evidence);
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
    const flight = this.#flights.get(uid);
    if (flight !== undefined) this.#take(flight.pod, evidence);
  }

  #take(pod: Pod, evidence: FailureEvidence): void {
    const uid = podUid(pod);
    const flight = this.#flights.get(uid);
    if (flight === undefined && this.#isKnownAlready(uid, evidence)) return;
    // The scheduler tried a pod that is not in flight here: then it was, and this is how it ended.
    const info = flight?.info ?? this.queue.popSpecificPod(pod);
    if (info === undefined) return;
    flight?.timer.cancel();
    this.#handBack(info, evidence.rejections.keys(), { kind: "observed", at: this.#clock.now(), evidence });
  }

  #isKnownAlready(uid: PodUid, { message, source }: FailureEvidence): boolean {
    const last = this.#outcomes.get(uid);
    return (
      last?.kind === "observed" &&
      last.evidence.source !== source &&
      last.evidence.message === message &&
      this.#clock.now() - last.at <= sameAttemptMs
    );
  }

  /** Nothing was heard in time. */
  #giveUpWaiting(uid: PodUid): void {
    const flight = this.#flights.get(uid);
    if (flight === undefined) return;
    const { info, result } = flight;
    const at = this.#clock.now();
    if (result.kind === "unschedulable") {
      const { unschedulablePlugins } = result.diagnosis;
      this.#handBack(info, unschedulablePlugins, { kind: "simulated", at, message: result.message });
    } else if (result.kind === "noNodes") {
      this.#handBack(info, [], { kind: "simulated", at, message: result.message });
    } else {
      // Not unschedulable: nobody is known to have rejected it.
      this.#handBack(info, [], { kind: "unknown", at });
    }
  }

  #handBack(info: QueuedPodInfo, unschedulablePlugins: Iterable<string>, outcome: Outcome): void {
    const { uid } = info;
    this.#flights.delete(uid);
    this.#outcomes.set(uid, outcome);
    info.clearRejectorPlugins();
    info.unschedulablePlugins = new Set(unschedulablePlugins);
    const cached = this.cache.pods.get(objectKey(info.pod));
    if (cached === undefined || podUid(cached) !== uid || isAssigned(cached)) {
      this.queue.done(uid, cached === undefined ? "Delete" : "Bound");
    } else {
      info.replacePod(cached);
      this.queue.addUnschedulableIfNotPresent(info, this.queue.schedulingCycle);
    }
    this.#wake?.();
  }

  /** Bound, deleted, or replaced by another pod of its name: its flight is over, and there is nothing more to say. */
  #forget(uid: PodUid, event: string): void {
    const flight = this.#flights.get(uid);
    flight?.timer.cancel();
    this.#flights.delete(uid);
    this.#outcomes.delete(uid);
    if (flight === undefined) return;
    this.queue.done(uid, event);
    this.#wake?.();
  }
}

function describe({ uid, pod, since, rejections }: ShadowFlight): Flight {
  return {
    uid,
    pod,
    phase: "AwaitingEvidence",
    since,
    isHeld: false,
    node: undefined,
    rejections,
    rejectionsOf: "thisAttempt",
  };
}
