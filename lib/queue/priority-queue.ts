import type { Instant } from "#lib/clock/index.ts";
import {
  actionType,
  forceActivate,
  keyOf,
  matchClusterEvents,
  objectKey,
  podUid,
  unschedulableTimeout,
  type ClusterEvent,
  type Condition,
  type KubeObject,
  type Pod,
  type PodUid,
} from "#lib/kube/index.ts";
import { NoApiDispatcherError, type ApiCallOutcome, type ApiDispatcher } from "./api-calls.ts";
import { EventMoves, type PreEnqueueCheck } from "./event-moves.ts";
import { runFlushTimers } from "./flush-timers.ts";
import { HandBack, type HandBackResult } from "./hand-back.ts";
import { unschedulablePodAdd } from "./moves.ts";
import { nameRejectors } from "./naming-rejectors.ts";
import type { NominatingInfo } from "./nominator.ts";
import { PodUpdates } from "./pod-updates.ts";
import { defaultDurations, type PriorityQueueOptions } from "./queue-options.ts";
import { assembleParts, type QueueParts } from "./queue-parts.ts";
import { QueueView } from "./queue-view.ts";
import type { QueuedPodInfo } from "./queued-pod-info.ts";
import { Readiness } from "./readiness.ts";
import { restoreQueue, saveQueue, type SavedQueue } from "./saved-queue.ts";
import { seedPod, type SeededPod } from "./seeding.ts";
import { nameOf, type QueueObserver } from "./transitions.ts";

/** Closing ends flights and timers; doing so twice is a mistake of the caller. */
export class QueueClosedError extends Error {
  override readonly name = "QueueClosedError";
  constructor() {
    super("the queue is closed already: close it once");
  }
}

const podScaleDown: ClusterEvent = { resource: "Pod", actionType: actionType.UpdatePodScaleDown };
const assignedPodAdd: ClusterEvent = { resource: "AssignedPod", actionType: actionType.Add };
const backoffComplete = "BackoffComplete";

/**
 * The scheduling queue of kube-scheduler 1.36: pods ready to be tried, pods waiting, and what happened while others
 * are being tried. One instance handles all profiles. Every operation is atomic: nothing in it awaits, and observers
 * are told when it is over. Upstream: `scheduling_queue.go`, `PriorityQueue`.
 */
export class PriorityQueue {
  readonly #parts: QueueParts;
  readonly #eventMoves: EventMoves;
  readonly #updates: PodUpdates;
  readonly #handBack: HandBack;
  readonly #apiDispatcher: ApiDispatcher | undefined;
  #maxInUnschedulablePodsMs: number;
  readonly #readiness = new Readiness(() => this.#isClosed || this.canPop);
  readonly #stopTimers = new Set<() => void>();
  #isClosed = false;

  /** Reading, without side effects. */
  readonly view: QueueView;

  constructor(options: PriorityQueueOptions) {
    const parts = assembleParts(options);
    this.#parts = parts;
    this.#eventMoves = new EventMoves(parts, options.namespaceLabels);
    this.#updates = new PodUpdates(parts, this.#eventMoves);
    this.#handBack = new HandBack(parts, this.#eventMoves);
    this.#apiDispatcher = options.apiDispatcher;
    const { podMaxInUnschedulablePodsMs = defaultDurations.podMaxInUnschedulablePodsMs } = options;
    this.#maxInUnschedulablePodsMs = podMaxInUnschedulablePodsMs;
    this.view = new QueueView(parts);
  }

  /** Pods taken into flight so far. */
  get schedulingCycle(): number {
    return this.#parts.activeQ.schedulingCycle;
  }

  get moveRequestCycle(): number {
    return this.#eventMoves.moveRequestCycle;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Every call is a new registration. Returns what undoes it; undoing twice is harmless. */
  observe(observer: QueueObserver): () => void {
    return this.#parts.observers.observe(observer);
  }

  // Pods without a node come, change and go.

  /** A new pod without a node. */
  add(pod: Pod): void {
    this.#parts.moves.toActive(this.#parts.records.make(pod), unschedulablePodAdd, false);
    this.#end();
  }

  /** A pod that others have tried before this queue watched. Whether it was put in: a pod it knows is left alone. */
  seed(pod: SeededPod): boolean {
    const isSeeded = seedPod(this.#parts, pod);
    this.#end();
    return isSeeded;
  }

  /**
   * Who rejected the pod in its last attempt, by somebody who knows better. Whether it waits here after a rejection: of
   * any other pod nothing is changed.
   */
  nameRejectors(pod: Pod, unschedulablePlugins: ReadonlySet<string>): boolean {
    const isNamed = nameRejectors(this.#parts, pod, unschedulablePlugins);
    this.#end();
    return isNamed;
  }

  /** A pod without a node changed. While it is in flight this only goes on record. */
  update(old: Pod, updated: Pod): void {
    this.#updates.update(old, updated);
    this.#end();
  }

  /** The pod is gone, or has got a node. A pod in flight is not touched. */
  delete(pod: Pod): void {
    const { nominator, activeQ, backoffQ, unschedulablePods, metrics } = this.#parts;
    nominator.deleteNominatedPodIfExists(pod);
    const key = objectKey(pod);
    let info = activeQ.delete(key) ?? backoffQ.delete(key);
    if (info === undefined) {
      info = unschedulablePods.delete(key);
      // Q81: what leaves another queue stays counted.
      for (const plugin of info?.rejectors ?? []) metrics.unschedulable(plugin, info?.schedulerName ?? "", -1);
    }
    if (info !== undefined) this.#noteDeleted(info);
    this.#end();
  }

  // Attempts.

  /** Whether `pop` would give a pod now. */
  get canPop(): boolean {
    return this.#parts.activeQ.canPop;
  }

  /**
   * The next pod to try, taken into flight. `undefined` when nothing is ready: await {@link whenReady}. Its rejectors
   * are still those of the last attempt: clear them before filling in new ones.
   */
  pop(): QueuedPodInfo | undefined {
    const info = this.#parts.activeQ.pop();
    this.#end();
    return info;
  }

  /** Resolves when there is something to pop, or the queue is closed. */
  whenReady(): Promise<void> {
    return this.#readiness.wait();
  }

  /** This pod out of turn, wherever it waits; a gated one stays. */
  popSpecificPod(pod: Pod): QueuedPodInfo | undefined {
    this.#activate(pod);
    const info = this.#parts.activeQ.popSpecific(objectKey(pod));
    this.#end();
    return info;
  }

  /** The flight is over and the pod does not come back, because of `event`. No-op for a pod that is not in flight. */
  done(uid: PodUid, event = "Done"): void {
    this.#handBack.done(uid, event);
    this.#end();
  }

  /**
   * Hand-back: the attempt failed, and the record says which plugins rejected the pod, or none after an error. Always
   * ends the flight. `podSchedulingCycle` counts only while hints are off.
   */
  addUnschedulableIfNotPresent(info: QueuedPodInfo, podSchedulingCycle: number): HandBackResult {
    const result = this.#handBack.handBack(info, podSchedulingCycle);
    this.#end();
    return result;
  }

  // Events.

  /** Something happened to the cluster: moves the parked pods it may help, and goes on record for those in flight. */
  moveAllToActiveOrBackoffQueue(
    event: ClusterEvent,
    oldObj: KubeObject | undefined,
    newObj: KubeObject | undefined,
    preCheck?: PreEnqueueCheck,
  ): void {
    this.#eventMoves.moveAll(this.#parts.events.of(event), oldObj, newObj, preCheck);
    this.#end();
  }

  /** A bound pod appeared. Only called while hints are off. */
  assignedPodAdded(pod: Pod): void {
    this.#eventMoves.crossTopology(pod, this.#parts.events.of(assignedPodAdd), undefined);
    this.#end();
  }

  /** A bound pod changed. Only called while hints are off. */
  assignedPodUpdated(old: Pod, updated: Pod, event: ClusterEvent): void {
    const incoming = this.#parts.events.of(event);
    if (matchClusterEvents(podScaleDown, event)) this.#eventMoves.moveAll(incoming, old, updated);
    else this.#eventMoves.crossTopology(updated, incoming, old);
    this.#end();
  }

  /** Pods that somebody knows to be worth a try: skips backoff and hints. One in flight is tried again afterwards. */
  activate(pods: Iterable<Pod>): void {
    const { inFlight, events } = this.#parts;
    for (const pod of pods) {
      if (this.#activate(pod)) continue;
      if (inFlight.has(podUid(pod))) this.#eventMoves.append(events.of(forceActivate), undefined, pod);
      // Q51: also for a pod that PreEnqueue refused, or that nobody knows.
      this.#eventMoves.requestMove();
    }
    this.#end();
  }

  // Timers.

  /** Moves pods whose backoff is over to activeQ. */
  flushBackoffQCompleted(): void {
    const { backoffQ, moves } = this.#parts;
    for (const info of backoffQ.popAllBackoffCompleted()) moves.toActive(info, backoffComplete, true);
    this.#end();
  }

  /** Retries pods that were parked for too long, whatever rejected them. Is an event for pods in flight as well. */
  flushUnschedulablePodsLeftover(): void {
    const { unschedulablePods, clock, events } = this.#parts;
    const oldest: Instant = clock.now() - this.#maxInUnschedulablePodsMs;
    const leftover = [...unschedulablePods.values()].filter((info) => info.timestamp < oldest);
    for (const info of leftover) info.wasFlushedFromUnschedulable = true;
    if (leftover.length > 0) {
      this.#eventMoves.movePods(leftover, events.of(unschedulableTimeout), undefined, undefined);
    }
    this.#end();
  }

  /** From the next flush on pods wait no longer than this for an event; infinite: they wait for ever. */
  waitAtMost(maxInUnschedulablePodsMs: number): void {
    this.#maxInUnschedulablePodsMs = maxInUnschedulablePodsMs;
  }

  /** Both flushes on their timers until {@link close}, or until the returned function is called. */
  run(): () => void {
    const stop = runFlushTimers({
      clock: this.#parts.clock,
      isAligned: this.#parts.gates.schedulerPopFromBackoffQ,
      flushBackoff: () => this.flushBackoffQCompleted(),
      flushUnschedulable: () => this.flushUnschedulablePodsLeftover(),
    });
    this.#stopTimers.add(stop);
    return stop;
  }

  /**
   * Ends all flights and timers. Waiting ends; what is queued can still be popped.
   *
   * @throws QueueClosedError on a second call
   */
  close(): void {
    if (this.#isClosed) throw new QueueClosedError();
    this.#isClosed = true;
    for (const stop of this.#stopTimers) stop();
    for (const { uid } of this.#parts.inFlight.pods()) this.#handBack.done(uid, "Close");
    this.#end();
  }

  // Going back.

  /** Everything as it stands now, for {@link restore}. */
  save(): SavedQueue {
    return { ...saveQueue(this.#parts), moveRequestCycle: this.moveRequestCycle };
  }

  /**
   * Everything as it stood when it was saved, however often. Pods that are elsewhere by it moved because of `event`.
   * Records that were handed out are of no use any more: those in flight are in `view.inFlight`.
   */
  restore(saved: SavedQueue, event: string): void {
    restoreQueue(this.#parts, saved, event);
    this.#eventMoves.restoreCycle(saved.moveRequestCycle);
    this.#end();
  }

  // Nominations and writes.

  addNominatedPod(pod: Pod, info?: NominatingInfo): void {
    this.#parts.nominator.addNominatedPod(pod, info);
  }

  deleteNominatedPodIfExists(pod: Pod): void {
    this.#parts.nominator.deleteNominatedPodIfExists(pod);
  }

  updateNominatedPod(old: Pod, updated: Pod): void {
    this.#parts.nominator.updateNominatedPod(old, updated);
  }

  /** Pods nominated to the node, as queued; one that is in no queue has only its name. */
  nominatedPodsForNode(node: string): readonly Pod[] {
    return this.#parts.nominator
      .nominatedPodsForNode(node)
      .map(({ key, uid, name, namespace }) => this.view.record(key)?.pod ?? { metadata: { name, namespace, uid } });
  }

  /** Does not change the queue. @throws NoApiDispatcherError */
  patchPodStatus(pod: Pod, condition: Condition | undefined, nominatingInfo?: NominatingInfo): ApiCallOutcome {
    if (this.#apiDispatcher === undefined) throw new NoApiDispatcherError();
    return this.#apiDispatcher.add({ type: "pod_status_patch", pod, condition, nominatingInfo });
  }

  // Records.

  /** The record of a queued pod. */
  getPod(name: string, namespace: string): QueuedPodInfo | undefined {
    return this.view.record(keyOf(namespace, name));
  }

  /** Everything queued, with upstream's summary. */
  pendingPods(): { readonly pods: readonly Pod[]; readonly summary: string } {
    const { activeQ, backoffQ, unschedulablePods } = this.#parts;
    const infos = [...activeQ.heap.values(), ...backoffQ.values(), ...unschedulablePods.values()];
    const summary = `activeQ:${activeQ.size}; backoffQ:${backoffQ.size}; unschedulablePods:${unschedulablePods.size}`;
    return { pods: infos.map(({ pod }) => pod), summary };
  }

  /** As they were popped. */
  inFlightPods(): readonly Pod[] {
    return Array.from(this.#parts.inFlight.pods(), ({ pod }) => pod);
  }

  /** Whether the pod was moved to activeQ. */
  #activate(pod: Pod): boolean {
    const { backoffQ, unschedulablePods, moves } = this.#parts;
    const key = objectKey(pod);
    const reason = { object: pod };
    const label = forceActivate.customLabel ?? "";
    const parked = unschedulablePods.get(key);
    if (parked !== undefined) return moves.toActive(parked, label, false, reason);
    const waiting = backoffQ.delete(key);
    return waiting !== undefined && moves.toActive(waiting, label, true, reason);
  }

  #noteDeleted(info: QueuedPodInfo): void {
    const from = info.place;
    info.place = "outside";
    const { observers } = this.#parts;
    if (!observers.areListening) return;
    observers.note({ kind: "moved", pod: nameOf(info), from, to: "outside", cause: { event: "Delete" } });
  }

  /** What every operation ends with. */
  #end(): void {
    this.#parts.observers.tell();
    this.#readiness.check();
  }
}
