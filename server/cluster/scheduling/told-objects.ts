import type { KubeObject, Node, ObjectKey, Pod } from "#lib/kube/index.ts";
import { objectKey, semanticallyEqual } from "#lib/kube/index.ts";
import type { PipelineHandler } from "#lib/scheduler/index.ts";

/** What an event pipeline hears of, as `EventPipeline` has it. */
export interface PipelineHandlers {
  readonly pods: PipelineHandler<Pod>;
  readonly nodes: PipelineHandler<Node>;
  readonly others: ReadonlyMap<string, PipelineHandler<KubeObject>>;
}

/** Objects of each kind, in the order in which a pipeline has to hear of them: nodes first, pods last. */
export type SavedObjects = ReadonlyMap<string, ReadonlyMap<ObjectKey, KubeObject>>;

/**
 * What the pipeline has been told, kind by kind. It stands between informers and pipeline, so that the pipeline can be
 * put back to an earlier moment and then be told the difference to what the informers have: what is the same but for
 * its version is no news.
 */
export class ToldObjects implements PipelineHandlers {
  readonly pods: PipelineHandler<Pod>;
  readonly nodes: PipelineHandler<Node>;
  readonly others: ReadonlyMap<string, PipelineHandler<KubeObject>>;
  readonly #kinds: ReadonlyMap<string, ToldKind<KubeObject>>;

  constructor({ pods, nodes, others }: PipelineHandlers) {
    const ofNodes = new ToldKind(nodes);
    const ofPods = new ToldKind(pods);
    const ofOthers = new Map(Array.from(others, ([name, handler]) => [name, new ToldKind(handler)] as const));
    this.pods = ofPods;
    this.nodes = ofNodes;
    this.others = ofOthers;
    this.#kinds = new Map<string, ToldKind<KubeObject>>([["nodes", ofNodes], ...ofOthers, ["pods", ofPods]]);
  }

  save(): SavedObjects {
    return new Map(Array.from(this.#kinds, ([name, kind]) => [name, kind.save()]));
  }

  /** Informers begin anew: what they tell of first is compared with what is known. */
  expectAnew(): void {
    for (const kind of this.#kinds.values()) kind.expectAnew();
  }

  /** Tells the pipeline, which has forgotten everything, of the saved objects; informers then begin anew. */
  restore(saved: SavedObjects): void {
    for (const [name, kind] of this.#kinds) kind.restore(saved.get(name) ?? new Map<ObjectKey, KubeObject>());
  }

  /** The informers have told of everything that they have: what they did not tell of is gone. */
  forgetUnseen(): void {
    for (const kind of this.#kinds.values()) kind.forgetUnseen();
  }
}

class ToldKind<T extends KubeObject> implements PipelineHandler<T> {
  readonly #handler: PipelineHandler<T>;
  readonly #told = new Map<ObjectKey, T>();
  /** After a restore: what no informer has told of since. */
  #unseen = new Set<ObjectKey>();

  constructor(handler: PipelineHandler<T>) {
    this.#handler = handler;
  }

  onAdd(object: T): void {
    const key = objectKey(object);
    const known = this.#unseen.delete(key) ? this.#told.get(key) : undefined;
    this.#told.set(key, object);
    if (known === undefined) this.#handler.onAdd(object);
    else if (!isSameContent(known, object)) this.#handler.onUpdate(known, object);
  }

  onUpdate(old: T, updated: T): void {
    this.#told.set(objectKey(updated), updated);
    this.#handler.onUpdate(old, updated);
  }

  onDelete(deleted: Parameters<PipelineHandler<T>["onDelete"]>[0]): void {
    this.#told.delete(objectKey("deletedFinalStateUnknown" in deleted ? deleted.object : deleted));
    this.#handler.onDelete(deleted);
  }

  save(): ReadonlyMap<ObjectKey, T> {
    return new Map(this.#told);
  }

  restore(saved: ReadonlyMap<ObjectKey, T>): void {
    this.#told.clear();
    for (const [key, object] of saved) {
      this.#told.set(key, object);
      this.#handler.onAdd(object);
    }
    this.expectAnew();
  }

  expectAnew(): void {
    this.#unseen = new Set(this.#told.keys());
  }

  forgetUnseen(): void {
    for (const key of this.#unseen) {
      const object = this.#told.get(key);
      this.#told.delete(key);
      if (object !== undefined) this.#handler.onDelete(object);
    }
    this.#unseen.clear();
  }
}

function isSameContent(one: KubeObject, other: KubeObject): boolean {
  if (one.metadata.resourceVersion === other.metadata.resourceVersion) return true;
  return semanticallyEqual(withoutVersion(one), withoutVersion(other));
}

function withoutVersion({ metadata, ...object }: KubeObject) {
  const { resourceVersion: _, ...rest } = metadata;
  return { ...object, metadata: rest };
}
