import type { Instant } from "#lib/clock/index.ts";
import type { Pod } from "#lib/kube/index.ts";
import type { Place, QueuedPodInfo, QueueView } from "#lib/queue/index.ts";
import {
  failureIn,
  parseRejectionMessage,
  schedulerNameOf,
  unknownPlugin,
  type Nomination,
  type QueueRecord,
  type SchedulerObservation,
  type Situation,
  type SuspectedEvent,
} from "#lib/scheduler/index.ts";
import type { SchedulingFacts } from "../scheduling/scheduling.ts";
import type { Judging } from "../scheduling/scheduling.ts";
import { doubtAbout } from "./doubts.ts";
import type { Failures, SeenFailure } from "./failures.ts";
import type { SchedulerLeases } from "./leases.ts";
import { disagreementIn, type Said } from "./said.ts";
import type { SchedulerActivity } from "./scheduler-activity.ts";
import type { Shape, WaitingPod } from "./shapes.ts";
import type { Suspects } from "./suspects.ts";

export interface PodSituation extends WaitingPod {
  readonly situation: Situation;
  readonly place: Place;
  readonly info: QueuedPodInfo | undefined;
}

export interface SituationsOptions {
  readonly mode: Situation["mode"];
  readonly watchedSince: Instant;
  readonly activity: SchedulerActivity;
  readonly failures: Failures;
  readonly leases: SchedulerLeases;
  readonly saidOf: (uid: string) => Said | undefined;
}

/** What holds for all pods of one sweep. */
export interface Sweep {
  readonly now: Instant;
  readonly judging: Judging;
  readonly suspects: Suspects;
  readonly shapes: Iterable<Shape>;
  readonly doubts: ReadonlyMap<string, string>;
  readonly usualFlightMs: number | undefined;
  readonly isPaused: boolean;
  readonly isCatchingUp: boolean;
  readonly lost: SchedulingFacts["lost"];
  readonly configuration: SchedulingFacts["configuration"];
}

interface Remembered {
  /** How many pods its scheduler had finished when it was seen first. */
  readonly finishedBefore: number;
  /** Where it was not there from the beginning. */
  readonly cameAt: Instant | undefined;
  absentSince: Instant | undefined;
  nomination: { readonly node: string; readonly state: Nomination["state"]; readonly since: Instant } | undefined;
}

/** Whoever is found by then was there before us. */
const firstLookMs = 10_000;

/** Puts together what a verdict needs to know of a pod, and remembers since when some of it is so. */
export class Situations {
  readonly #options: SituationsOptions;
  readonly #remembered = new Map<string, Remembered>();

  constructor(options: SituationsOptions) {
    this.#options = options;
  }

  forget(isThere: (uid: string) => boolean): void {
    for (const uid of this.#remembered.keys()) if (!isThere(uid)) this.#remembered.delete(uid);
  }

  look(sweep: Sweep): (waiting: WaitingPod) => PodSituation {
    const { cache, queue } = sweep.judging;
    const { view } = queue;
    const inLine = new Line(view);
    const ahead = priorityCounts(view);
    const schedulers = this.#schedulers(sweep);
    const heldEvents = view.inFlight.eventCount;
    return (waiting) => {
      const { uid, key, pod, shape } = waiting;
      const found = view.record(key);
      const info = found?.uid === uid ? found : undefined;
      // Whoever counts on a node is on its way there, even if the binding was heard of here only.
      const isAssumed = (pod.spec?.nodeName ?? "") === "" && cache.pod(uid) !== undefined;
      const flight = flightOf(uid, sweep);
      const isUnderWay = flight !== undefined || isAssumed || view.inFlight.pod(uid) !== undefined;
      const place = info?.place ?? (isUnderWay ? "inFlight" : "outside");
      const remembered = this.#remember(uid, pod, place, sweep);
      const scheduler = schedulers(schedulerNameOf(pod));
      const inFront = ahead(pod.spec?.priority ?? 0) - (place === "active" || place === "backoff" ? 1 : 0);
      const record = info === undefined ? undefined : recordOf(info, sweep);
      const situation: Situation = {
        ...this.#ofScheduler(pod, uid, { sweep, shape, remembered, inFront, name: scheduler.name }),
        pod,
        now: sweep.now,
        mode: this.#options.mode,
        scheduler,
        place,
        record,
        flight,
        permit: permitOf(uid, sweep),
        ...(sweep.judging.flushAfterMs && { flushAfterMs: sweep.judging.flushAfterMs() }),
        usualFlightMs: sweep.usualFlightMs,
        heldEvents,
        isPaused: sweep.isPaused,
        isCatchingUp: sweep.isCatchingUp,
        cameAt: remembered.cameAt,
        isAssumed,
        absentSince: remembered.absentSince,
        ahead: info === undefined || place !== "active" ? undefined : inLine.before(info),
        nomination: this.#nomination(pod, shape, sweep, remembered),
        fittingNode: shape.explanation.fittingNode,
        cause: shape.explanation.cause,
        doubt: doubtAbout(pod, sweep.doubts),
      };
      return { ...waiting, situation, place, info };
    };
  }

  /** What is known of what its scheduler did with it. */
  #ofScheduler(
    pod: Pod,
    uid: string,
    of: {
      readonly sweep: Sweep;
      readonly shape: Shape;
      readonly remembered: Remembered;
      readonly inFront: number;
      readonly name: string;
    },
  ) {
    const { activity, failures, saidOf } = this.#options;
    const { sweep, shape, remembered, inFront, name } = of;
    const said = saidOf(uid);
    const suspect = sweep.suspects.of(uid);
    const suspected: SuspectedEvent | undefined = suspect && {
      failedAt: suspect.failedAt,
      event: suspect.event,
      rejectedBy: new Set(failures.of(uid)?.evidence.rejections.keys()),
      maxBackoffMs: sweep.judging.maxBackoffMs,
      fitsSince: shape.evaluation.fitsSince,
      lastOtherPodAt: activity.lastOtherAt(name, uid),
      finishedSince: activity.finished(name) - suspect.finishedBefore,
      ahead: inFront,
    };
    const lost = sweep.lost?.[uid];
    return {
      hasBeenReported: failures.of(uid) !== undefined || failureIn(pod) !== undefined,
      otherBoundAt: activity.lastOtherBoundAt(name, uid),
      isOvertaken: activity.finished(name) - remembered.finishedBefore > inFront,
      lastError: errorOf(pod),
      unknownReason: unknownReasonIn(failures.of(uid)),
      disagreement: said === undefined ? undefined : disagreementIn(said, sweep.now),
      suspected,
      lost:
        lost === undefined || lost.wokenAt !== undefined
          ? undefined
          : {
              at: lost.event.at,
              label: lost.event.label,
              object: lost.event.object,
              plugin: lost.plugin,
              attempt: lost.attempt,
              poppedAt: lost.popped,
              parkedAt: lost.at,
            },
    };
  }

  #remember(uid: string, pod: Pod, place: Place, { now }: Sweep): Remembered {
    let remembered = this.#remembered.get(uid);
    if (remembered === undefined) {
      const finishedBefore = this.#options.activity.finished(schedulerNameOf(pod));
      const cameAt = now - this.#options.watchedSince > firstLookMs ? now : undefined;
      remembered = { finishedBefore, cameAt, absentSince: undefined, nomination: undefined };
      this.#remembered.set(uid, remembered);
    }
    remembered.absentSince = place === "outside" ? (remembered.absentSince ?? now) : undefined;
    return remembered;
  }

  #schedulers({ judging, shapes, configuration }: Sweep): (name: string) => SchedulerObservation {
    const { activity, leases, watchedSince, mode } = this.#options;
    const modelled = new Set(judging.profiles.map(({ schedulerName }) => schedulerName));
    const fitting = new Set<string>();
    for (const { evaluation, explanation } of shapes) {
      // Those of one shape name the same scheduler.
      if (explanation.fittingNode !== undefined) fitting.add(schedulerNameOf(evaluation.pod));
    }
    const known = new Map<string, SchedulerObservation>();
    return (name) => {
      let observation = known.get(name);
      if (observation === undefined) {
        observation = {
          name,
          isModelled: modelled.has(name),
          unknownPlugins: configuration.profiles.find(({ schedulerName }) => schedulerName === name)?.unknown ?? [],
          isOurs: mode === "actual" && modelled.has(name),
          leaseRenewedAt: leases.renewedAt(name),
          lastActivityAt: activity.lastAt(name),
          watchedSince,
          hasFittingPod: fitting.has(name),
        };
        known.set(name, observation);
      }
      return observation;
    };
  }

  #nomination(pod: Pod, shape: Shape, { judging, now }: Sweep, remembered: Remembered): Nomination | undefined {
    const name = pod.status?.nominatedNodeName ?? "";
    if (name === "" || (pod.spec?.nodeName ?? "") !== "") {
      remembered.nomination = undefined;
      return undefined;
    }
    const node = judging.cache.node(name);
    const terminating = node === undefined ? [] : [...node.pods()].filter((info) => isLeaving(info.pod));
    const rejects = node !== undefined && shape.evaluation.patternOf(node)?.first !== undefined;
    const state =
      node === undefined ? "gone" : !rejects ? "fits" : terminating.length > 0 ? "terminating" : "noLongerFits";
    if (remembered.nomination?.node !== name || remembered.nomination.state !== state) {
      remembered.nomination = { node: name, state, since: now };
    }
    const ends = terminating.map((info) => Date.parse(info.pod.metadata.deletionTimestamp ?? ""));
    const goneBy = ends.length === 0 ? undefined : Math.max(...ends);
    return { ...remembered.nomination, terminating: terminating.length, goneBy };
  }
}

function unknownReasonIn(failure: SeenFailure | undefined): string | undefined {
  if (failure?.evidence.rejections.has(unknownPlugin) !== true) return undefined;
  return parseRejectionMessage(failure.evidence.message)?.unknownReasons[0];
}

function isLeaving({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function flightOf(uid: string, { judging }: Sweep): Situation["flight"] {
  const flight = judging.flightOf(uid);
  return flight && { phase: flight.phase, since: flight.since, isHeld: flight.isHeld };
}

function permitOf(uid: string, { judging }: Sweep): Situation["permit"] {
  return judging.flightOf(uid)?.waitsFor;
}

function recordOf(info: QueuedPodInfo, { judging }: Sweep): QueueRecord {
  const { attempts, isAttemptsAtLeast, timestamp, gatingPlugin, pod, schedulerName } = info;
  const gating =
    gatingPlugin === ""
      ? undefined
      : judging.profiles
          .find((profile) => profile.schedulerName === schedulerName)
          ?.gatingPlugins.find(({ name }) => name === gatingPlugin);
  const gatingMessage = gating?.preEnqueue(pod)?.reasons.join(", ");
  const backoffUntil = judging.queue.view.backoffUntil(info);
  return { attempts, isAttemptsAtLeast, since: timestamp, backoffUntil, gatingPlugin, gatingMessage };
}

/** Who is active, in order. Put in order when somebody asks. */
class Line {
  readonly #view: Pick<QueueView, "active">;
  #positions: Map<QueuedPodInfo, number> | undefined;
  #first: Pod | undefined;

  constructor(view: Pick<QueueView, "active">) {
    this.#view = view;
  }

  before(info: QueuedPodInfo): Situation["ahead"] {
    if (this.#positions === undefined) {
      const active = this.#view.active();
      this.#first = active[0]?.pod;
      this.#positions = new Map(active.map((each, index) => [each, index]));
    }
    const count = this.#positions.get(info);
    return count === undefined ? undefined : { count, first: count > 0 ? this.#first : undefined };
  }
}

/** How many that are active or back off come before a pod of that priority, or at the same time. */
function priorityCounts(view: QueueView): (priority: number) => number {
  const counts = new Map<number, number>();
  const count = ({ priority }: QueuedPodInfo): void => void counts.set(priority, (counts.get(priority) ?? 0) + 1);
  for (const info of view.activeUnordered()) count(info);
  for (const { info } of view.backingOffUnordered()) count(info);
  return (priority) => {
    let count = 0;
    for (const [each, pods] of counts) if (each >= priority) count += pods;
    return count;
  };
}

/** kube-scheduler names the plugin, if it was one. */
function errorOf(pod: Pod): Situation["lastError"] {
  const failure = failureIn(pod);
  if (failure?.isError !== true || failure.source !== "condition") return undefined;
  const named = /^running (?:\S+ plugin )?"([^"]+)"(?: filter plugin)?: (.*)$/s.exec(failure.message);
  return { plugin: named?.[1] ?? "kube-scheduler", message: named?.[2] ?? failure.message };
}
