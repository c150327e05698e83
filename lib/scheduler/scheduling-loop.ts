import type { Clock } from "#lib/clock/index.ts";
import { objectKey, type ClusterEvent, type KubeObject, type Pod, type PodUid } from "#lib/kube/index.ts";
import type { PriorityQueue } from "#lib/queue/index.ts";
import { Attempts } from "./attempts.ts";
import type { ClusterCache } from "./cluster-cache.ts";
import type { Attempt } from "./cycle.ts";
import { rejection, schedulerError, type AttemptFailure } from "./failure-handler.ts";
import { describe, type Flight, type OngoingFlight, type SavedFlight } from "./flight.ts";
import { Pause } from "./pause.ts";
import type { Profile } from "./profile.ts";
import type { SchedulerFaults } from "./scheduler-faults.ts";
import { bestNode } from "./score.ts";
import type { SchedulerWriter } from "./writer.ts";

export interface SchedulingLoopOptions {
  readonly clock: Clock;
  readonly queue: PriorityQueue;
  /** Hears of the events that the loop itself causes; default: the queue. */
  readonly informed?: Pick<PriorityQueue, "moveAllToActiveOrBackoffQueue">;
  readonly cache: ClusterCache;
  readonly profiles: readonly Profile[];
  readonly writer: SchedulerWriter;
  /** How long a pod that found a node waits on Permit, asked anew for each: several pods are in flight meanwhile. */
  readonly bindingTimeMs?: (pod: Pod) => number;
  /** How long a pod that fits nowhere stays in PostFilter before it is handed back. Upstream looks for victims there. */
  readonly postFilterTimeMs?: (pod: Pod) => number;
  /** Nobody is popped while this many are in flight, those being bound included. Default: no limit. */
  readonly maxInFlight?: number;
  /** What goes wrong on purpose. */
  readonly faults?: SchedulerFaults;
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
 * driven step by step. Upstream: `Scheduler.Run`, `ScheduleOne`.
 */
export class SchedulingLoop {
  readonly #clock: Clock;
  readonly #queue: PriorityQueue;
  readonly #informed: Pick<PriorityQueue, "moveAllToActiveOrBackoffQueue">;
  readonly #cache: ClusterCache;
  readonly #maxInFlight: number;
  readonly #reportError: (error: unknown) => void;
  readonly #attempts: Attempts;
  readonly #pause = new Pause();
  readonly #listeners = new Map<object, () => void>();
  #wake: (() => void) | undefined;
  #isStopped = false;

  constructor(options: SchedulingLoopOptions) {
    this.#clock = options.clock;
    this.#queue = options.queue;
    this.#informed = options.informed ?? options.queue;
    this.#cache = options.cache;
    this.#maxInFlight = options.maxInFlight ?? Number.POSITIVE_INFINITY;
    this.#reportError = options.reportError ?? (() => undefined);
    this.#attempts = new Attempts({
      ...options,
      informed: this.#informed,
      bindingTimeMs: options.bindingTimeMs ?? (() => 0),
      postFilterTimeMs: options.postFilterTimeMs ?? (() => 0),
      pause: this.#pause,
      reportError: this.#reportError,
      changed: () => this.#changed(),
    });
  }

  /** Runs until {@link stop}, or until the queue is closed. The queue's own timers are not started here. */
  async run(): Promise<void> {
    while (!this.#isStopped && !this.#queue.isClosed) {
      if (this.#pause.isOn) await this.#pause.over;
      else if (this.#attempts.busy >= this.#maxInFlight) await this.#someChange();
      else if (this.#queue.canPop) {
        const flight = this.#attempts.takeOff();
        if (flight !== undefined) this.#attempts.try(flight);
        await this.#clock.yield();
      } else await this.#someChange(this.#queue.whenReady());
    }
  }

  /** Until a flight changes, the loop is stopped, or what is waited for besides has come. */
  #someChange(orElse?: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      void orElse?.then(resolve);
    });
  }

  /** No more pods are taken, and nobody is bound any more. Bindings that are on their way to the API go on. */
  stop(): void {
    this.#isStopped = true;
    for (const flight of this.#attempts.all()) flight.cancelTimer?.();
    this.#pause.drop();
    this.#wake?.();
  }

  get isPaused(): boolean {
    return this.#pause.isOn;
  }

  /** Nobody is popped, and those in flight stay in flight. Pausing twice is harmless. */
  pause(): void {
    this.#pause.start();
    this.#changed();
  }

  /** Goes on; those whose wait ended meanwhile go on at once. */
  resume(): void {
    this.#pause.end();
    this.#changed();
  }

  /** In the order in which they were popped; those being bound come with them. */
  flights(): readonly Flight[] {
    return [...this.#attempts.all()].map((flight) => describe(flight, this.#cache));
  }

  flight(uid: PodUid): Flight | undefined {
    const flight = this.#attempts.get(uid);
    return flight === undefined ? undefined : describe(flight, this.#cache);
  }

  /** Told after every change of a flight. Returns what undoes it; undoing twice is harmless. */
  observe(listener: () => void): () => void {
    const registration = {};
    this.#listeners.set(registration, listener);
    return () => void this.#listeners.delete(registration);
  }

  /** What an attempt would come to now. Changes nothing. `undefined` for a pod of a scheduler that is not ours. */
  dryRun(pod: Pod): Attempt | undefined {
    return this.#attempts.dryRun(pod);
  }

  /** For the event pipeline: turns away a pod that waits on Permit because it is going away. */
  rejectWaitingPod(uid: PodUid): boolean {
    const flight = this.#attempts.get(uid);
    if (flight?.phase !== "WaitOnPermit") return false;
    // Kept oddity: nobody in particular rejects it, and it still counts as rejected.
    this.#attempts.fail(
      flight,
      rejection("removed", { unschedulablePlugins: new Set([""]), pendingPlugins: new Set() }),
    );
    return true;
  }

  /** After faults changed: attempts that hung go on, where they may. */
  takeUp(): void {
    this.#attempts.takeUp();
  }

  // Single steps.

  /** Takes the next pod into flight, looks which nodes reject it, and holds it there. */
  popNext(): StepResult {
    const flight = this.#attempts.takeOff();
    if (flight === undefined) return nothingToPop;
    flight.isHeld = true;
    this.#attempts.examine(flight);
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
    const { next } = flight;
    if (next === undefined) this.#attempts.try(flight);
    else this.#attempts.goOn(flight, next);
    return { ok: true, uid };
  }

  finish(uid: PodUid, finish: Finish): StepResult {
    const flight = this.#inQueueFlight(uid);
    if (flight === undefined) return notInFlight(uid);
    if (finish.as === "error") {
      this.#attempts.fail(flight, schedulerError(finish.message));
    } else if (finish.as === "unschedulable") {
      this.#attempts.fail(flight, rejectedByHand(finish.plugins, this.#cache.nodeCount));
    } else if (flight.phase === "WaitOnPermit") {
      this.#attempts.bind(flight);
    } else {
      const result = this.dryRun(flight.pod);
      const node = result?.kind === "fits" ? bestNode(flight.pod, result.feasible) : undefined;
      if (node === undefined) return fitsNowhere(flight.pod, result);
      if (!this.#attempts.assume(flight, node)) return fitsNowhere(flight.pod, undefined);
      this.#attempts.bind(flight);
    }
    return { ok: true, uid };
  }

  /** As if an informer had said so; nothing in the cache changes. */
  injectEvent(event: ClusterEvent, oldObj?: KubeObject, newObj?: KubeObject): void {
    this.#informed.moveAllToActiveOrBackoffQueue(event, oldObj, newObj);
  }

  // Going back.

  /** The flights as they stand now, those that are being bound left out. */
  save(): readonly SavedFlight[] {
    return this.#attempts.save();
  }

  /** The flights as they were saved: after the queue and the cache were put back, and while it is paused. */
  restore(saved: readonly SavedFlight[]): void {
    this.#attempts.restore(saved);
  }

  /** A pod that is being bound is not in the queue's flight any more. */
  #inQueueFlight(uid: PodUid): OngoingFlight | undefined {
    const flight = this.#attempts.get(uid);
    return flight?.phase === "Bind" ? undefined : flight;
  }

  #changed(): void {
    this.#wake?.();
    for (const listener of this.#listeners.values()) {
      try {
        listener();
      } catch (error) {
        this.#reportError(error); // the others, and the flight itself, must not suffer
      }
    }
  }
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
