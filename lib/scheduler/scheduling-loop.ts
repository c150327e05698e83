import type { Clock } from "#lib/clock/index.ts";
import {
  actionType,
  objectKey,
  podUid,
  type ClusterEvent,
  type KubeObject,
  type Pod,
  type PodUid,
} from "#lib/kube/index.ts";
import type { PriorityQueue, QueuedPodInfo } from "#lib/queue/index.ts";
import type { ClusterCache } from "./cluster-cache.ts";
import { attempt, type Attempt } from "./cycle.ts";
import { countByPlugin } from "./diagnosis.ts";
import { FailureHandler, noNodes, rejection, schedulerError, type AttemptFailure } from "./failure-handler.ts";
import { describe, startFlight, type Flight, type OngoingFlight, type RejectionCounts } from "./flight.ts";
import type { NodeInfo } from "./node-info.ts";
import { nominatedPodsOf } from "./nominated-pods.ts";
import type { Profile } from "./profile.ts";
import { schedulerNameOf } from "./responsibility.ts";
import { bestNode } from "./score.ts";
import type { SchedulerWriter } from "./writer.ts";

export interface SchedulingLoopOptions {
  readonly clock: Clock;
  readonly queue: PriorityQueue;
  readonly cache: ClusterCache;
  readonly profiles: readonly Profile[];
  readonly writer: SchedulerWriter;
  /** How long a pod that found a node waits on Permit, asked anew for each: several pods are in flight meanwhile. */
  readonly bindingTimeMs?: (pod: Pod) => number;
  /** How long a pod that fits nowhere stays in PostFilter before it is handed back. Upstream looks for victims there. */
  readonly postFilterTimeMs?: (pod: Pod) => number;
  /** Nobody is popped while this many are in flight, those being bound included. Default: no limit. */
  readonly maxInFlight?: number;
  /** Writes that failed after the fact, and observers that threw. A binding that failed is handled, not reported. */
  readonly reportError?: (error: unknown) => void;
}

/** How a person ends an attempt. */
export type Finish =
  | { readonly as: "schedulable" }
  | { readonly as: "unschedulable"; readonly plugins: readonly string[] }
  | { readonly as: "error"; readonly message: string };

export type StepResult =
  | { readonly ok: true; readonly uid: PodUid }
  | { readonly ok: false; readonly code: "nothingToPop" | "notInFlight" | "fitsNowhere"; readonly message: string };

const nothingToPop: StepResult = { ok: false, code: "nothingToPop", message: "no pod is ready to be tried" };

/**
 * Takes pods from the queue, finds nodes for them and binds them; many can be on their way at once. Can be paused, and
 * driven step by step. Upstream: `schedule_one.go`.
 */
export class SchedulingLoop {
  readonly #clock: Clock;
  readonly #queue: PriorityQueue;
  readonly #cache: ClusterCache;
  readonly #profiles: ReadonlyMap<string, Profile>;
  readonly #writer: SchedulerWriter;
  readonly #bindingTimeMs: (pod: Pod) => number;
  readonly #postFilterTimeMs: (pod: Pod) => number;
  readonly #maxInFlight: number;
  readonly #reportError: (error: unknown) => void;
  readonly #failures: FailureHandler;
  readonly #flights = new Map<PodUid, OngoingFlight>();
  readonly #lastRejections = new WeakMap<QueuedPodInfo, RejectionCounts>();
  readonly #listeners = new Map<object, () => void>();
  #pausing: Pausing | undefined;
  #wake: (() => void) | undefined;
  #isStopped = false;

  constructor(options: SchedulingLoopOptions) {
    this.#clock = options.clock;
    this.#queue = options.queue;
    this.#cache = options.cache;
    this.#profiles = new Map(options.profiles.map((profile) => [profile.schedulerName, profile]));
    this.#writer = options.writer;
    this.#bindingTimeMs = options.bindingTimeMs ?? (() => 0);
    this.#postFilterTimeMs = options.postFilterTimeMs ?? (() => 0);
    this.#maxInFlight = options.maxInFlight ?? Number.POSITIVE_INFINITY;
    this.#reportError = options.reportError ?? (() => undefined);
    this.#failures = new FailureHandler({ ...options, reportWriteError: this.#reportError });
  }

  /** Runs until {@link stop}, or until the queue is closed. The queue's own timers are not started here. */
  async run(): Promise<void> {
    while (!this.#isStopped && !this.#queue.isClosed) {
      if (this.#pausing !== undefined) await this.#pausing.over;
      else if (this.#flights.size >= this.#maxInFlight) await this.#room();
      else if (this.#queue.canPop) {
        this.#scheduleOne();
        await this.#clock.yield();
      } else await this.#somethingToDo();
    }
  }

  /** Until somebody lands, or the loop is stopped. */
  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #somethingToDo(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      void this.#queue.whenReady().then(resolve);
    });
  }

  /** No more pods are taken, and nobody is bound any more. Bindings that are on their way to the API go on. */
  stop(): void {
    this.#isStopped = true;
    this.#pausing?.end();
    this.#wake?.();
    for (const flight of this.#flights.values()) flight.cancelTimer?.();
  }

  get isPaused(): boolean {
    return this.#pausing !== undefined;
  }

  /** Nobody is popped, and those in flight stay in flight. Pausing twice is harmless. */
  pause(): void {
    this.#pausing ??= newPausing();
    this.#changed();
  }

  /** Goes on; those whose wait ended meanwhile are bound at once. */
  resume(): void {
    const pausing = this.#pausing;
    if (pausing === undefined) return;
    this.#pausing = undefined;
    pausing.end();
    for (const goOn of pausing.postponed) goOn();
    this.#changed();
  }

  /** In the order in which they were popped; those being bound come with them. */
  flights(): readonly Flight[] {
    return [...this.#flights.values()].map(describe);
  }

  flight(uid: PodUid): Flight | undefined {
    const flight = this.#flights.get(uid);
    return flight === undefined ? undefined : describe(flight);
  }

  /** Told after every change of a flight. Returns what undoes it; undoing twice is harmless. */
  observe(listener: () => void): () => void {
    const registration = {};
    this.#listeners.set(registration, listener);
    return () => void this.#listeners.delete(registration);
  }

  /** What an attempt would come to now. Changes nothing. `undefined` for a pod of a scheduler that is not ours. */
  dryRun(pod: Pod): Attempt | undefined {
    const profile = this.#profiles.get(schedulerNameOf(pod));
    if (profile === undefined) return undefined;
    try {
      return attempt(pod, { profile, snapshot: this.#cache, nominatedPods: nominatedPodsOf(this.#queue) });
    } catch (error) {
      // One object that cannot be read must not end the scheduling of all others.
      return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
    }
  }

  /** For the event pipeline: turns away a pod that waits on Permit because it is going away. */
  rejectWaitingPod(uid: PodUid): boolean {
    const flight = this.#flights.get(uid);
    if (flight?.phase !== "WaitOnPermit") return false;
    // Kept oddity: nobody in particular rejects it, and it still counts as rejected.
    this.#fail(flight, rejection("removed", { unschedulablePlugins: new Set([""]), pendingPlugins: new Set() }));
    return true;
  }

  // Single steps.

  /** Takes the next pod into flight, looks which nodes reject it, and holds it there. */
  popNext(): StepResult {
    const flight = this.#takeOff();
    if (flight === undefined) return nothingToPop;
    flight.isHeld = true;
    const result = this.dryRun(flight.pod);
    if (result !== undefined) this.#remember(flight, result);
    this.#changed();
    return { ok: true, uid: flight.uid };
  }

  /** Keeps a pod in flight where it is. */
  hold(uid: PodUid): StepResult {
    const flight = this.#inQueueFlight(uid);
    if (flight === undefined) return notInFlight(uid);
    flight.isHeld = true;
    flight.cancelTimer?.();
    this.#changed();
    return { ok: true, uid };
  }

  /** Lets a held pod go on by itself. */
  release(uid: PodUid): StepResult {
    const flight = this.#inQueueFlight(uid);
    if (flight === undefined) return notInFlight(uid);
    if (!flight.isHeld) return { ok: true, uid };
    flight.isHeld = false;
    const { goOn } = flight;
    if (goOn === undefined) this.#try(flight);
    else goOn();
    return { ok: true, uid };
  }

  finish(uid: PodUid, finish: Finish): StepResult {
    const flight = this.#inQueueFlight(uid);
    if (flight === undefined) return notInFlight(uid);
    if (finish.as === "error") {
      this.#fail(flight, schedulerError(finish.message));
    } else if (finish.as === "unschedulable") {
      this.#fail(flight, rejectedByHand(finish.plugins, this.#cache.nodeCount));
    } else if (flight.phase === "WaitOnPermit") {
      this.#bind(flight);
    } else {
      const result = this.dryRun(flight.pod);
      const node = result?.kind === "fits" ? bestNode(flight.pod, result.feasible) : undefined;
      if (node === undefined) return fitsNowhere(flight.pod, result);
      this.#assume(flight, node);
      this.#bind(flight);
    }
    return { ok: true, uid };
  }

  /** As if an informer had said so; nothing in the cache changes. */
  injectEvent(event: ClusterEvent, oldObj?: KubeObject, newObj?: KubeObject): void {
    this.#queue.moveAllToActiveOrBackoffQueue(event, oldObj, newObj);
  }

  // An attempt.

  #scheduleOne(): void {
    const flight = this.#takeOff();
    if (flight !== undefined) this.#try(flight);
  }

  /** The next pod that is worth an attempt: pods that are being deleted, or assumed already, are passed over. */
  #takeOff(): OngoingFlight | undefined {
    for (let info = this.#queue.pop(); info !== undefined; info = this.#queue.pop()) {
      if (this.#isSkipped(info)) continue;
      const { schedulingCycle: podSchedulingCycle } = this.#queue;
      const last = this.#lastRejections.get(info);
      const flight = startFlight(info, { since: this.#clock.now(), podSchedulingCycle, last });
      this.#flights.set(flight.uid, flight);
      return flight;
    }
    return undefined;
  }

  /** Upstream: `skipPodSchedule`, and a pod without a profile. */
  #isSkipped({ pod, uid }: QueuedPodInfo): boolean {
    const isDeleted = pod.metadata.deletionTimestamp !== undefined;
    if (!isDeleted && !this.#cache.isAssumed(uid) && this.#profiles.has(schedulerNameOf(pod))) return false;
    if (isDeleted) {
      const note = `skip schedule deleting pod: ${objectKey(pod)}`;
      this.#write(
        this.#writer.recordEvent(pod, { type: "Warning", reason: "FailedScheduling", action: "Scheduling", note }),
      );
    }
    this.#queue.done(uid);
    return true;
  }

  #try(flight: OngoingFlight): void {
    const result = this.dryRun(flight.pod);
    if (result === undefined) throw new Error(`no profile for pod ${objectKey(flight.pod)}, which was popped`);
    this.#remember(flight, result);
    switch (result.kind) {
      case "fits": {
        const node = bestNode(flight.pod, result.feasible);
        if (node === undefined) throw new Error("an attempt that fits names at least one node");
        this.#assume(flight, node);
        this.#waitOnPermit(flight);
        return;
      }
      case "unschedulable":
        this.#runPostFilter(flight, rejection(result.message, result.diagnosis));
        return;
      case "noNodes":
        this.#fail(flight, noNodes(result.message));
        return;
      case "failed":
        this.#fail(flight, schedulerError(result.message));
        return;
      default:
        result satisfies never;
    }
  }

  #remember(flight: OngoingFlight, result: Attempt): void {
    if (result.kind === "noNodes" || result.kind === "failed") return;
    const { nodeCount } = this.#cache;
    flight.rejections = countByPlugin(
      result.kind === "fits" ? { nodes: result.rejections, preFilter: undefined, nodeCount } : result.diagnosis,
    );
    flight.rejectionsOf = "thisAttempt";
  }

  #assume(flight: OngoingFlight, node: NodeInfo): void {
    const { pod } = flight;
    const assumed: Pod = { ...pod, spec: { ...pod.spec, nodeName: node.name } };
    flight.assumed = assumed;
    this.#cache.assumePod(assumed);
    this.#queue.deleteNominatedPodIfExists(pod);
  }

  #waitOnPermit(flight: OngoingFlight): void {
    flight.phase = "WaitOnPermit";
    this.#after(flight, this.#bindingTimeMs(flight.pod), () => this.#bind(flight));
  }

  #runPostFilter(flight: OngoingFlight, failure: AttemptFailure): void {
    flight.phase = "PostFilter";
    const timeMs = this.#postFilterTimeMs(flight.pod);
    if (timeMs === 0) this.#fail(flight, failure);
    else this.#after(flight, timeMs, () => this.#fail(flight, failure));
  }

  /** Goes on with a flight later, unless it has ended, or is held, by then. */
  #after(flight: OngoingFlight, delayMs: number, goOn: () => void): void {
    flight.goOn = goOn;
    const timer = this.#clock.setTimer(delayMs, () => {
      flight.cancelTimer = undefined;
      this.#whenNotPaused(() => {
        if (!flight.isHeld && this.#flights.get(flight.uid) === flight) goOn();
      });
    });
    flight.cancelTimer = () => timer.cancel();
    this.#changed();
  }

  #whenNotPaused(goOn: () => void): void {
    if (this.#pausing === undefined) goOn();
    else this.#pausing.postponed.push(goOn);
  }

  /** The flight ends before the pod is bound: whatever happens from here on needs no events. */
  #bind(flight: OngoingFlight): void {
    flight.cancelTimer?.();
    flight.phase = "Bind";
    flight.isHeld = false;
    this.#queue.done(flight.uid);
    this.#changed();
    const { pod } = flight;
    const node = flight.assumed?.spec?.nodeName ?? "";
    this.#writer.bind(pod, node).then(
      () => {
        this.#land(flight);
        const note = `Successfully assigned ${objectKey(pod)} to ${node}`;
        this.#write(this.#writer.recordEvent(pod, { type: "Normal", reason: "Scheduled", action: "Binding", note }));
      },
      (error: unknown) => {
        const text = error instanceof Error ? error.message : String(error);
        this.#fail(flight, schedulerError(`running Bind plugin "DefaultBinder": ${text}`));
      },
    );
  }

  /**
   * The attempt is over. A pod that was assumed gives its place back, which others may have waited for: after an error
   * that is told first, after a rejection last and not to the pod itself. Upstream: `handleBindingCycleError`.
   */
  #fail(flight: OngoingFlight, failure: AttemptFailure): void {
    flight.cancelTimer?.();
    this.#land(flight);
    this.#lastRejections.set(flight.info, countsOf(flight, failure));
    const { assumed, uid } = flight;
    const isRejected = failure.reason === "Unschedulable";
    const tellOthers = (): void => {
      if (assumed === undefined) return;
      const event = { resource: "AssignedPod", actionType: actionType.Delete } as const;
      this.#queue.moveAllToActiveOrBackoffQueue(
        event,
        assumed,
        undefined,
        isRejected ? (pod) => podUid(pod) !== uid : undefined,
      );
    };
    if (this.#cache.isAssumed(uid)) this.#cache.forgetPod(uid);
    if (!isRejected) tellOthers();
    this.#failures.handle(flight, failure);
    if (isRejected) tellOthers();
  }

  #land(flight: OngoingFlight): void {
    this.#flights.delete(flight.uid);
    this.#wake?.();
    this.#changed();
  }

  #inQueueFlight(uid: PodUid): OngoingFlight | undefined {
    const flight = this.#flights.get(uid);
    return flight?.phase === "Bind" ? undefined : flight;
  }

  #write(writing: Promise<void>): void {
    writing.catch(this.#reportError);
  }

  #changed(): void {
    for (const listener of this.#listeners.values()) {
      try {
        listener();
      } catch (error) {
        this.#reportError(error); // the others, and the flight itself, must not suffer
      }
    }
  }
}

interface Pausing {
  readonly over: Promise<void>;
  readonly end: () => void;
  readonly postponed: (() => void)[];
}

function newPausing(): Pausing {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { over: promise, end: resolve, postponed: [] };
}

function notInFlight(uid: PodUid): StepResult {
  return { ok: false, code: "notInFlight", message: `pod ${uid} is not in flight` };
}

function fitsNowhere(pod: Pod, result: Attempt | undefined): StepResult {
  const why = result === undefined || result.kind === "fits" ? "" : `: ${result.message}`;
  return { ok: false, code: "fitsNowhere", message: `pod ${objectKey(pod)} fits nowhere${why}` };
}

/** What the plugins that a person chose would have said, had they said it of every node. */
function rejectedByHand(plugins: readonly string[], nodeCount: number): AttemptFailure {
  const message = `0/${nodeCount} nodes are available: rejected by hand as ${[...plugins].sort().join(", ")}.`;
  return rejection(message, { unschedulablePlugins: new Set(plugins), pendingPlugins: new Set() });
}

/** Who rejected it, with the nodes where this attempt counted them. */
function countsOf(flight: OngoingFlight, { unschedulablePlugins, pendingPlugins }: AttemptFailure): RejectionCounts {
  const counted = flight.rejectionsOf === "thisAttempt" ? flight.rejections : undefined;
  return new Map([...unschedulablePlugins, ...pendingPlugins].map((plugin) => [plugin, counted?.get(plugin)]));
}
