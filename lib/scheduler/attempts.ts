import type { Clock } from "#lib/clock/index.ts";
import { actionType, objectKey, podUid, type Pod, type PodUid } from "#lib/kube/index.ts";
import type { PriorityQueue, QueuedPodInfo } from "#lib/queue/index.ts";
import type { ClusterCache } from "./cluster-cache.ts";
import type { Attempt, Unschedulable } from "./cycle.ts";
import { countByPlugin } from "./diagnosis.ts";
import { byName, dryRun } from "./dry-run.ts";
import { FailureHandler, noNodes, rejection, schedulerError, type AttemptFailure } from "./failure-handler.ts";
import { startFlight, type NextStep, type OngoingFlight, type RejectionCounts, type SavedFlight } from "./flight.ts";
import type { NodeInfo } from "./node-info.ts";
import { nominatedPodsOf } from "./nominated-pods.ts";
import type { Pause } from "./pause.ts";
import { rejectedOnPermit, timedOut, whoLetsWait } from "./permit.ts";
import { postFilter } from "./post-filter.ts";
import type { Profile } from "./profile.ts";
import { bindingFailure, preBind, reserve, unreserve } from "./reserve.ts";
import { isResponsibleFor, schedulerNameOf } from "./responsibility.ts";
import { noFaults, type SchedulerFaults } from "./scheduler-faults.ts";
import { bestNode } from "./score.ts";
import type { SchedulerWriter } from "./writer.ts";

export interface AttemptsOptions {
  readonly clock: Clock;
  readonly queue: PriorityQueue;
  /** Hears of the places that failed attempts give back. */
  readonly informed: Pick<PriorityQueue, "moveAllToActiveOrBackoffQueue">;
  readonly cache: ClusterCache;
  readonly profiles: readonly Profile[];
  readonly writer: SchedulerWriter;
  readonly bindingTimeMs: (pod: Pod) => number;
  readonly postFilterTimeMs: (pod: Pod) => number;
  readonly faults?: SchedulerFaults | undefined;
  readonly pause: Pause;
  readonly reportError: (error: unknown) => void;
  /** Told after every change of a flight. */
  readonly changed: () => void;
}

/**
 * The attempts that are under way, from the moment a pod is popped until it is bound or handed back.
 * Upstream: `schedulingCycle`, `bindingCycle`.
 */
export class Attempts {
  readonly #clock: Clock;
  readonly #queue: PriorityQueue;
  readonly #informed: AttemptsOptions["informed"];
  readonly #cache: ClusterCache;
  readonly #profiles: ReadonlyMap<string, Profile>;
  readonly #writer: SchedulerWriter;
  readonly #bindingTimeMs: (pod: Pod) => number;
  readonly #postFilterTimeMs: (pod: Pod) => number;
  readonly #faults: SchedulerFaults;
  readonly #pause: Pause;
  readonly #reportError: (error: unknown) => void;
  readonly #changed: () => void;
  readonly #failures: FailureHandler;
  readonly #flights = new Map<PodUid, OngoingFlight>();
  readonly #lastRejections = new WeakMap<QueuedPodInfo, RejectionCounts>();

  constructor(options: AttemptsOptions) {
    this.#clock = options.clock;
    this.#queue = options.queue;
    this.#informed = options.informed;
    this.#cache = options.cache;
    this.#profiles = byName(options.profiles);
    this.#writer = options.writer;
    this.#bindingTimeMs = options.bindingTimeMs;
    this.#postFilterTimeMs = options.postFilterTimeMs;
    this.#faults = options.faults ?? noFaults;
    this.#pause = options.pause;
    this.#reportError = options.reportError;
    this.#changed = options.changed;
    const loses = (pod: Pod): boolean => this.#faults.loses(pod);
    this.#failures = new FailureHandler({ ...options, loses, reportWriteError: this.#reportError });
  }

  /** Those being bound included. Whoever waits for others keeps nobody from being tried: it may be them. */
  get busy(): number {
    let count = 0;
    for (const { waitsFor } of this.#flights.values()) if (waitsFor === undefined) count++;
    return count;
  }

  /** In the order in which they were popped. */
  all(): Iterable<OngoingFlight> {
    return this.#flights.values();
  }

  get(uid: PodUid): OngoingFlight | undefined {
    return this.#flights.get(uid);
  }

  dryRun(pod: Pod): Attempt | undefined {
    return dryRun(pod, { profiles: this.#profiles, snapshot: this.#cache, queue: this.#queue });
  }

  /** The next pod that is worth an attempt: pods that are being deleted, or assumed already, are passed over. */
  takeOff(): OngoingFlight | undefined {
    for (let info = this.#queue.pop(); info !== undefined; info = this.#queue.pop()) {
      if (this.#isSkipped(info)) continue;
      const { schedulingCycle: podSchedulingCycle } = this.#queue;
      const last = this.#lastRejections.get(info);
      const flight = startFlight(info, { since: this.#clock.now(), podSchedulingCycle, last });
      this.#flights.set(flight.uid, flight);
      this.#changed();
      return flight;
    }
    return undefined;
  }

  /** Upstream: `skipPodSchedule`, and a pod without a profile. */
  #isSkipped({ pod, uid }: QueuedPodInfo): boolean {
    const isDeleted = pod.metadata.deletionTimestamp !== undefined;
    if (!isDeleted && !this.#cache.isAssumed(uid) && isResponsibleFor(this.#profiles, pod)) return false;
    if (isDeleted) {
      const note = `skip schedule deleting pod: ${objectKey(pod)}`;
      this.#write(
        this.#writer.recordEvent(pod, { type: "Warning", reason: "FailedScheduling", action: "Scheduling", note }),
      );
    }
    this.#queue.done(uid, "Skipped");
    return true;
  }

  /** Looks which nodes reject the pod, and leaves it at that. */
  examine(flight: OngoingFlight): Attempt {
    const result = this.dryRun(flight.pod);
    if (result === undefined) throw new Error(`no profile for pod ${objectKey(flight.pod)}, which was popped`);
    this.#remember(flight, result);
    return result;
  }

  /** From PreFilter to Permit, or to a failure. */
  try(flight: OngoingFlight): void {
    const result = this.examine(flight);
    if (this.#faults.hangs(flight.pod)) {
      flight.phase = "Filter";
      this.#changed();
      return;
    }
    switch (result.kind) {
      case "fits": {
        const node = bestNode(flight.pod, result.feasible);
        if (node === undefined) throw new Error("an attempt that fits names at least one node");
        if (this.assume(flight, node)) this.#waitOnPermit(flight);
        return;
      }
      case "unschedulable":
        this.#runPostFilter(flight, this.#fitFailure(flight.pod, result));
        return;
      case "noNodes":
        this.fail(flight, noNodes(result.message));
        return;
      case "failed":
        this.fail(flight, schedulerError(result.message));
        return;
      default:
        result satisfies never;
    }
  }

  /** What PostFilter has to say follows. Nobody is evicted here, so a pod that could preempt is not nominated either. */
  #fitFailure(pod: Pod, result: Unschedulable): AttemptFailure {
    const { diagnosis, prepared, message } = result;
    const filterPlugins = this.#profileOf(pod)?.filterPlugins.map(({ name }) => name) ?? [];
    const after = postFilter(
      { pod, diagnosis, prepared, snapshot: this.#cache, nominatedPods: nominatedPodsOf(this.#queue) },
      filterPlugins,
    );
    if (after.candidate !== undefined) return rejection(message, diagnosis);
    return rejection(`${message} ${after.message}`, diagnosis, after.nominating);
  }

  #remember(flight: OngoingFlight, result: Attempt): void {
    if (result.kind === "noNodes" || result.kind === "failed") return;
    const { nodeCount } = this.#cache;
    flight.rejections = countByPlugin(
      result.kind === "fits" ? { nodes: result.rejections, preFilter: undefined, nodeCount } : result.diagnosis,
    );
    flight.rejectionsOf = "thisAttempt";
  }

  /** Counts the pod on the node before anybody else knows. False: something could not be set aside, and it has failed. */
  assume(flight: OngoingFlight, node: NodeInfo): boolean {
    const { pod } = flight;
    const assumed: Pod = { ...pod, spec: { ...pod.spec, nodeName: node.name } };
    flight.assumed = assumed;
    this.#cache.assumePod(assumed);
    this.#queue.deleteNominatedPodIfExists(pod);
    const failure = reserve(flight, node, this.#profileOf(pod));
    if (failure !== undefined) this.fail(flight, failure);
    return failure === undefined;
  }

  /** Attempts that hung, and need not any longer, begin again. */
  takeUp(): void {
    for (const flight of this.#flights.values())
      if (flight.phase === "Filter" && !this.#faults.hangs(flight.pod)) this.try(flight);
  }

  #waitOnPermit(flight: OngoingFlight): void {
    flight.phase = "WaitOnPermit";
    const { permitPlugins = [] } = this.#profileOf(flight.pod) ?? {};
    const waitsFor = whoLetsWait(flight.pod, permitPlugins, this.#cache);
    if (waitsFor !== undefined) {
      flight.waitsFor = waitsFor;
      this.#after(flight, { kind: "fail", at: this.#clock.now() + waitsFor.timeoutMs, failure: timedOut(waitsFor) });
      return;
    }
    for (const mate of this.#thoseWhoWaitWith(flight)) {
      this.#waitsNoLonger(mate);
      this.#bindLater(mate);
    }
    this.#bindLater(flight);
  }

  #bindLater(flight: OngoingFlight): void {
    this.#after(flight, { kind: "bind", at: this.#clock.now() + this.#bindingTimeMs(flight.pod) });
  }

  #thoseWhoWaitWith({ pod, uid }: OngoingFlight): readonly OngoingFlight[] {
    return [...this.#flights.values()].filter(
      (other) => other.uid !== uid && other.waitsFor?.belongTogether(other.pod, pod) === true,
    );
  }

  #runPostFilter(flight: OngoingFlight, failure: AttemptFailure): void {
    flight.phase = "PostFilter";
    const timeMs = this.#postFilterTimeMs(flight.pod);
    if (timeMs === 0) this.fail(flight, failure);
    else this.#after(flight, { kind: "fail", at: this.#clock.now() + timeMs, failure });
  }

  /** Goes on with a flight later, unless it has gone on otherwise, or is held, by then. */
  #after(flight: OngoingFlight, next: NextStep): void {
    flight.next = next;
    this.#wait(flight, next);
    this.#changed();
  }

  #wait(flight: OngoingFlight, next: NextStep): void {
    const timer = this.#clock.setTimer(Math.max(0, next.at - this.#clock.now()), () => {
      this.#pause.orLater(() => {
        if (!flight.isHeld && flight.next === next) this.goOn(flight, next);
      });
    });
    flight.cancelTimer = () => timer.cancel();
  }

  /** Does what the flight waits for, now. */
  goOn(flight: OngoingFlight, next: NextStep): void {
    switch (next.kind) {
      case "bind":
        this.bind(flight);
        return;
      case "fail":
        this.fail(flight, next.failure);
        return;
      default:
        next satisfies never;
    }
  }

  #waitsNoLonger(flight: OngoingFlight): void {
    flight.waitsFor = undefined;
    flight.next = undefined;
    flight.cancelTimer?.();
    flight.cancelTimer = undefined;
  }

  /** The flight ends before the pod is bound: whatever happens from here on needs no events. */
  bind(flight: OngoingFlight): void {
    this.#waitsNoLonger(flight);
    flight.phase = "Bind";
    flight.isHeld = false;
    this.#queue.done(flight.uid, "Bound");
    this.#changed();
    const { pod } = flight;
    const node = flight.assumed?.spec?.nodeName ?? "";
    const written = { writer: this.#writer, cache: this.#cache };
    const isReserving = flight.reservations.length > 0;
    const binding = isReserving
      ? preBind(flight, written).then(() => this.#writer.bind(pod, node))
      : this.#writer.bind(pod, node);
    binding.then(
      () => {
        this.#land(flight);
        const note = `Successfully assigned ${objectKey(pod)} to ${node}`;
        this.#write(this.#writer.recordEvent(pod, { type: "Normal", reason: "Scheduled", action: "Binding", note }));
      },
      (error: unknown) => this.fail(flight, bindingFailure(error)),
    );
  }

  /**
   * The attempt is over. A pod that was assumed gives its place back, which others may have waited for: after an error
   * that is told first, after a rejection last and not to the pod itself. Upstream: `handleBindingCycleError`.
   */
  fail(flight: OngoingFlight, failure: AttemptFailure): void {
    const { waitsFor } = flight;
    this.#failAlone(flight, failure);
    if (waitsFor === undefined) return;
    // All or nothing: where one gives its place back, the others do. Upstream: coscheduling's `Unreserve`.
    const mates = this.#thoseWhoWaitWith(flight);
    for (const mate of mates) this.#waitsNoLonger(mate);
    for (const mate of mates) this.#failAlone(mate, rejectedOnPermit(waitsFor, "rejection in Unreserve"));
  }

  #failAlone(flight: OngoingFlight, failure: AttemptFailure): void {
    this.#waitsNoLonger(flight);
    unreserve(flight);
    this.#land(flight);
    this.#lastRejections.set(flight.info, countsOf(flight, failure));
    const { assumed, uid } = flight;
    const isRejected = failure.reason === "Unschedulable";
    const tellOthers = (): void => {
      if (assumed === undefined) return;
      const event = { resource: "AssignedPod", actionType: actionType.Delete } as const;
      this.#informed.moveAllToActiveOrBackoffQueue(
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

  /** Not those being bound: what they do cannot be taken back from here. */
  save(): readonly SavedFlight[] {
    return Array.from(
      this.#flights.values(),
      ({ info: _info, cancelTimer: _cancelTimer, reservations: _reservations, ...flight }) => flight,
    ).filter(({ phase }) => phase !== "Bind");
  }

  /** These instead of what is under way, after the queue was restored: their records are in flight there. */
  restore(saved: readonly SavedFlight[]): void {
    for (const flight of this.#flights.values()) {
      this.#waitsNoLonger(flight);
      unreserve(flight);
    }
    this.#flights.clear();
    for (const each of saved) {
      const info = this.#queue.view.inFlight.pod(each.uid)?.info;
      if (info === undefined) throw new Error(`${each.uid} is not in flight: restore the queue first`);
      const flight: OngoingFlight = { ...each, info, cancelTimer: undefined, reservations: [] };
      this.#flights.set(flight.uid, flight);
      const node = this.#cache.node(flight.assumed?.spec?.nodeName ?? "");
      // What was set aside is set aside again: it was the first way then, and everything is as it was.
      const failure = node === undefined ? undefined : reserve(flight, node, this.#profileOf(flight.pod));
      if (failure !== undefined) this.#reportError(new Error(failure.message));
      if (flight.next !== undefined) this.#wait(flight, flight.next);
    }
    this.#changed();
  }

  #profileOf(pod: Pod): Profile | undefined {
    return this.#profiles.get(schedulerNameOf(pod));
  }

  #land(flight: OngoingFlight): void {
    this.#flights.delete(flight.uid);
    this.#changed();
  }

  #write(writing: Promise<void>): void {
    writing.catch(this.#reportError);
  }
}

/** Who rejected it, with the nodes where this attempt counted them. */
function countsOf(flight: OngoingFlight, { unschedulablePlugins, pendingPlugins }: AttemptFailure): RejectionCounts {
  const counted = flight.rejectionsOf === "thisAttempt" ? flight.rejections : undefined;
  return new Map([...unschedulablePlugins, ...pendingPlugins].map((plugin) => [plugin, counted?.get(plugin)]));
}
