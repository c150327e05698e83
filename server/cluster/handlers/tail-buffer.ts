import type { Clock } from "#lib/clock/index.ts";
import { BoundedHistory } from "#lib/collections/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type { TailLine } from "#lib/protocol/index.ts";
import { objectChanges, summarise } from "./object-changes.ts";

const mostLines = 2000;
/** Lines whose objects are kept: versions that the store has dropped would else stay for the sake of old lines. */
const mostObjects = 200;

/** What a tail or diff handler heard last, newest 2,000 lines. */
export class TailBuffer {
  readonly #clock: Clock;
  readonly #keepsChanges: boolean;
  readonly #lines = new BoundedHistory<TailLine>(mostLines);
  readonly #objects = new BoundedHistory<{ readonly seq: number; readonly object: KubeObject }>(mostObjects);
  #total = 0;

  /** @param keepsChanges whether lines carry what changed, place by place: what makes a diff of a tail. */
  constructor(clock: Clock, keepsChanges: boolean) {
    this.#clock = clock;
    this.#keepsChanges = keepsChanges;
  }

  /** Lines ever taken. */
  get total(): number {
    return this.#total;
  }

  /** The newest `count` lines, oldest first. */
  newest(count: number): readonly TailLine[] {
    return [...this.#lines].slice(-count);
  }

  /** The object of one of the newest 200 lines, as it was then. */
  objectOf(line: number): KubeObject | undefined {
    for (const { seq, object } of this.#objects) if (seq === line) return object;
    return undefined;
  }

  added(object: KubeObject, isInInitialList: boolean): void {
    this.#push("added", object, isInInitialList ? "in the initial list" : "created");
  }

  /** Old and new are the same version for a resync, a replay and a relist that found nothing new. */
  updated(before: KubeObject, after: KubeObject): void {
    if (before.metadata.resourceVersion === after.metadata.resourceVersion) {
      this.#push("sync", after, "resync, no change");
      return;
    }
    const changes = objectChanges(before, after);
    this.#push("modified", after, summarise(changes), this.#keepsChanges ? changes : undefined);
  }

  deleted(object: KubeObject, isFinalStateUnknown: boolean): void {
    this.#push("deleted", object, isFinalStateUnknown ? "final state unknown" : "final state known");
  }

  #push(type: TailLine["type"], object: KubeObject, summary: string, changes?: ReturnType<typeof objectChanges>): void {
    this.#total++;
    this.#objects.push({ seq: this.#total, object });
    this.#lines.push({
      seq: this.#total,
      at: this.#clock.now(),
      type,
      namespace: object.metadata.namespace ?? "",
      name: object.metadata.name ?? "",
      uid: object.metadata.uid ?? "",
      resourceVersion: object.metadata.resourceVersion ?? "",
      summary,
      ...(changes === undefined ? {} : { changes: [...changes] }),
    });
  }
}
