import type { Clock, Instant } from "#lib/clock/index.ts";
import { objectKey, type KubeObject, type ObjectKey } from "#lib/kube/index.ts";
import { versionOf, type Contents, type Indexer } from "./indexer.ts";
import { addRun, runOf, syncRun, type Notification, type NotificationRun } from "./notification.ts";
import { paced, type Pacer } from "./pacer.ts";
import type { ProcessorListener } from "./processor-listener.ts";
import type { SharedProcessor } from "./shared-processor.ts";

export interface DeltaProcessorOptions<T extends KubeObject> {
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly indexer: Indexer<T>;
  readonly processor: SharedProcessor<T>;
  /** The first list has been processed. */
  readonly hasSynced: () => void;
}

/** What a Replace tells: to everybody, and to listeners that get no updates without a version change. */
interface Difference<T> {
  readonly all: NotificationRun<T>;
  readonly changed: NotificationRun<T>;
}

/**
 * From what the server said to store and notifications. Each change is applied in one critical section: store, indexes
 * and buffers are never seen out of step. There is no queue before it: nothing is merged, dropped or reordered.
 * Upstream: `processDeltas`, `processReplacedAllInfo`, `RealFIFO`.
 */
export class DeltaProcessor<T extends KubeObject> {
  readonly #options: DeltaProcessorOptions<T>;
  readonly #touched = new Set<(key: ObjectKey) => void>();
  #isSynced = false;

  constructor(options: DeltaProcessorOptions<T>) {
    this.#options = options;
  }

  /** The event type is irrelevant, only presence of the key counts. */
  upsert(object: T, at: Instant): void {
    const { indexer, processor } = this.#options;
    const key = objectKey(object);
    const oldObject = indexer.set(key, object);
    this.#touch(key);
    if (oldObject === undefined) {
      processor.distribute({ kind: "add", at, object, isInInitialList: !this.#isSynced }, false);
      return;
    }
    const isSync = versionOf(oldObject) === versionOf(object);
    processor.distribute({ kind: "update", at, oldObject, object }, isSync);
  }

  /** A deletion of an unknown object is told all the same. */
  delete(object: T, at: Instant): void {
    const { indexer, processor } = this.#options;
    const key = objectKey(object);
    indexer.delete(key, versionOf(object));
    this.#touch(key);
    processor.distribute({ kind: "delete", at, deleted: object }, false);
  }

  bookmark(resourceVersion: string): void {
    this.#options.indexer.bookmark(resourceVersion);
  }

  /**
   * Prepares at its own pace, then swaps the store and queues all notifications in one step. Nobody else writes
   * meanwhile: the reflector waits for it. Given up without a trace when `isStopped` says so before the swap.
   */
  async replace(objects: readonly T[], resourceVersion: string, isStopped: () => boolean): Promise<void> {
    const { indexer, processor, pacer, clock } = this.#options;
    const contents = await indexer.prepare(objects, pacer);
    const difference = indexer.size === 0 ? undefined : await this.#difference(objects, contents);
    if (isStopped()) return;

    indexer.replace(contents, resourceVersion);
    for (const tell of this.#touched) for (const key of contents.items.keys()) tell(key);
    const { all, changed } = difference ?? same(addRun(objects, clock.now(), !this.#isSynced));
    processor.distributeRun(all, (listener) => listener.isSyncing);
    processor.distributeRun(changed, (listener) => !listener.isSyncing);
    if (this.#isSynced) return;
    this.#isSynced = true;
    this.#options.hasSynced();
    processor.upstreamHasSynced();
  }

  /** Every stored object as an update of itself. */
  syncAll(to: (listener: ProcessorListener<T>) => boolean): void {
    const { indexer, processor, clock } = this.#options;
    processor.distributeRun(syncRun(indexer.list(), clock.now()), to);
  }

  /** Calls `tell` with every key that changes. @returns what ends it */
  onTouched(tell: (key: ObjectKey) => void): () => void {
    this.#touched.add(tell);
    return () => void this.#touched.delete(tell);
  }

  #touch(key: ObjectKey): void {
    for (const tell of this.#touched) tell(key);
  }

  /** Deletions first, then additions and updates in the order of the list. */
  async #difference(objects: readonly T[], contents: Contents<T>): Promise<Difference<T>> {
    const { indexer, pacer, clock } = this.#options;
    const at = clock.now();
    const isInInitialList = !this.#isSynced;
    const all: Notification<T>[] = [];
    const changed: Notification<T>[] = [];
    await paced(indexer.keys(), pacer, (key) => {
      const object = indexer.get(key);
      if (object === undefined || contents.items.has(key)) return;
      const deleted = { deletedFinalStateUnknown: true, key, object } as const;
      all.push({ kind: "delete", at, deleted });
      changed.push({ kind: "delete", at, deleted });
    });
    await paced(objects, pacer, (object) => {
      const oldObject = indexer.get(objectKey(object));
      const notification: Notification<T> =
        oldObject === undefined
          ? { kind: "add", at, object, isInInitialList }
          : { kind: "update", at, oldObject, object };
      all.push(notification);
      if (oldObject === undefined || versionOf(oldObject) !== versionOf(object)) changed.push(notification);
    });
    return { all: runOf(all, at), changed: runOf(changed, at) };
  }
}

function same<T>(run: NotificationRun<T>): Difference<T> {
  return { all: run, changed: run };
}
