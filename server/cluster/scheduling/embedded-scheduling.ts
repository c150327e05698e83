import type { Clock } from "#lib/clock/index.ts";
import type { Pod, PodUid } from "#lib/kube/index.ts";
import {
  defaultDurations,
  PriorityQueue,
  type PriorityQueueOptions,
  type QueueView,
  type SavedQueue,
} from "#lib/queue/index.ts";
import type {
  PodTransition,
  SchedulerRequest,
  SchedulerState,
  SchedulerStep,
  SchedulerStepResponse,
  UndoResponse,
} from "#lib/protocol/index.ts";
import {
  ClusterCache,
  coscheduling,
  defaultProfile,
  EventPipeline,
  preEnqueuePlugins,
  queueingHintMap,
  queueWhile,
  SchedulingLoop,
  type Profile,
  type SavedFlight,
  type SchedulerWriter,
} from "#lib/scheduler/index.ts";
import { RefusedError } from "#server/hub/clusters.ts";
import { deviceSelectorCompiler } from "../device-selectors/index.ts";
import type { InformerBoard } from "../informer-board.ts";
import { QueueFlow } from "../queue-flow.ts";
import type { Attempt } from "../views/events.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { LostEvents, type SavedLosses } from "./lost-events.ts";
import { Pace } from "./pace.ts";
import { PipelineFeed } from "./pipeline-feed.ts";
import { QueueHistory } from "./queue-history.ts";
import { assumedConfiguration, describeConfiguration } from "./scheduler-configuration.ts";
import type { Judging, Scheduling, SchedulingFacts } from "./scheduling.ts";
import { SchedulerTrouble, TroubledWriter } from "./scheduler-trouble.ts";
import { SettlingWriter } from "./settling-writer.ts";
import { StepHistory } from "./step-history.ts";
import { refOf, Steps } from "./steps.ts";
import { ToldObjects, type SavedObjects } from "./told-objects.ts";
import { TransitionLog } from "./transition-log.ts";

const maxInFlight = 6;

export interface EmbeddedSchedulingOptions {
  readonly clock: Clock;
  readonly board: InformerBoard;
  readonly writer: SchedulerWriter;
  readonly checkpoints: Checkpoints;
  readonly scheme: "current" | "historical";
  readonly reportError: (error: unknown) => void;
}

interface SavedScheduling {
  readonly queue: SavedQueue;
  readonly flights: readonly SavedFlight[];
  readonly assumed: readonly Pod[];
  readonly objects: SavedObjects;
  readonly losses: SavedLosses | undefined;
}

/** Our own scheduler, which binds the pods of the embedded cluster and can be paused, set, stepped and put back. */
export class EmbeddedScheduling implements Scheduling {
  readonly provenance = "actual";
  readonly flow: QueueFlow;
  readonly history: QueueHistory;
  readonly transitions: TransitionLog;
  readonly #cache = new ClusterCache();
  readonly #profiles: readonly Profile[] = [
    { ...defaultProfile(this.#cache, deviceSelectorCompiler()), permitPlugins: [coscheduling] },
  ];
  readonly #pipeline: EventPipeline;
  readonly #queue: PriorityQueue;
  /** With the historical queue: a correct one beside it. */
  readonly #lost: LostEvents | undefined;
  readonly #loop: SchedulingLoop;
  readonly #told: ToldObjects;
  readonly #feed: PipelineFeed;
  readonly #steps: Steps;
  readonly #stepHistory: StepHistory<SavedScheduling>;
  readonly #pace: Pace;
  readonly #trouble = new SchedulerTrouble();
  #parkedMs: number = defaultDurations.podMaxInUnschedulablePodsMs;
  /** Closed while the cache is filled with what the queue knows already. */
  #isQueueOpen = true;

  constructor({ clock, board, writer: unsettled, checkpoints, scheme, reportError }: EmbeddedSchedulingOptions) {
    const cache = this.#cache;
    const writer = new SettlingWriter(unsettled);
    const profiles = this.#profiles;
    const options: PriorityQueueOptions = {
      clock,
      queueingHintMap: queueingHintMap(profiles),
      preEnqueuePlugins: preEnqueuePlugins(profiles),
      podLister: (key) => cache.pods.get(key),
    };
    this.#queue = new PriorityQueue({ ...options, inFlightScheme: scheme });
    this.#lost = scheme === "historical" ? new LostEvents(this.#queue, options) : undefined;
    const informed = this.#lost?.informed ?? this.#queue;
    this.#pace = new Pace(clock, this.#queue);
    this.flow = new QueueFlow(this.#queue, clock);
    this.history = new QueueHistory(this.#queue, clock);
    this.transitions = new TransitionLog(this.#queue);
    this.#loop = new SchedulingLoop({
      clock,
      queue: this.#queue,
      informed,
      cache,
      profiles,
      writer: new TroubledWriter(writer, this.#trouble),
      faults: this.#trouble,
      reportError,
      bindingTimeMs: () => this.#pace.bindingMs(),
      postFilterTimeMs: (pod) => this.#pace.postFilterMs(pod),
      maxInFlight,
    });
    this.#pipeline = new EventPipeline({
      cache,
      queue: queueWhile(() => this.#isQueueOpen, informed),
      schedulerNames: new Set(profiles.map(({ schedulerName }) => schedulerName)),
      rejectWaitingPod: (uid) => this.#loop.rejectWaitingPod(uid),
    });
    this.#told = new ToldObjects(this.#pipeline);
    this.#feed = new PipelineFeed(clock, board, this.#told);
    this.#steps = new Steps({ board, queue: this.#queue, loop: this.#loop });
    this.#stepHistory = new StepHistory({
      checkpoints,
      settled: () => writer.settled(),
      save: () => this.#save(),
      restore: (saved, event, restoreCluster) =>
        this.#feed.interrupt(async () => {
          const resourceVersion = await restoreCluster();
          this.#restore(saved, event);
          return resourceVersion;
        }),
    });
    this.#queue.run();
    this.#loop.run().catch(reportError);
  }

  get queue(): QueueView {
    return this.#queue.view;
  }

  attemptOf(uid: string): Attempt | undefined {
    return this.#loop.flight(uid as PodUid);
  }

  judging(): Judging {
    return {
      cache: this.#cache,
      queue: this.#queue,
      pipeline: this.#pipeline,
      profiles: this.#profiles,
      maxBackoffMs: defaultDurations.podMaxBackoffMs,
      flushAfterMs: () => this.#parkedMs,
      flightOf: (uid) => this.#loop.flight(uid as PodUid),
      outcomeOf: () => undefined,
    };
  }

  correctTransitionsOf(uid: string): readonly PodTransition[] | undefined {
    return this.#lost?.correctTransitionsOf(uid);
  }

  outcomeOf(): undefined {
    return undefined; // everything here is actual
  }

  facts(): SchedulingFacts {
    const lost = this.#lost;
    return {
      configuration: describeConfiguration(assumedConfiguration),
      metrics: { state: "notNeeded" },
      otherSchedulers: {},
      ...(lost === undefined ? {} : { lost: lost.losses(), lostTotal: lost.total }),
    };
  }

  loopState(): SchedulerState {
    const [next] = this.queue.active({ limit: 1 });
    return {
      isPaused: this.#loop.isPaused,
      bindingMs: this.#pace.chosenMs,
      parkedMs: this.#parkedMs,
      faults: [...this.#trouble.on],
      step: this.#queue.schedulingCycle,
      ...this.#stepHistory.left,
      ...(next === undefined ? {} : { next: { ...refOf(next.pod), priority: next.priority } }),
    };
  }

  set({ isPaused, bindingMs, parkedMs, faults }: SchedulerRequest): void {
    if (bindingMs !== undefined) this.#pace.choose(bindingMs);
    if (parkedMs !== undefined) this.#parkedMs = parkedMs;
    if (faults !== undefined) {
      this.#trouble.set(faults);
      this.#loop.takeUp();
    }
    if (parkedMs !== undefined || faults !== undefined)
      this.#queue.waitAtMost(this.#trouble.stopsFlush ? Number.POSITIVE_INFINITY : this.#parkedMs);
    if (isPaused === true) this.#loop.pause();
    if (isPaused === false) {
      this.#stepHistory.forget();
      this.#loop.resume();
    }
  }

  beginAnew(stage: { readonly isHurried: boolean }): void {
    this.set({ isPaused: false });
    this.#pace.beginAnew(stage);
  }

  /** A step of a scheduler that runs cannot be taken back: it has gone on by then. */
  async step(step: SchedulerStep): Promise<SchedulerStepResponse> {
    if (!this.#loop.isPaused) return this.#steps.take(step);
    return this.#stepHistory.take(this.#steps.nameOf(step), () => this.#steps.take(step));
  }

  async undo(): Promise<UndoResponse> {
    this.#refuseUnlessPaused();
    return this.#stepHistory.undo();
  }

  async redo(): Promise<UndoResponse> {
    this.#refuseUnlessPaused();
    return this.#stepHistory.redo();
  }

  stop(): void {
    this.history.stop();
    this.#loop.stop();
    this.#trouble.set([]);
    this.#queue.close();
    this.#lost?.stop();
  }

  #refuseUnlessPaused(): void {
    if (this.#loop.isPaused) return;
    throw new RefusedError(409, "not-paused", "the scheduler runs, and has gone on since: pause it first");
  }

  #save(): SavedScheduling {
    return {
      queue: this.#queue.save(),
      flights: this.#loop.save(),
      assumed: this.#cache.assumedPods(),
      objects: this.#told.save(),
      losses: this.#lost?.save(),
    };
  }

  /** Without an await: nobody sees it half way. */
  #restore({ queue, flights, assumed, objects, losses }: SavedScheduling, event: "Undo" | "Redo"): void {
    this.#isQueueOpen = false;
    this.#cache.clear();
    this.#told.restore(objects);
    for (const pod of assumed) this.#cache.assumePod(pod);
    this.#isQueueOpen = true;
    this.#queue.restore(queue, event);
    if (losses !== undefined) this.#lost?.restore(losses, event);
    this.#loop.restore(flights);
  }
}
