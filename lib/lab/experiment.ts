import type { Instant } from "#lib/clock/index.ts";
import type { PodUid } from "#lib/kube/index.ts";
import { recordingEpoch, type Rejectors } from "#lib/queue/index.ts";
import { divergencesOf, type Difference, type Divergence } from "./divergence.ts";
import type { Examination } from "./examination.ts";
import type { SidePicture } from "./picture.ts";
import { eventNames, type Scenario } from "./scenario.ts";
import { Side, type Played, type Step } from "./side.ts";

/** Something of each queue. */
export interface Both<T> {
  readonly historical: T;
  readonly current: T;
}

/** What a step came to, in short. Step 0 is the start. */
export interface StepSummary {
  readonly step: number;
  readonly now: Instant;
  /** The pod that the operation is about. */
  readonly subject: PodUid | undefined;
  readonly difference: Difference;
  readonly played: Both<Played>;
}

/** Both queues after a step. */
export interface Frame {
  readonly step: number;
  readonly now: Instant;
  readonly pictures: Both<SidePicture>;
}

const nothing: Both<Played> = {
  historical: { problem: undefined, transitions: [] },
  current: { problem: undefined, transitions: [] },
};

/** Two queues on the same operations. Deterministic: a step always looks the same, however it was reached. */
export class Experiment {
  readonly scenario: Scenario;
  readonly #steps: readonly Step[];
  readonly #names: readonly (string | undefined)[];
  /** One per operation and one for the start. */
  readonly summaries: readonly StepSummary[];
  readonly divergences: readonly Divergence[];
  /** Each stands at a step of its own, so that whoever looks at several in turn plays none of them again. */
  readonly #runs: Run[];
  readonly #frames = new Map<number, Frame>();

  constructor(scenario: Scenario, played: PlayedThrough = drained(playThrough(scenario))) {
    this.scenario = scenario;
    this.#names = played.names;
    this.#steps = played.steps;
    this.#runs = [played.run];
    this.summaries = played.summaries;
    this.divergences = divergencesOf(played.summaries.map(({ difference }) => difference));
  }

  /** Operations, which is the number of the last step. */
  get length(): number {
    return this.#steps.length;
  }

  /** What the events that come with this step are called. */
  eventNameOf(step: number): string | undefined {
    return this.#names[step - 1];
  }

  at(step: number): Frame {
    const known = this.#frames.get(step);
    if (known !== undefined) return known;
    const { historical, current, now } = this.#runAt(step);
    const rejectorsOf = (uid: PodUid): Rejectors | undefined => this.#rejectorsOf(uid, step);
    const pictures = { historical: historical.picture(rejectorsOf), current: current.picture(rejectorsOf) };
    const frame = { step, now, pictures };
    if (this.#frames.size >= mostFrames) this.#frames.clear();
    this.#frames.set(step, frame);
    return frame;
  }

  /** The run that has the shortest way to go; a new one where all of them are further already. */
  #runAt(step: number): Run {
    const before = this.#runs.filter((run) => run.step <= step).sort((a, b) => b.step - a.step);
    const run = before[0] ?? new Run(this.scenario);
    for (const next of this.#steps.slice(run.step, step)) run.play(next);
    const others = this.#runs.filter((each) => each !== run);
    this.#runs.splice(0, this.#runs.length, run, ...others.slice(0, mostRuns - 1));
    return run;
  }

  /** Both hand-backs of the pod in this step, where both queues made one. */
  handBackIn(step: number, uid: PodUid): Both<Examination> | undefined {
    const { historical, current } = this.at(step).pictures;
    const old = historical.examinations.get(uid);
    const fixed = current.examinations.get(uid);
    if (old?.step !== step || fixed?.step !== step) return undefined;
    return { historical: old, current: fixed };
  }

  /** The next time the pod comes back in this scenario; else, for the queue to answer, those of its last attempt. */
  #rejectorsOf(uid: PodUid, after: number): Rejectors | undefined {
    const { operations, config } = this.scenario;
    const next = operations.find(({ op, uid: subject }, index) => index >= after && op === "fail" && subject === uid);
    const named = config.plugins.find(({ events }) => (events ?? []).length > 0)?.name;
    if (next === undefined && named === undefined) return undefined;
    return {
      unschedulablePlugins: new Set(next === undefined ? [named ?? ""] : next.plugins),
      pendingPlugins: new Set(next?.pending),
    };
  }
}

const mostRuns = 4;
const mostFrames = 100;

interface PlayedThrough {
  readonly names: readonly (string | undefined)[];
  readonly steps: readonly Step[];
  readonly summaries: readonly StepSummary[];
  /** At the end. */
  readonly run: Run;
}

/** The experiment, made step by step: whoever has a page to keep alive takes a breath between them. */
export function* experimentInSteps(scenario: Scenario): Generator<void, Experiment, void> {
  return new Experiment(scenario, yield* playThrough(scenario));
}

function* playThrough(scenario: Scenario): Generator<void, PlayedThrough, void> {
  const names = eventNames(scenario.operations);
  const steps = stepsOf(scenario, names);
  const run = new Run(scenario);
  let difference = differenceOf(run);
  const summaries: StepSummary[] = [{ step: 0, now: run.now, subject: undefined, difference, played: nothing }];
  for (const step of steps) {
    const played = run.play(step);
    if (hasChanged(played)) difference = differenceOf(run);
    const subject = subjectOf(step, played);
    summaries.push({ step: step.number, now: run.now, subject, difference, played });
    yield;
  }
  return { names, steps, summaries, run };
}

function drained<T>(steps: Iterator<void, T, void>): T {
  let next = steps.next();
  while (next.done !== true) next = steps.next();
  return next.value;
}

/** Both queues, at some step. */
class Run {
  readonly historical: Side;
  readonly current: Side;
  step = 0;
  now: Instant;

  constructor({ config, given }: Scenario) {
    this.now = recordingEpoch + config.startOffsetMs;
    this.historical = new Side(config, "historical");
    this.current = new Side(config, "current");
    for (const [index, pod] of given.entries()) {
      this.play({
        number: 0,
        at: config.startOffsetMs + index + 1,
        operation: { op: "add", pod },
        eventName: undefined,
      });
    }
  }

  play(step: Step): Both<Played> {
    this.step = step.number;
    this.now = recordingEpoch + step.at;
    return { historical: this.historical.play(step), current: this.current.play(step) };
  }
}

function stepsOf({ config, given, operations }: Scenario, names: readonly (string | undefined)[]): readonly Step[] {
  let at = config.startOffsetMs + given.length;
  return operations.map((operation, index) => {
    at += operation.afterMs ?? 1;
    return { number: index + 1, at, operation, eventName: names[index] };
  });
}

function hasChanged({ historical, current }: Both<Played>): boolean {
  return historical.transitions.length > 0 || current.transitions.length > 0;
}

/** The popped pod, the one that is named, or the one that is added, changed or deleted. */
function subjectOf({ operation }: Step, { current, historical }: Both<Played>): PodUid | undefined {
  for (const { transitions } of [current, historical]) {
    for (const transition of transitions) if (transition.kind === "popped") return transition.pod.uid;
  }
  const uid = operation.uid ?? operation.pod?.uid ?? (operation.op === "update" ? operation.new?.uid : undefined);
  return uid as PodUid | undefined;
}

function differenceOf({ historical, current }: Run): Difference {
  const old = historical.placeByUid();
  const fixed = current.placeByUid();
  const blind = current
    .inFlight()
    .filter((uid) => old.get(uid) === "inFlight" && !isSame(historical.seenBy(uid), current.seenBy(uid)));
  const apart = new Set<PodUid>();
  for (const [uid, place] of fixed) if (old.get(uid) !== place) apart.add(uid);
  for (const uid of old.keys()) if (!fixed.has(uid)) apart.add(uid);
  return { blind, apart: [...apart] };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}
