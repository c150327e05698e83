import type { Instant, Timer } from "#lib/clock/index.ts";
import { objectKey, podUid, type Pod, type PodUid } from "#lib/kube/index.ts";
import type { PriorityQueue, QueuedPodInfo } from "#lib/queue/index.ts";
import type { AsOfClock } from "./as-of-clock.ts";
import type { ClusterCache } from "./cluster-cache.ts";
import type { Attempt } from "./cycle.ts";
import { countByPlugin } from "./diagnosis.ts";
import { dryRun } from "./dry-run.ts";
import { failureIn, type FailureEvidence } from "./evidence.ts";
import type { Flight, RejectionCounts } from "./flight.ts";
import type { Outcome } from "./outcome.ts";
import { isAssigned } from "./pod-info.ts";
import { PresumedPods } from "./presumed-pods.ts";
import type { Profile } from "./profile.ts";
import { bestNode } from "./score.ts";
import { SharedAttempts } from "./shared-attempts.ts";
import { UnconfirmedFailures, wordsTakeMs } from "./unconfirmed-failures.ts";

export interface ShadowAttemptsOptions {
  readonly clock: AsOfClock;
  readonly queue: PriorityQueue;
  readonly cache: ClusterCache;
  readonly profiles: ReadonlyMap<string, Profile>;
  /** Told when a flight has ended. */
  readonly landed: () => void;
}

/** What attempts came to, by the word that upstream counts them under. */
export type AttemptResult = "scheduled" | "unschedulable" | "error";

/** How long a pod that fits waits to be bound. */
const bindingWaitMs = 30_000;
/** From then on it is judged again whether it still fits, each time after twice as long. */
const firstDoubtMs = 250;
/** Within this time a binding is on its way; one that does not come by then takes nobody's room any more. */
const presumedForMs = 2_000;

/** A pod that was popped, and what we think of it. */
export interface ShadowFlight {
  readonly info: QueuedPodInfo;
  readonly uid: PodUid;
  readonly pod: Pod;
  readonly since: Instant;
  readonly result: Attempt;
  readonly rejections: RejectionCounts;
  timer: Timer | undefined;
}

/**
 * The attempts of a scheduler that somebody else runs: they begin here when a pod is popped, and end by evidence or by
 * our own judgement. Evidence that comes later than our judgement puts it right.
 */
export class ShadowAttempts {
  readonly #clock: AsOfClock;
  readonly #queue: PriorityQueue;
  readonly #cache: ClusterCache;
  readonly #profiles: ReadonlyMap<string, Profile>;
  readonly #landed: () => void;
  readonly #presumed: PresumedPods;
  readonly #shared = new SharedAttempts();
  readonly #flights = new Map<PodUid, ShadowFlight>();
  readonly #outcomes = new Map<PodUid, Outcome>();
  readonly #unconfirmed = new UnconfirmedFailures();
  /** Until nothing more is to be heard of an attempt. */
  readonly #patience = new Set<Timer>();
  readonly #counts = new Map<AttemptResult, number>();

  constructor({ clock, queue, cache, profiles, landed }: ShadowAttemptsOptions) {
    this.#clock = clock;
    this.#queue = queue;
    this.#cache = cache;
    this.#profiles = profiles;
    this.#landed = landed;
    this.#presumed = new PresumedPods(cache);
  }

  get(uid: PodUid): Flight | undefined {
    const flight = this.#flights.get(uid);
    return flight === undefined ? undefined : describe(flight);
  }

  all(): readonly Flight[] {
    return [...this.#flights.values()].map(describe);
  }

  /** How many have been in flight since before `instant`. */
  countSince(instant: Instant): number {
    let count = 0;
    for (const { since } of this.#flights.values()) {
      if (since >= instant) break; // in the order in which they were popped
      count++;
    }
    return count;
  }

  outcomeOf(uid: PodUid): Outcome | undefined {
    return this.#outcomes.get(uid);
  }

  /** Somebody else than this pod has a node by now, as far as we can tell, and is not seen on it yet. */
  isAnybodyElsePlaced(uid: PodUid): boolean {
    for (const flight of this.#flights.values()) if (flight.uid !== uid && flight.result.kind === "fits") return true;
    return false;
  }

  /** Attempts that ended, as far as it is known how. */
  get counts(): ReadonlyMap<AttemptResult, number> {
    return this.#counts;
  }

  /** What the scheduler said before we watched. */
  remember(pod: Pod, evidence: FailureEvidence): void {
    this.#outcomes.set(podUid(pod), { kind: "observed", at: this.#clock.now(), evidence });
  }

  /** Pops the next pod and judges it. `undefined` if there was none that is worth an attempt. */
  takeOff(): ShadowFlight | undefined {
    const info = this.#queue.pop();
    if (info === undefined) return undefined;
    const { pod, uid } = info;
    const since = this.#clock.now();
    const result = pod.metadata.deletionTimestamp === undefined ? this.#judge(pod) : undefined;
    if (result === undefined) {
      this.#queue.done(uid, "Skipped");
      return undefined;
    }
    const rejections = this.#rejectionsIn(result);
    const flight: ShadowFlight = { info, uid, pod, since, result, rejections, timer: undefined };
    this.#flights.set(uid, flight);
    this.#presume(pod, result);
    return flight;
  }

  /**
   * The scheduler is done with this pod by its pace. One that fits nowhere comes back, whether or not it will say so;
   * one that fits is being bound, and the scheduler goes on with the next.
   */
  endOfAttempt(flight: ShadowFlight): void {
    if (this.#flights.get(flight.uid) !== flight) return;
    if (isHopeless(flight.result)) this.#giveUp(flight, flight.result);
    else this.#doubtLater(flight, firstDoubtMs);
  }

  stop(): void {
    for (const { timer } of this.#flights.values()) timer?.cancel();
    for (const timer of this.#patience) timer.cancel();
  }

  // Evidence.

  /** The scheduler said that it could not place the pod. */
  failed(pod: Pod, evidence: FailureEvidence): void {
    const uid = podUid(pod);
    const flight = this.#flights.get(uid);
    const now = this.#clock.now();
    if (this.#isKnownAlready(uid, evidence)) return;
    const outcome: Outcome = { kind: "observed", at: now, evidence };
    if (this.#unconfirmed.confirm(uid, { at: now, message: evidence.message, isLast: flight === undefined })) {
      this.#outcomes.set(uid, outcome);
      const rejectors = new Set(evidence.rejections.keys());
      if (flight === undefined) this.#queue.nameRejectors(pod, rejectors);
      return;
    }
    // The scheduler tried a pod that is not in flight here: then it was, and this is how it ended.
    const info = flight?.info ?? this.#queue.popSpecificPod(pod);
    if (info === undefined) return;
    this.#count(evidence.isError ? "error" : "unschedulable");
    this.#handBack(info, evidence.rejections.keys(), outcome);
  }

  /** It has got its node. */
  bound(uid: PodUid): void {
    this.#count("scheduled");
    this.forget(uid, "Bound");
  }

  /** Bound, deleted, or replaced by another pod of its name: its flight is over, and there is nothing more to say. */
  forget(uid: PodUid, event: string): void {
    this.#outcomes.delete(uid);
    this.#unconfirmed.forget(uid);
    if (!this.#land(uid)) return;
    this.#queue.done(uid, event);
    this.#landed();
  }

  /** The scheduler writes a condition and an event about the same attempt; the second to arrive is no other attempt. */
  #isKnownAlready(uid: PodUid, { message, source }: FailureEvidence): boolean {
    const last = this.#outcomes.get(uid);
    return (
      last?.kind === "observed" &&
      last.evidence.source !== source &&
      last.evidence.message === message &&
      this.#clock.now() - last.at <= wordsTakeMs
    );
  }

  // Judgement.

  /** As the scheduler sees it: with the pods that it is binding. */
  #judge(pod: Pod): Attempt | undefined {
    const judge = () => dryRun(pod, { profiles: this.#profiles, snapshot: this.#presumed, queue: this.#queue });
    // Who is nominated where is seen by each in another way.
    if (this.#queue.view.nominations().length > 0) return judge();
    const { versions } = this.#cache;
    return this.#shared.attempt(pod, { versions, revision: this.#presumed.revision }, judge);
  }

  #rejectionsIn(result: Attempt): RejectionCounts {
    const { nodeCount } = this.#cache;
    if (result.kind === "unschedulable") return countByPlugin(result.diagnosis);
    return countByPlugin({ nodes: result.kind === "fits" ? result.rejections : [], preFilter: undefined, nodeCount });
  }

  #presume(pod: Pod, result: Attempt): void {
    const node = result.kind === "fits" ? bestNode(pod, result.feasible) : undefined;
    if (node !== undefined) this.#presumed.presume(pod, node.name);
  }

  #doubtLater(flight: ShadowFlight, afterMs: number): void {
    flight.timer = this.#clock.setTimer(afterMs, () => this.#doubt(flight));
  }

  /** It fitted, and nobody has bound it so far: the scheduler may have given its place to another pod meanwhile. */
  #doubt(flight: ShadowFlight): void {
    const { uid, pod, since } = flight;
    const waitedMs = this.#clock.now() - since;
    this.#presumed.forget(uid);
    const result = this.#judge(pod);
    if (result === undefined) {
      this.forget(uid, "Skipped");
    } else if (isHopeless(result)) {
      this.#giveUp(flight, result);
    } else if (waitedMs >= bindingWaitMs) {
      // Not unschedulable: nobody is known to have rejected it.
      this.#handBack(flight.info, [], { kind: "unknown", at: this.#clock.now() });
    } else {
      if (waitedMs < presumedForMs) this.#presume(pod, result);
      this.#doubtLater(flight, Math.min(Math.max(waitedMs, firstDoubtMs), bindingWaitMs - waitedMs));
    }
  }

  /** By our own judgement it fits nowhere. */
  #giveUp({ info, uid, pod }: ShadowFlight, result: Hopeless): void {
    const at = this.#clock.now();
    const { message } = result;
    const said = failureIn(this.#cache.pods.get(objectKey(pod)) ?? pod);
    // What PostFilter adds is behind it.
    const isToBeHeardOf = said?.message.startsWith(message) !== true;
    this.#unconfirmed.note(uid, { at, message, isToBeHeardOf });
    this.#count("unschedulable");
    const plugins = result.kind === "unschedulable" ? result.diagnosis.unschedulablePlugins : [];
    const outcome: Outcome = { kind: "simulated", at, message };
    this.#handBack(info, plugins, outcome);
    if (isToBeHeardOf && said !== undefined) this.#takeAtItsWordLater(pod, said, outcome);
  }

  /** Nothing new was said of an attempt that we judged otherwise: then it failed with the words that stand there. */
  #takeAtItsWordLater(pod: Pod, said: FailureEvidence, outcome: Outcome): void {
    const uid = podUid(pod);
    const timer = this.#clock.setTimer(wordsTakeMs, () => {
      this.#patience.delete(timer);
      const isLast = this.#outcomes.get(uid) === outcome && !this.#flights.has(uid);
      if (isLast) this.#queue.nameRejectors(pod, new Set(said.rejections.keys()));
    });
    this.#patience.add(timer);
  }

  // The end.

  #handBack(info: QueuedPodInfo, unschedulablePlugins: Iterable<string>, outcome: Outcome): void {
    const { uid } = info;
    this.#land(uid);
    this.#outcomes.set(uid, outcome);
    info.clearRejectorPlugins();
    info.unschedulablePlugins = new Set(unschedulablePlugins);
    const cached = this.#cache.pods.get(objectKey(info.pod));
    if (cached === undefined || podUid(cached) !== uid || isAssigned(cached)) {
      this.#queue.done(uid, cached === undefined ? "Delete" : "Bound");
    } else {
      info.replacePod(cached);
      this.#queue.addUnschedulableIfNotPresent(info, this.#queue.schedulingCycle);
      // What became of its nomination while it was in flight nobody has told the queue.
      this.#queue.addNominatedPod(cached);
    }
    this.#landed();
  }

  /** Whether it was in flight. */
  #land(uid: PodUid): boolean {
    this.#flights.get(uid)?.timer?.cancel();
    this.#presumed.forget(uid);
    return this.#flights.delete(uid);
  }

  #count(result: AttemptResult): void {
    this.#counts.set(result, (this.#counts.get(result) ?? 0) + 1);
  }
}

type Hopeless = Extract<Attempt, { readonly kind: "unschedulable" | "noNodes" }>;

function isHopeless(result: Attempt): result is Hopeless {
  return result.kind === "unschedulable" || result.kind === "noNodes";
}

function describe({ uid, pod, since, rejections }: ShadowFlight): Flight {
  return {
    uid,
    pod,
    phase: "AwaitingEvidence",
    since,
    isHeld: false,
    waitsFor: undefined,
    node: undefined,
    rejections,
    rejectionsOf: "thisAttempt",
  };
}
