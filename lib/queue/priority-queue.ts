import type { Clock, Instant } from "#lib/clock/index.ts";
import {
  actionType,
  forceActivate,
  keyOf,
  matchClusterEvents,
  objectKey,
  podChanges,
  podUid,
  unschedulableTimeout,
  type ClusterEvent,
  type Condition,
  type KubeObject,
  type ObjectKey,
  type Pod,
  type PodUid,
} from "#lib/kube/index.ts";
import { ActiveQueue } from "./active-queue.ts";
import type { NamespaceLabels } from "./affinity-terms.ts";
import { NoApiDispatcherError, type ApiCallOutcome, type ApiDispatcher } from "./api-calls.ts";
import { concernsCrossTopology } from "./assigned-pods.ts";
import { BackoffQueue } from "./backoff-queue.ts";
import { defaultFeatureGates, type FeatureGates } from "./feature-gates.ts";
import { runFlushTimers } from "./flush-timers.ts";
import { HistoricalInFlight } from "./historical-in-flight.ts";
import { InFlightList } from "./in-flight-list.ts";
import type { InFlight, InFlightElement } from "./in-flight.ts";
import { causeOf, Moves, unschedulablePodAdd, unschedulablePodUpdate } from "./moves.ts";
import { Nominator, type NominatingInfo } from "./nominator.ts";
import { Observers } from "./observers.ts";
import { isPodUpdated } from "./pod-spec-changes.ts";
import { PreEnqueue } from "./pre-enqueue.ts";
import { QueueMetrics } from "./queue-metrics.ts";
import { defaultDurations, type PodSigner, type PriorityQueueOptions } from "./queue-options.ts";
import { byPriorityThenAge } from "./queue-sort.ts";
import { QueuedPodInfo, schedulerNameOf } from "./queued-pod-info.ts";
import { QueueView } from "./queue-view.ts";
import { Readiness } from "./readiness.ts";
import { RegisteredEvents, type IncomingEvent } from "./registered-events.ts";
import { Requeueing } from "./requeueing.ts";
import { ReturningPods, type ReturnVerdict } from "./returning-pods.ts";
import { nameOf, type QueueObserver } from "./transitions.ts";
import { UnschedulablePods } from "./unschedulable-pods.ts";

/** Which pods an event may move at all. */
export type PreEnqueueCheck = (pod: Pod) => boolean;

export type HandBackResult =
  | { readonly ok: true }
  /** The pod was queued already. Nothing changed there, but its flight is over. */
  | { readonly ok: false; readonly alreadyIn: "active" | "backoff" | "unschedulable" };

export class QueueClosedError extends Error {
  override readonly name = "QueueClosedError";
  constructor() {
    super("the queue is closed already: close it once");
  }
}

const podScaleDown: ClusterEvent = { resource: "Pod", actionType: actionType.UpdatePodScaleDown };
const scheduleAttemptFailure = "ScheduleAttemptFailure";
const backoffComplete = "BackoffComplete";
const assignedPodAdd: ClusterEvent = { resource: "AssignedPod", actionType: actionType.Add };

/**
 * The scheduling queue of kube-scheduler 1.36: pods ready to be tried, pods waiting, and what happened while others
 * are being tried. One instance handles all profiles. Every operation is atomic: nothing in it awaits, and observers
 * are told when it is over. Upstream: `scheduling_queue.go`, `PriorityQueue`.
 */
export class PriorityQueue {
  readonly #clock: Clock;
  readonly #gates: FeatureGates;
  readonly #maxInUnschedulablePodsMs: number;
  readonly #signers: ReadonlyMap<string, PodSigner>;
  readonly #namespaceLabels: NamespaceLabels | undefined;
  readonly #apiDispatcher: ApiDispatcher | undefined;
  readonly #events: RegisteredEvents;
  readonly #metrics = new QueueMetrics();
  readonly #observers: Observers;
  readonly #inFlight: InFlight;
  readonly #requeueing: Requeueing;
  readonly #returning: ReturningPods;
  readonly #backoffQ: BackoffQueue;
  readonly #activeQ: ActiveQueue;
  readonly #pool: UnschedulablePods;
  readonly #nominator: Nominator;
  readonly #moves: Moves;
  readonly #readiness: Readiness;
  readonly #stopTimers = new Set<() => void>();
  #moveRequestCycle = -1;
  #isClosed = false;

  /** Reading, without side effects. */
  readonly view: QueueView;

  constructor(options: PriorityQueueOptions) {
    const { clock, less = byPriorityThenAge } = options;
    const gates = { ...defaultFeatureGates, ...options.featureGates };
    const durations = { ...defaultDurations, ...definedOnly(options) };
    const metrics = this.#metrics;
    this.#clock = clock;
    this.#gates = gates;
    this.#maxInUnschedulablePodsMs = durations.podMaxInUnschedulablePodsMs;
    this.#signers = options.podSigners ?? new Map();
    this.#namespaceLabels = options.namespaceLabels;
    this.#apiDispatcher = options.apiDispatcher;
    this.#events = new RegisteredEvents(options.queueingHintMap, gates.schedulerQueueingHints);
    this.#observers = new Observers(() => clock.now());
    this.#inFlight = options.inFlightScheme === "historical" ? new HistoricalInFlight() : new InFlightList();
    this.#requeueing = new Requeueing(this.#events, clock);
    this.#returning = new ReturningPods(this.#inFlight, this.#requeueing, gates);
    this.#nominator = new Nominator(options.podLister);
    this.#pool = new UnschedulablePods(this.#events, metrics);
    const isPopFromBackoffQEnabled = gates.schedulerPopFromBackoffQ;
    this.#backoffQ = new BackoffQueue({ ...durations, clock, metrics, less, isPopFromBackoffQEnabled });
    this.#activeQ = new ActiveQueue({
      clock,
      metrics,
      less,
      observers: this.#observers,
      inFlight: gates.schedulerQueueingHints ? this.#inFlight : undefined,
      popFrom: isPopFromBackoffQEnabled ? this.#backoffQ : undefined,
    });
    const preEnqueue = new PreEnqueue(options.preEnqueuePlugins ?? new Map(), metrics, clock);
    const parts = {
      clock,
      gates,
      preEnqueue,
      metrics,
      activeQ: this.#activeQ,
      backoffQ: this.#backoffQ,
      unschedulablePods: this.#pool,
      nominator: this.#nominator,
      observers: this.#observers,
      inFlight: this.#inFlight,
      events: this.#events,
    };
    this.#moves = new Moves({ ...parts, isPopFromBackoffQEnabled });
    this.#readiness = new Readiness(() => this.#isClosed || this.canPop);
    this.view = new QueueView(parts);
  }

  get schedulingCycle(): number {
    return this.#activeQ.schedulingCycle;
  }

  get moveRequestCycle(): number {
    return this.#moveRequestCycle;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Every call is a new registration. Returns what undoes it; undoing twice is harmless. */
  observe(observer: QueueObserver): () => void {
    return this.#observers.observe(observer);
  }

  // Pods without a node come, change and go.

  /** A new pod without a node. */
  add(pod: Pod): void {
    this.#moves.toActive(this.#newInfo(pod), unschedulablePodAdd, false);
    this.#end();
  }

  /** A pod without a node changed. While it is in flight this only goes on record. */
  update(old: Pod, updated: Pod): void {
    const resource = isAssigned(updated) ? "AssignedPod" : "UnschedulablePod";
    const isHinting = this.#gates.schedulerQueueingHints;
    const kinds = isHinting ? podChanges(old, updated).map((kind) => ({ resource, actionType: kind })) : [];
    if (isHinting && this.#inFlight.has(podUid(updated))) {
      // Kept oddity: the nominator does not hear of it.
      for (const kind of kinds) this.#append(this.#events.of(kind), old, updated);
    } else if (!this.#updateInPlace(old, updated)) {
      const parked = this.#pool.get(objectKey(updated));
      if (parked === undefined) this.#moves.toActive(this.#newInfo(updated), unschedulablePodUpdate, false);
      else this.#updateParked(parked, old, updated, kinds);
    }
    this.#end();
  }

  /** The pod is gone, or has got a node. A pod in flight is not touched. */
  delete(pod: Pod): void {
    this.#nominator.deleteNominatedPodIfExists(pod);
    const key = objectKey(pod);
    let info = this.#activeQ.delete(key) ?? this.#backoffQ.delete(key);
    if (info === undefined) {
      info = this.#pool.delete(key);
      // Kept oddity: what left another queue stays counted.
      if (info !== undefined) this.#countRejectors(info, -1);
    }
    if (info !== undefined) this.#drop(info, "Delete");
    this.#end();
  }

  // Attempts.

  /** Whether `pop` would give a pod now. */
  get canPop(): boolean {
    return this.#activeQ.canPop;
  }

  /**
   * The next pod to try, taken into flight. `undefined` when nothing is ready: await {@link whenReady}. Its rejectors
   * are still those of the last attempt: clear them before filling in new ones.
   */
  pop(): QueuedPodInfo | undefined {
    const info = this.#activeQ.pop();
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
    const info = this.#activeQ.popSpecific(objectKey(pod));
    this.#end();
    return info;
  }

  /** The flight is over and the pod does not come back. No-op for a pod that is not in flight. */
  done(uid: PodUid): void {
    this.#endFlight(uid, true);
    this.#end();
  }

  /**
   * Hand-back: the attempt failed, and the record says which plugins rejected the pod, or none after an error. Always
   * ends the flight. `podSchedulingCycle` counts only while hints are off.
   */
  addUnschedulableIfNotPresent(info: QueuedPodInfo, podSchedulingCycle: number): HandBackResult {
    const result = this.#handBack(info, podSchedulingCycle);
    this.#endFlight(info.uid, false);
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
    this.#moveAll(this.#events.of(event), oldObj, newObj, preCheck);
    this.#end();
  }

  /** A bound pod appeared. Only called while hints are off. */
  assignedPodAdded(pod: Pod): void {
    this.#movePods(this.#crossTopology(pod), this.#events.of(assignedPodAdd), undefined, pod);
    this.#end();
  }

  /** A bound pod changed. Only called while hints are off. */
  assignedPodUpdated(old: Pod, updated: Pod, event: ClusterEvent): void {
    const incoming = this.#events.of(event);
    if (matchClusterEvents(podScaleDown, event)) this.#moveAll(incoming, old, updated, undefined);
    else this.#movePods(this.#crossTopology(updated), incoming, old, updated);
    this.#end();
  }

  /** Pods that somebody knows to be worth a try: skips backoff and hints. One in flight is tried again afterwards. */
  activate(pods: Iterable<Pod>): void {
    for (const pod of pods) {
      if (this.#activate(pod)) continue;
      const uid = podUid(pod);
      if (this.#inFlight.has(uid)) this.#append(this.#events.of(forceActivate), undefined, pod);
      // Kept oddity: also for a pod that PreEnqueue refused, or that nobody knows.
      this.#moveRequestCycle = this.schedulingCycle;
    }
    this.#end();
  }

  // Timers.

  /** Moves pods whose backoff is over to activeQ. */
  flushBackoffQCompleted(): void {
    for (const info of this.#backoffQ.popAllBackoffCompleted()) this.#moves.toActive(info, backoffComplete, true);
    this.#end();
  }

  /** Retries pods that were parked for too long, whatever rejected them. Is an event for pods in flight as well. */
  flushUnschedulablePodsLeftover(): void {
    const oldest = this.#clock.now() - this.#maxInUnschedulablePodsMs;
    const leftover = [...this.#pool.values()].filter((info) => info.timestamp < oldest);
    for (const info of leftover) info.wasFlushedFromUnschedulable = true;
    if (leftover.length > 0) this.#movePods(leftover, this.#events.of(unschedulableTimeout), undefined, undefined);
    this.#end();
  }

  /** Both flushes on their timers until {@link close}, or until the returned function is called. */
  run(): () => void {
    const stop = runFlushTimers({
      clock: this.#clock,
      isAligned: this.#gates.schedulerPopFromBackoffQ,
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
    for (const { uid } of this.#inFlight.pods()) this.#endFlight(uid, true);
    this.#end();
  }

  // Nominations and writes.

  addNominatedPod(pod: Pod, info?: NominatingInfo): void {
    this.#nominator.addNominatedPod(pod, info);
  }

  deleteNominatedPodIfExists(pod: Pod): void {
    this.#nominator.deleteNominatedPodIfExists(pod);
  }

  updateNominatedPod(old: Pod, updated: Pod): void {
    this.#nominator.updateNominatedPod(old, updated);
  }

  /** Does not change the queue. @throws NoApiDispatcherError */
  patchPodStatus(pod: Pod, condition: Condition | undefined, nominatingInfo?: NominatingInfo): ApiCallOutcome {
    if (this.#apiDispatcher === undefined) throw new NoApiDispatcherError();
    return this.#apiDispatcher.add({ type: "pod_status_patch", pod, condition, nominatingInfo });
  }

  // Records.

  /** The record of a queued pod. */
  getPod(name: string, namespace: string): QueuedPodInfo | undefined {
    return this.#queued(keyOf(namespace, name));
  }

  /** Pods nominated to the node, as queued; one that is in no queue has only its name. */
  nominatedPodsForNode(node: string): readonly Pod[] {
    return this.#nominator
      .nominatedPodsForNode(node)
      .map(({ key, uid, name, namespace }) => this.#queued(key)?.pod ?? { metadata: { name, namespace, uid } });
  }

  /** Everything queued, with upstream's summary. */
  pendingPods(): { readonly pods: readonly Pod[]; readonly summary: string } {
    const infos = [...this.#activeQ.heap.values(), ...this.#backoffQ.values(), ...this.#pool.values()];
    const summary = `activeQ:${this.#activeQ.size}; backoffQ:${this.#backoffQ.size}; unschedulablePods:${this.#pool.size}`;
    return { pods: infos.map(({ pod }) => pod), summary };
  }

  /** As they were popped. */
  inFlightPods(): readonly Pod[] {
    return Array.from(this.#inFlight.pods(), ({ pod }) => pod);
  }

  #queued(key: ObjectKey): QueuedPodInfo | undefined {
    return this.#activeQ.get(key) ?? this.#pool.get(key) ?? this.#backoffQ.get(key);
  }

  #newInfo(pod: Pod): QueuedPodInfo {
    const info = new QueuedPodInfo(pod, this.#clock.now());
    this.#sign(info);
    return info;
  }

  #sign(info: QueuedPodInfo): void {
    if (!this.#gates.opportunisticBatching || this.#signers.size === 0) return;
    info.podSignature = this.#signers.get(schedulerNameOf(info.pod))?.(info.pod);
  }

  #drop(info: QueuedPodInfo, event: string): void {
    const from = info.place;
    info.place = "outside";
    if (!this.#observers.areListening) return;
    this.#observers.note({ kind: "moved", pod: nameOf(info), from, to: "outside", cause: { event } });
  }

  #countRejectors(info: QueuedPodInfo, change: 1 | -1): void {
    for (const plugin of info.rejectors) this.#metrics.unschedulable(plugin, info.schedulerName, change);
  }

  /** What every operation ends with. */
  #end(): void {
    this.#observers.tell();
    this.#readiness.check();
  }

  // Updates.

  /** A record in activeQ or backing off keeps its place in line as far as the new version allows. */
  #updateInPlace(old: Pod, updated: Pod): boolean {
    const key = objectKey(old);
    const active = this.#activeQ.get(key);
    const info = active ?? this.#backoffQ.get(key);
    if (info === undefined) return false;
    this.#replaceVersion(info, old, updated);
    if (active === undefined) this.#backoffQ.reorder(info);
    else this.#activeQ.reorder(info);
    return true;
  }

  #replaceVersion(info: QueuedPodInfo, old: Pod, updated: Pod): void {
    info.updatePod(updated);
    this.#nominator.updateNominatedPod(old, updated);
    this.#sign(info);
    if (!this.#observers.areListening) return;
    this.#observers.note({ kind: "updated", pod: nameOf(info), place: info.place });
  }

  #updateParked(info: QueuedPodInfo, old: Pod, updated: Pod, kinds: readonly ClusterEvent[]): void {
    this.#replaceVersion(info, old, updated);
    this.#pool.refresh(info);
    if (!this.#gates.schedulerQueueingHints) {
      if (!isPodUpdated(old, updated)) return;
      const reason = { object: updated };
      if (this.#backoffQ.isPodBackingOff(info)) this.#moves.toBackoff(info, unschedulablePodUpdate, reason);
      else this.#moves.toActive(info, unschedulablePodUpdate, false, reason);
      return;
    }
    for (const kind of kinds) {
      const incoming = this.#events.of(kind);
      const verdict = this.#requeueing.judge(info, incoming, old, updated);
      const reason = { plugin: this.#requeueing.decidingPlugin, object: updated };
      const queue = this.#moves.requeue(info, verdict, incoming.label, reason);
      // Kept oddity: without the early pop a pod in backoffQ is judged again, and a skip then parks it as well.
      if (queue === "active" || (queue === "backoff" && this.#gates.schedulerPopFromBackoffQ)) return;
    }
  }

  // Moves.

  #moveAll(
    incoming: IncomingEvent,
    oldObj: KubeObject | undefined,
    newObj: KubeObject | undefined,
    preCheck: PreEnqueueCheck | undefined,
  ): void {
    if (!incoming.isInteresting) return;
    if (this.#pool.size > 0) {
      this.#pool.forEachConcerned(incoming, (info) => {
        if (preCheck === undefined || preCheck(info.pod)) this.#moveIfWorth(info, incoming, oldObj, newObj);
      });
    }
    this.#recordEvent(incoming, oldObj, newObj);
  }

  #movePods(
    infos: readonly QueuedPodInfo[],
    incoming: IncomingEvent,
    oldObj: KubeObject | undefined,
    newObj: KubeObject | undefined,
  ): void {
    if (!incoming.isInteresting) return;
    for (const info of infos) {
      if (info.isGated && !incoming.plugins.has(info.gatingPlugin)) continue;
      this.#moveIfWorth(info, incoming, oldObj, newObj);
    }
    this.#recordEvent(incoming, oldObj, newObj);
  }

  #moveIfWorth(
    info: QueuedPodInfo,
    incoming: IncomingEvent,
    oldObj: KubeObject | undefined,
    newObj: KubeObject | undefined,
  ): void {
    const verdict = this.#requeueing.judge(info, incoming, oldObj, newObj);
    if (verdict === "skip") return;
    this.#pool.delete(info.key);
    const reason = { plugin: this.#requeueing.decidingPlugin, object: newObj ?? oldObj };
    this.#moves.requeue(info, verdict, incoming.label, reason);
  }

  /** Whether anybody was moved does not matter: pods in flight have to see it. */
  #recordEvent(incoming: IncomingEvent, oldObj: KubeObject | undefined, newObj: KubeObject | undefined): void {
    this.#moveRequestCycle = this.schedulingCycle;
    this.#append(incoming, oldObj, newObj);
  }

  #append(incoming: IncomingEvent, oldObj: KubeObject | undefined, newObj: KubeObject | undefined): void {
    const element = this.#inFlight.appendIfAnyInFlight(incoming, oldObj, newObj, this.#clock.now());
    if (element !== undefined && this.#observers.areListening) this.#observers.note({ kind: "appended", element });
  }

  #crossTopology(pod: Pod): QueuedPodInfo[] {
    return [...this.#pool.values()].filter((info) => concernsCrossTopology(info, pod, this.#namespaceLabels));
  }

  /** Whether the pod was moved to activeQ. */
  #activate(pod: Pod): boolean {
    const key = objectKey(pod);
    const reason = { object: pod };
    const label = forceActivate.customLabel ?? "";
    const parked = this.#pool.get(key);
    if (parked !== undefined) return this.#moves.toActive(parked, label, false, reason);
    const waiting = this.#backoffQ.delete(key);
    return waiting !== undefined && this.#moves.toActive(waiting, label, true, reason);
  }

  // Hand-back.

  #handBack(info: QueuedPodInfo, podSchedulingCycle: number): HandBackResult {
    const { key } = info;
    const parked = this.#pool.get(key);
    if (parked !== undefined) {
      // The caller has filled in rejectors already.
      this.#pool.refresh(parked);
      return { ok: false, alreadyIn: "unschedulable" };
    }
    if (this.#activeQ.has(key)) return { ok: false, alreadyIn: "active" };
    if (this.#backoffQ.has(key)) return { ok: false, alreadyIn: "backoff" };
    this.#countFailure(info);
    const from = this.#inFlight.has(info.uid) || info.place === "inFlight" ? "inFlight" : "outside";
    info.place = "inFlight";
    const decision = this.#gates.schedulerQueueingHints
      ? this.#returning.judge(info)
      : this.#judgeByCycle(info, podSchedulingCycle);
    if (decision.verdict === "afterBackoff" && !this.#gates.schedulerQueueingHints) {
      this.#moves.toBackoff(info, scheduleAttemptFailure);
    } else {
      this.#moves.requeue(info, decision.verdict, scheduleAttemptFailure);
    }
    if (this.#observers.areListening) this.#noteHandBack(info, from, decision);
    return { ok: true };
  }

  #countFailure(info: QueuedPodInfo): void {
    if (info.hasRejectors) {
      info.unschedulableCount++;
      info.consecutiveErrorsCount = 0;
      this.#countRejectors(info, 1);
    } else {
      info.consecutiveErrorsCount++;
    }
    info.timestamp = this.#clock.now();
    info.backoffExpiration = undefined;
    info.wasFlushedFromUnschedulable = false;
  }

  /** Before hints: any move request since the pod was popped means that something may have changed. */
  #judgeByCycle(info: QueuedPodInfo, podSchedulingCycle: number): ReturnVerdict {
    const isMoved = this.#moveRequestCycle >= podSchedulingCycle || !info.hasRejectors;
    return { verdict: isMoved ? "afterBackoff" : "skip" };
  }

  #noteHandBack(info: QueuedPodInfo, from: "inFlight" | "outside", decision: ReturnVerdict): void {
    this.#observers.note({
      kind: "handedBack",
      pod: nameOf(info),
      from,
      to: info.place,
      verdict: decision.verdict,
      cause: causeOf(scheduleAttemptFailure, info, decision, decision.decidedBy),
    });
  }

  #endFlight(uid: PodUid, isFinished: boolean): void {
    if (!this.#observers.areListening) {
      const flight = this.#inFlight.done(uid);
      if (flight !== undefined && isFinished && flight.info.place === "inFlight") flight.info.place = "outside";
      return;
    }
    const elements: InFlightElement[] = [];
    const flight = this.#inFlight.done(uid, { pruned: (element) => void elements.push(element) });
    if (flight === undefined) return;
    if (isFinished) {
      if (flight.info.place === "inFlight") flight.info.place = "outside";
      this.#observers.note({ kind: "finished", pod: nameOf(flight.info), from: "inFlight", to: "outside" });
    }
    if (elements.length > 0) this.#observers.note({ kind: "pruned", elements });
  }
}

function isAssigned(pod: Pod): boolean {
  return (pod.spec?.nodeName ?? "") !== "";
}

type Durations = { -readonly [Name in keyof typeof defaultDurations]?: Instant };

function definedOnly(options: PriorityQueueOptions): Durations {
  const durations: Durations = {};
  for (const name of ["podInitialBackoffMs", "podMaxBackoffMs", "podMaxInUnschedulablePodsMs"] as const) {
    const value = options[name];
    if (value !== undefined) durations[name] = value;
  }
  return durations;
}
