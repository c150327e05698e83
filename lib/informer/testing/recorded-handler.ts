import { keyOf } from "#lib/kube/index.ts";
import { isDeletedFinalStateUnknown, lastState, type Deleted, type EventHandler } from "../notification.ts";
import type { RecordedNote, RecordedObject, RecordedOp } from "./recording.ts";

/** One handler value of a recording: writes down its calls, and blocks, throws or reacts as it is told. */
export class RecordedHandler implements EventHandler<RecordedObject> {
  readonly name: string;
  readonly #react: (handler: string, op: RecordedOp) => void;
  readonly #panics: RecordedOp[] = [];
  readonly #reactions: RecordedOp[] = [];
  #notes: RecordedNote[] = [];
  #blocksAt = 0;
  #gate: PromiseWithResolvers<void> | undefined;

  constructor(name: string, react: (handler: string, op: RecordedOp) => void) {
    this.name = name;
    this.#react = react;
  }

  block(calls: number): void {
    if (calls > 0) this.#blocksAt = calls;
    else this.#gate ??= Promise.withResolvers<void>();
  }

  unblock(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
    this.#blocksAt = 0;
  }

  panicOn(op: RecordedOp): void {
    this.#panics.push(op);
  }

  reactOn(op: RecordedOp): void {
    this.#reactions.push(op);
  }

  takeNotes(): readonly RecordedNote[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }

  onAdd(object: RecordedObject, isInInitialList: boolean): void | Promise<void> {
    return this.#note({ type: "add", key: keyOfObject(object), ...newSide(object), isInInitialList });
  }

  onUpdate(old: RecordedObject, object: RecordedObject): void | Promise<void> {
    return this.#note({
      type: "update",
      key: keyOfObject(object),
      ...oldSide(old),
      ...newSide(object),
      ...(old === object ? { sameObject: true } : {}),
      ...(old.metadata.uid === object.metadata.uid ? {} : { uidChanged: true }),
    });
  }

  onDelete(deleted: Deleted<RecordedObject>): void | Promise<void> {
    const object = lastState(deleted);
    const isUnknown = isDeletedFinalStateUnknown(deleted);
    return this.#note({
      type: "delete",
      key: isUnknown ? deleted.key : keyOfObject(object),
      ...oldSide(object),
      ...marksOf(object),
      ...(isUnknown ? { deletedFinalStateUnknown: true } : {}),
    });
  }

  #note(note: RecordedNote): void | Promise<void> {
    const panic = take(this.#panics, note);
    this.#notes.push(panic === undefined ? note : { ...note, panicked: true });
    const reaction = take(this.#reactions, note);
    if (this.#blocksAt > 0 && --this.#blocksAt === 0) this.#gate ??= Promise.withResolvers<void>();
    const gate = this.#blocksAt > 0 ? undefined : this.#gate;
    if (panic !== undefined) throw new Error("scripted failure");
    for (const op of reaction?.do ?? []) this.#react(this.name, op);
    return gate?.promise;
  }
}

function take(ops: RecordedOp[], note: RecordedNote): RecordedOp | undefined {
  const index = ops.findIndex(({ type, key }) => (type ?? note.type) === note.type && (key ?? note.key) === note.key);
  return index === -1 ? undefined : ops.splice(index, 1)[0];
}

export function keyOfObject({ metadata: { namespace, name } }: RecordedObject): string {
  return keyOf(namespace, name ?? "");
}

function versionOf({ metadata: { resourceVersion = "" } }: RecordedObject): string {
  return resourceVersion;
}

function oldSide(object: RecordedObject): { oldRV?: string } {
  return versionOf(object) === "" ? {} : { oldRV: versionOf(object) };
}

function newSide(object: RecordedObject): { newRV?: string; marks?: string } {
  return { ...(versionOf(object) === "" ? {} : { newRV: versionOf(object) }), ...marksOf(object) };
}

function marksOf({ metadata: { labels } }: RecordedObject): { marks?: string } {
  const marks = labels?.["marks"];
  return marks === undefined || marks === "" ? {} : { marks };
}
