import { Abort, sleep, type Clock, type Instant } from "#lib/clock/index.ts";
import { ApiStatusError } from "#lib/informer/index.ts";
import { objectKey, podUid, type Pod } from "#lib/kube/index.ts";
import {
  catchUpMs,
  stalledMs,
  judge,
  schedulerNameOf,
  workloadOf,
  type NodeInfo,
  type Verdict,
} from "#lib/scheduler/index.ts";
import type { Fact, Workload } from "#lib/protocol/index.ts";
import type { Judging, Scheduling } from "../scheduling/scheduling.ts";
import { Statements, type StatementsTransport } from "../statements/index.ts";
import type { DiagnosisBoard } from "./diagnosis-board.ts";
import { findDoubts } from "./doubts.ts";
import { Failures, type SeenFailure } from "./failures.ts";
import { factsAbout } from "./facts.ts";
import { SchedulerLeases } from "./leases.ts";
import { PodNames } from "./pod-names.ts";
import { Quiet } from "./quiet.ts";
import { Run } from "./run.ts";
import { compareNow, type Said } from "./said.ts";
import { SchedulerActivity } from "./scheduler-activity.ts";
import type { Shape, Shapes, WaitingPod } from "./shapes.ts";
import { Situations, type PodSituation } from "./situations.ts";
import { Turns } from "./turns.ts";
import { WaitingPods } from "./waiting-pods.ts";

const sweepEveryMs = 1_000;
/** It hangs, or waits for others: how long its attempt takes says nothing of how long they usually take. */
const unusual: ReadonlySet<Verdict["code"]> = new Set(["stuck-in-flight", "permit-wait"]);
/** Changes of nodes that come together are followed together. */
const settleMs = 5;
/** As long as it took, and no longer than this. */
const mostRestMs = 50;

/** A pod that waits, with its verdict. */
export interface JudgedPod extends PodSituation {
  readonly verdict: Verdict;
  readonly workload: Workload | undefined;
}

export interface DiagnosisOptions {
  readonly clock: Clock;
  readonly board: DiagnosisBoard;
  /** Asked what others say of a pod, while somebody looks at it. */
  readonly transport: StatementsTransport;
  readonly scheduling: Pick<Scheduling, "judging" | "loopState" | "facts">;
  readonly mode: "actual" | "simulated";
  /** `v1.36.3`, once it is known. */
  readonly version: () => string | undefined;
  readonly reportError: (error: unknown) => void;
}

/**
 * Judges every pod that waits, again and again, in slices: what others do has its turn in between. Evaluations follow
 * the nodes, verdicts are worked out anew each time because they depend on the time.
 */
export class Diagnosis {
  readonly activity = new SchedulerActivity();
  readonly failures: Failures;
  readonly #options: DiagnosisOptions;
  readonly #stopped = new Abort();
  readonly #quiet: Quiet;
  readonly #leases: SchedulerLeases;
  readonly #names: PodNames;
  readonly #statements: Statements;
  readonly #said = new Map<string, Said>();
  readonly #watchedSince: Instant;
  readonly #situations: Situations;
  readonly #turns: Turns;
  readonly #waiting = new WaitingPods();
  #run: Run;
  #judged = new Map<string, JudgedPod>();
  #revision = 0;
  #judgedAt: Instant;
  /** When we were found to have stood still last. */
  #awakeSince: Instant = Number.NEGATIVE_INFINITY;
  /** Sweeps since the nodes are known. */
  #settledSweeps = 0;
  /** Somebody waits for a node to change. */
  #nodeChanged: (() => void) | undefined;

  constructor(options: DiagnosisOptions) {
    const { clock, board, transport, mode, scheduling } = options;
    this.#options = options;
    this.#quiet = new Quiet(clock);
    this.#turns = new Turns(clock);
    this.#leases = new SchedulerLeases(board, clock);
    this.#names = new PodNames(clock);
    this.#statements = new Statements(transport, clock);
    this.#watchedSince = clock.now();
    this.#judgedAt = this.#watchedSince;
    this.failures = new Failures({
      clock,
      board,
      activity: this.activity,
      names: this.#names,
      hasEvents: mode === "simulated",
      onFailure: (pod, failure) => this.#compare(pod, failure),
      onNomination: () => this.#quiet.disturb(),
    });
    this.#situations = new Situations({
      mode,
      watchedSince: this.#watchedSince,
      activity: this.activity,
      failures: this.failures,
      leases: this.#leases,
      saidOf: (uid) => this.#said.get(uid),
    });
    this.#run = this.#begin(scheduling.judging());
  }

  /** Grows with every sweep: what was made of the verdicts before is old. */
  get revision(): number {
    return this.#revision;
  }

  /** The queue holds the pods, and they were judged since. */
  get isSettled(): boolean {
    if (this.#revision === 0) return false;
    for (const { place, situation } of this.#judged.values()) {
      const isHeld = place !== "outside" && place !== "inFlight";
      if (!isHeld && situation.scheduler.isModelled && (situation.pod.spec?.nodeName ?? "") === "") return false;
    }
    return this.#settledSweeps > 0;
  }

  /** Told of, or there are none, or it is said why they cannot be read. */
  get #areNodesKnown(): boolean {
    if (this.#run.judging.cache.nodeCount > 0) return true;
    const nodes = this.#options.board.informers().find(({ key }) => key === "v1/nodes")?.informer;
    return nodes !== undefined && (nodes.problem !== undefined || (nodes.hasSynced && nodes.store.size === 0));
  }

  get judged(): ReadonlyMap<string, JudgedPod> {
    return this.#judged;
  }

  get run(): Pick<Run, "judging" | "recent" | "shapes" | "suspects" | "unseenByHistorical"> {
    return this.#run;
  }

  /** The longest time that others had to wait since the start. */
  get longestSliceMs(): number {
    return this.#turns.longestMs;
  }

  saidOf(uid: string): Said | undefined {
    return this.#said.get(uid);
  }

  /** Why there may be other pods than those that were judged. */
  get doubtAboutPods(): string | undefined {
    return findDoubts(this.#options.board).get("pods");
  }

  /** None are known, and none will be before somebody grants it. */
  get arePodsForbidden(): boolean {
    if (this.#run.judging.cache.pods.version > 0) return false;
    const error = this.#options.board.informers().find(({ key }) => key === "v1/pods")?.informer.problem?.error;
    return error instanceof ApiStatusError && error.code === 403;
  }

  factsAbout(judged: JudgedPod): readonly Fact[] {
    return factsAbout(judged, { cache: this.#run.judging.cache, names: this.#names, statements: this.#statements });
  }

  /** Grows with every answer to a question about a pod that somebody looks at. */
  get statementsRevision(): number {
    return this.#statements.revision;
  }

  /** Until what others say of it is known. */
  async readStatements(key: string): Promise<void> {
    const pod = this.#run.judging.cache.pods.get(key);
    if (pod !== undefined) await this.#statements.read(pod);
  }

  /** Until it is stopped. */
  async watch(): Promise<void> {
    const { clock, reportError } = this.#options;
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      try {
        await this.sweep();
        const sweepAt = clock.now() + sweepEveryMs;
        while (!signal.aborted && clock.now() < sweepAt) {
          await this.#changeUntil(sweepAt);
          if (this.#run.shapes.hasDirty) await this.#rest(await this.#followNodes());
        }
      } catch (error) {
        reportError(error);
        await sleep(clock, sweepEveryMs, signal);
      }
    }
  }

  /** A node has changed, or it is that late. */
  async #changeUntil(until: Instant): Promise<void> {
    const { clock } = this.#options;
    if (!this.#run.shapes.hasDirty) {
      await new Promise<void>((resolve) => {
        const timer = clock.setTimer(Math.max(0, until - clock.now()), resolve);
        this.#nodeChanged = () => {
          timer.cancel();
          resolve();
        };
      });
      this.#nodeChanged = undefined;
    }
    if (clock.now() < until) await sleep(clock, Math.min(settleMs, until - clock.now()), this.#stopped.signal);
  }

  /** Where nodes change all the time, others have their turn. */
  async #rest(tookMs: number): Promise<void> {
    await sleep(this.#options.clock, Math.min(tookMs, mostRestMs), this.#stopped.signal);
  }

  stop(): void {
    this.#stopped.abort();
    this.#nodeChanged?.();
    this.#run.stop();
    this.failures.stop();
    this.#leases.stop();
  }

  /** Brings everything up to date once. */
  async sweep(): Promise<void> {
    this.#followScheduling();
    const { judging, shapes } = this.#run;
    this.#turns.begin();
    this.#run.noteNominations();
    const waiting = await this.#waiting.find(judging.cache, shapes, this.#turns);
    const dirty = [...shapes.takeDirty(), ...this.#run.nominatedNodes()];
    for (const shape of shapes.all()) await this.#refresh(shape, dirty);
    shapes.prune();
    this.#watchLeases(shapes);
    const judged = new Map<string, JudgedPod>();
    await this.#judge(waiting, judged);
    this.#judged = judged;
    this.#revision++;
    if (this.#areNodesKnown) this.#settledSweeps++;
    this.#forgetGone();
    this.#run.watchSuspects((uid) => judged.get(uid)?.shape);
  }

  /**
   * Only what nodes that changed make different: the verdicts of pods whose shape they concern. First of those that are
   * held against each node by itself, then of those that look around, which means all nodes. How long it took.
   */
  async #followNodes(): Promise<number> {
    this.#followScheduling();
    const { clock } = this.#options;
    const { judging, shapes } = this.#run;
    const began = clock.now();
    this.#turns.begin();
    this.#run.noteNominations();
    const dirty = shapes.takeDirty();
    const all = [...shapes.all()];
    // Who came, changed or went since the last sweep is left to the next.
    const isCurrent = ({ key, pod }: WaitingPod): boolean => judging.cache.pods.get(key) === pod;
    const looksAround = (shape: Shape): boolean => shape.evaluation.isOld(shape.options.snapshot);
    const [late, early] = [all.filter(looksAround), all.filter((shape) => !looksAround(shape))];
    for (const some of [early, late]) {
      const changed: WaitingPod[] = [];
      for (const shape of some) {
        // Another node changed: those that are quick come first again, and the next sweep brings the others up to date.
        if (some === late && shapes.hasDirty) break;
        if (await this.#refresh(shape, dirty)) changed.push(...shape.pods.filter(isCurrent));
      }
      if (changed.length === 0) continue;
      const judged = new Map(this.#judged);
      await this.#judge(changed, judged);
      this.#judged = judged;
      this.#revision++;
    }
    return clock.now() - began;
  }

  /** Whether its pods are in another situation now, because of nodes. */
  async #refresh(shape: Shape, dirty: readonly NodeInfo[]): Promise<boolean> {
    const { told, explained } = shape;
    const { clock } = this.#options;
    for (const _ of this.#run.shapes.refresh(shape, dirty, clock.now()))
      if (this.#turns.isOver) await this.#turns.yield();
    if (this.#turns.isOver) await this.#turns.yield();
    // To a nomination one node matters, whatever all of them come to.
    return shape.told !== told || (shape.explained !== explained && shape.evaluation.isNominated);
  }

  /** @param into where those are judged, too, that need not be looked at */
  async #judge(waiting: Iterable<WaitingPod>, into: Map<string, JudgedPod>): Promise<void> {
    const { clock, board, scheduling } = this.#options;
    const { judging, suspects, flightTimes, shapes } = this.#run;
    const facts = scheduling.facts();
    const now = clock.now();
    if (now - this.#judgedAt > stalledMs) this.#awakeSince = now;
    this.#judgedAt = now;
    const look = this.#situations.look({
      now,
      isCatchingUp: now - this.#awakeSince < catchUpMs,
      judging,
      suspects,
      shapes: shapes.all(),
      doubts: findDoubts(board),
      usualFlightMs: flightTimes.p99Ms,
      isPaused: scheduling.loopState()?.isPaused === true,
      lost: facts.lost,
      configuration: facts.configuration,
    });
    for (const each of waiting) {
      const situation = look(each);
      const verdict = judge(situation.situation);
      into.set(each.uid, { ...situation, verdict, workload: workloadOf(each.pod) });
      if (unusual.has(verdict.code)) flightTimes.forget(each.uid);
      if (this.#turns.isOver) await this.#turns.yield();
    }
  }

  /** Of every scheduler that a pod names, but ours. */
  #watchLeases(shapes: Shapes): void {
    for (const { evaluation } of shapes.all()) {
      const name = schedulerNameOf(evaluation.pod);
      if (!this.#isOurs(name)) this.#leases.watch(name);
    }
  }

  /** Nobody has to say of our own scheduler that it is alive. */
  #isOurs(schedulerName: string): boolean {
    if (this.#options.mode === "simulated") return false;
    return this.#run.judging.profiles.some((profile) => profile.schedulerName === schedulerName);
  }

  #followScheduling(): void {
    const judging = this.#options.scheduling.judging();
    if (judging.queue === this.#run.judging.queue) return;
    this.#run.stop();
    this.#said.clear();
    this.#run = this.#begin(judging);
  }

  #begin(judging: Judging): Run {
    return new Run(judging, {
      clock: this.#options.clock,
      failures: this.failures,
      finished: (uid) => this.activity.finished(this.#schedulerOf(uid)),
      onNodeChange: () => {
        this.#quiet.disturb();
        this.#nodeChanged?.();
      },
    });
  }

  #schedulerOf(uid: string): string {
    return this.#judged.get(uid)?.situation.scheduler.name ?? "default-scheduler";
  }

  /** Our dry run of the very moment in which the scheduler said something. */
  #compare(pod: Pod, failure: SeenFailure): void {
    const uid = podUid(pod);
    this.#said.delete(uid);
    if (this.#options.mode !== "simulated" || (pod.status?.nominatedNodeName ?? "") !== "") return;
    const { shapes } = this.#run;
    const { evaluation } = shapes.refreshNow(shapes.of(pod), this.#options.clock.now());
    const isSameVersion = /^v?1\.36\./.test(this.#options.version() ?? "");
    const { judging } = this.#run;
    // Who is promised a node may have it already, to whoever promised it, and so may those whose turn it is.
    const { view } = judging.queue;
    const own = view.record(objectKey(pod))?.place === "active" ? 1 : 0;
    const isAlone =
      view.sizes().active === own && view.nominations().length === 0 && judging.isAnybodyElsePlaced?.(uid) !== true;
    const said = compareNow(failure, evaluation, { isSameVersion, isQuiet: isAlone && this.#quiet.isQuiet });
    if (said === undefined) return;
    this.#said.set(uid, said);
    this.#quiet.listen(said);
  }

  #forgetGone(): void {
    for (const uid of this.#said.keys()) if (!this.#judged.has(uid)) this.#said.delete(uid);
    for (const uid of this.#run.suspects.uids()) if (!this.#judged.has(uid)) this.#run.suspects.forget(uid);
    this.#situations.forget((uid) => this.#judged.has(uid));
  }
}
