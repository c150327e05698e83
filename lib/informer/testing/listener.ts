import { objectKey, type KubeObject } from "#lib/kube/index.ts";
import { isDeletedFinalStateUnknown, lastState, type Deleted, type EventHandler } from "../notification.ts";

/**
 * A handler that writes down what it hears: `+a/x@101` for an add of an initial list, `add a/x@102`,
 * `update a/x@101→103`, `sync a/x@103`, `delete a/x@104`, `lost a/x@101` for a tombstone. It can hang and throw.
 */
export class Listener implements EventHandler<KubeObject> {
  notes: string[] = [];
  /** Runs inside every call, after it was written down. What it throws or returns, the call does. */
  during: (note: string) => void | Promise<void> = () => {};
  #gate: PromiseWithResolvers<void> | undefined;

  /** From now on calls do not return. */
  block(): void {
    this.#gate ??= Promise.withResolvers<void>();
  }

  unblock(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  /** What it heard since it was asked last. */
  take(): readonly string[] {
    const notes = this.notes;
    this.notes = [];
    return notes;
  }

  onAdd(object: KubeObject, isInInitialList: boolean): void | Promise<void> {
    return this.#note(`${isInInitialList ? "+" : "add "}${shown(object)}`);
  }

  onUpdate(old: KubeObject, object: KubeObject): void | Promise<void> {
    if (old === object) return this.#note(`sync ${shown(object)}`);
    return this.#note(`update ${shown(old)}→${object.metadata.resourceVersion ?? ""}`);
  }

  onDelete(deleted: Deleted<KubeObject>): void | Promise<void> {
    return this.#note(`${isDeletedFinalStateUnknown(deleted) ? "lost" : "delete"} ${shown(lastState(deleted))}`);
  }

  #note(note: string): void | Promise<void> {
    this.notes.push(note);
    return this.during(note) ?? this.#gate?.promise;
  }
}

function shown(object: KubeObject): string {
  return `${objectKey(object)}@${object.metadata.resourceVersion ?? ""}`;
}
