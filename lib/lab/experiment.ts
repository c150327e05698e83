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
  #run: Run;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.#names = eventNames(scenario.operations);
    this.#steps = stepsOf(scenario, this.#names);
    this.#run = new Run(scenario);
    let difference = differenceOf(this.#run);
    const summaries: StepSummary[] = [{ step: 0, now: this.#run.now, subject: undefined, difference, played: nothing }];
    for (const step of this.#steps) {
      const played = this.#run.play(step);
      if (hasChanged(played)) difference = differenceOf(this.#run);
      const subject = subjectOf(step, played);
      summaries.push({ step: step.number, now: this.#run.now, subject, difference, played });
    }
    this.summaries = summaries;
    this.divergences = divergencesOf(summaries.map(({ difference }) => difference));
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
    if (step < this.#run.step) this.#run = new Run(this.scenario);
    for (const next of this.#steps.slice(this.#run.step, step)) this.#run.play(next);
    const { historical, current } = this.#run;
    const rejectorsOf = (uid: PodUid): Rejectors | undefined => this.#rejectorsOf(uid, step);
    return {
      step,
      now: this.#run.now,
      pictures: { historical: historical.picture(rejectorsOf), current: current.picture(rejectorsOf) },
    };
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
