import type { Instant } from "#lib/clock/index.ts";
import type { Pod } from "#lib/kube/index.ts";
import {
  causeOf,
  Evaluation,
  nearMissesOf,
  podShape,
  schedulerNameOf,
  type ClusterCache,
  type EvaluationOptions,
  type Finding,
  type NearMiss,
  type NodeInfo,
  type Profile,
} from "#lib/scheduler/index.ts";

/** Pods that are one and the same to the scheduler, judged once. */
export interface Shape {
  readonly key: string;
  readonly evaluation: Evaluation;
  readonly options: EvaluationOptions;
  /** Why no node takes them. */
  cause: Finding | undefined;
  nearMisses: readonly NearMiss[];
  /** The first node that takes them, by name. */
  fittingNode: string | undefined;
  /** The version of the evaluation that these were worked out from. */
  explained: number;
  /** Of the last sweep. */
  pods: Pod[];
}

/** The evaluations of all pods that wait, each kept up to date. */
export class Shapes {
  readonly #shapes = new Map<string, Shape>();
  readonly #keys = new WeakMap<Pod, string>();
  readonly #dirty = new Set<NodeInfo>();
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
        evaluation: new Evaluation(withoutNode(pod)),
        options: this.#optionsOf(profile),
        cause: undefined,
        nearMisses: [],
        fittingNode: undefined,
        explained: -1,
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
    if (dirty.some(({ name }) => isNamed(shape, name))) shape.explained = -1;
    explain(shape);
  }

  /** At once. */
  refreshNow(shape: Shape, now: Instant): Shape {
    const { evaluation, options } = shape;
    if (evaluation.isOld(options.snapshot)) for (const _ of evaluation.update(options, now));
    else for (const node of this.#dirty) evaluation.lookAgain(node, options, now);
    return shape;
  }

  /** Those that no pod has any more are forgotten. */
  prune(): void {
    for (const [key, { pods }] of this.#shapes) if (pods.length === 0) this.#shapes.delete(key);
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

/** What is missing there may have changed although it still rejects the pod. */
function isNamed({ nearMisses }: Shape, node: string): boolean {
  return nearMisses.some(({ shortfall }) => shortfall?.node === node);
}

function explain(shape: Shape): void {
  const { evaluation, options } = shape;
  if (shape.explained === evaluation.version) return;
  shape.explained = evaluation.version;
  shape.nearMisses = nearMissesOf(evaluation, options);
  shape.cause = causeOf(evaluation, shape.nearMisses, options.snapshot);
  shape.fittingNode = undefined;
  for (const { name } of evaluation.fitting()) {
    if (shape.fittingNode === undefined || name < shape.fittingNode) shape.fittingNode = name;
  }
}
