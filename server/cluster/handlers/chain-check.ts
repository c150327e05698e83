import { hash } from "node:crypto";
import { isDeletedFinalStateUnknown, type Deleted, type EventHandler } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";

/** What was told does not follow from what was told before. */
export class ChainBrokenError extends Error {
  override readonly name = "ChainBrokenError";
}

/**
 * Checks what one registration is told: of every uid an add first, then updates whose old object is in the version that
 * was told last, then at most one delete. An object that was replaced under its name without being seen to go is told as
 * one update, which ends the chain of the old uid and begins that of the new one.
 *
 * Versions are compared, not objects: a list brings a new copy of what did not change, which is not told to everybody.
 *
 * What breaks a chain is thrown, so that it counts as a failure of the handler; the chain goes on from what was told.
 * It can serve one registration only: the chains of several run into each other.
 */
export class ChainCheck implements EventHandler<KubeObject> {
  /** Uid to version. */
  readonly #last = new Map<string, string>();
  readonly #bits = new Uint32Array(2);

  /** Added and not deleted. */
  get objects(): number {
    return this.#last.size;
  }

  /**
   * Of all objects that are there, in whatever order they came: for each the first 64 bits of SHA-256 of
   * `uid resourceVersion`, joined by exclusive or, in hexadecimal. Two collections with the same digest are the same.
   */
  get digest(): string {
    return Array.from(this.#bits, (bits) => bits.toString(16).padStart(8, "0")).join("");
  }

  onAdd(object: KubeObject): void {
    const before = this.#put(object);
    if (before !== undefined) throw broken(object, `was added, and was there as version ${before}`);
  }

  onUpdate(old: KubeObject, object: KubeObject): void {
    const before = this.#take(uidOf(old));
    const other = this.#put(object);
    if (before === undefined) throw broken(old, "was updated, and was never added or was deleted");
    if (before !== versionOf(old)) {
      throw broken(old, `was updated from version ${versionOf(old)}, and was told last as ${before}`);
    }
    if (other !== undefined) throw broken(object, `took the place of ${nameOf(old)}, and was there already`);
  }

  onDelete(deleted: Deleted<KubeObject>): void {
    const object = isDeletedFinalStateUnknown(deleted) ? deleted.object : deleted;
    const before = this.#take(uidOf(object));
    if (before === undefined) throw broken(object, "was deleted, and was never added or was deleted before");
    // A deletion that was seen brings a version of its own; one that was inferred can only know what was told.
    if (isDeletedFinalStateUnknown(deleted) && before !== versionOf(object)) {
      throw broken(object, `was lost as version ${versionOf(object)}, and told last as ${before}`);
    }
  }

  /** The version that was there under its uid. */
  #put(object: KubeObject): string | undefined {
    const uid = uidOf(object);
    const before = this.#take(uid);
    this.#last.set(uid, versionOf(object));
    this.#flip(uid, versionOf(object));
    return before;
  }

  #take(uid: string): string | undefined {
    const before = this.#last.get(uid);
    if (before === undefined) return undefined;
    this.#last.delete(uid);
    this.#flip(uid, before);
    return before;
  }

  /** Its own inverse: what comes flips the bits, and what goes flips them back. */
  #flip(uid: string, version: string): void {
    const digest = hash("sha256", `${uid} ${version}`, "buffer");
    for (const at of this.#bits.keys()) this.#bits[at] = (this.#bits[at] ?? 0) ^ digest.readUInt32BE(4 * at);
  }
}

function broken(object: KubeObject, what: string): ChainBrokenError {
  return new ChainBrokenError(`${nameOf(object)} ${what}`);
}

function nameOf(object: KubeObject): string {
  const { namespace, name = "" } = object.metadata;
  return `${namespace === undefined ? "" : `${namespace}/`}${name} (${uidOf(object)})`;
}

function uidOf({ metadata }: KubeObject): string {
  return metadata.uid ?? "";
}

function versionOf({ metadata }: KubeObject): string {
  return metadata.resourceVersion ?? "";
}
