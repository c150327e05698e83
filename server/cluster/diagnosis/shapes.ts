import type { Instant } from "#lib/clock/index.ts";
import type { ObjectKey, Pod, PodUid } from "#lib/kube/index.ts";
import {
  Evaluation,
  explain,
  isReadClosely,
  isSameExplanation,
  NodeSlots,
  podShape,
  schedulerNameOf,
  type ClusterCache,
  type EvaluationOptions,
  type Explanation,
  type NodeInfo,
  type Profile,
} from "#lib/scheduler/index.ts";

/** Pods that are one and the same to the scheduler, judged once. */
export interface Shape {
  readonly key: string;
  readonly evaluation: Evaluation;
  readonly options: EvaluationOptions;
  explanation: Explanation;
  /** The version of the evaluation that it was worked out from. */
  explained: number;
  /** Grows when the explanation says something else. */
  told: number;
  /** Of the last sweep. */
  pods: WaitingPod[];
}

/** A pod that waits, as it is now. */
export interface WaitingPod {
  readonly uid: PodUid;
  readonly key: ObjectKey;
  readonly pod: Pod;
  /** 0 where it does not say. */
  readonly createdAt: Instant;
  readonly shape: Shape;
}

const nothing: Explanation = { fittingNode: undefined, cause: undefined, nearMisses: [] };

/** The evaluations of all pods that wait, each kept up to date. */
export class Shapes {
  readonly #shapes = new Map<string, Shape>();
  readonly #keys = new WeakMap<Pod, string>();
  readonly #dirty = new Set<NodeInfo>();
  readonly #slots = new NodeSlots();
  readonly #undo: () => void;
  readonly #fallback: Profile;
  readonly #optionsOf: (profile: Profile) => EvaluationOptions;
  readonly #profiles: ReadonlyMap<string, Profile>;

  constructor(
    cache: ClusterCache,
    {
      profiles,
      fallback,
      nominatedPods,
    }: {
      readonly profiles: readonly Profile[];
      /** Judges pods of schedulers that are not modelled. */
      readonly fallback: Profile;
      readonly nominatedPods: EvaluationOptions["nominatedPods"];
    },
  ) {
    this.#profiles = new Map(profiles.map((profile) => [profile.schedulerName, profile]));
    this.#fallback = fallback;
    this.#optionsOf = (profile) => ({ profile, snapshot: cache, nominatedPods });
    this.#undo = cache.observe((node) => this.#dirty.add(node));
  }

  get size(): number {
    return this.#shapes.size;
  }

  holds(shape: Shape): boolean {
    return this.#shapes.get(shape.key) === shape;
  }

  all(): Iterable<Shape> {
    return this.#shapes.values();
  }

  /** Shared with all pods like it. Made when there is none yet. */
  of(pod: Pod): Shape {
    let key = this.#keys.get(pod);
    if (key === undefined) {
      key = podShape(pod);
      this.#keys.set(pod, key);
    }
    let shape = this.#shapes.get(key);
    if (shape === undefined) {
      const profile = this.#profiles.get(schedulerNameOf(pod)) ?? this.#fallback;
      shape = {
        key,
        evaluation: new Evaluation(withoutNode(pod), this.#slots),
        options: this.#optionsOf(profile),
        explanation: nothing,
        explained: -1,
        told: 0,
        pods: [],
      };
      this.#shapes.set(key, shape);
    }
    return shape;
  }

  /** Nodes that changed since it was asked last. */
  takeDirty(): readonly NodeInfo[] {
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    return dirty;
  }

  get hasDirty(): boolean {
    return this.#dirty.size > 0;
  }

  /** Each step is short. */
  *refresh(shape: Shape, dirty: readonly NodeInfo[], now: Instant): IterableIterator<void> {
    const { evaluation, options } = shape;
    if (evaluation.isOld(options.snapshot)) yield* evaluation.update(options, now);
    else for (const node of dirty) evaluation.lookAgain(node, options, now);
    const isOld = shape.explained !== evaluation.version || dirty.some((node) => isReadClosely(evaluation, node));
    if (isOld) explainAgain(shape);
  }

  /** At once. */
  refreshNow(shape: Shape, now: Instant): Shape {
    const { evaluation, options } = shape;
    if (evaluation.isOld(options.snapshot)) for (const _ of evaluation.update(options, now));
    else for (const node of this.#dirty) evaluation.lookAgain(node, options, now);
    return shape;
  }

  /** Shapes that no pod has any more are forgotten, and nodes that are gone. */
  prune(): void {
    for (const [key, { pods }] of this.#shapes) if (pods.length === 0) this.#shapes.delete(key);
    this.#slots.renewIfMostAreGone();
  }

  stop(): void {
    this.#undo();
  }
}

/** Pods with and without a node have one shape: what is asked is where any of them could go. */
function withoutNode(pod: Pod): Pod {
  if ((pod.spec?.nodeName ?? "") === "") return pod;
  const { nodeName: _, ...spec } = pod.spec ?? {};
  return { ...pod, spec };
}

function explainAgain(shape: Shape): void {
  const { evaluation, options } = shape;
  shape.explained = evaluation.version;
  const before = shape.explanation;
  shape.explanation = explain(evaluation, options);
  if (!isSameExplanation(before, shape.explanation)) shape.told++;
}
