import { refOf, type LocalClient, type ObjectRef } from "../api/local-client.ts";
import type { ApiObject } from "../storage/api-object.ts";

/** Which objects name which as their owner, by the owner's uid. */
export class Dependents {
  readonly #byOwner = new Map<string, Map<string, ObjectRef>>();
  readonly #client: LocalClient;
  readonly #undos = new Map<string, () => void>();

  constructor(client: LocalClient) {
    this.#client = client;
  }

  /** Counts the objects of one resource in, from now on. Twice is harmless. */
  follow(plural: string): void {
    if (this.#undos.has(plural)) return;
    for (const object of this.#client.list(plural)) this.#add(plural, object);
    const undo = this.#client.subscribe(plural, ({ type, object, previous }) => {
      if (previous !== undefined) this.#remove(plural, previous.object);
      if (type !== "DELETED") this.#add(plural, object.object);
    });
    this.#undos.set(plural, undo);
  }

  of(uid: string): readonly ObjectRef[] {
    return [...(this.#byOwner.get(uid)?.values() ?? [])];
  }

  stop(): void {
    for (const undo of this.#undos.values()) undo();
  }

  #add(plural: string, object: ApiObject): void {
    const ref = refOf(plural, object);
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const owned = this.#byOwner.get(uid) ?? new Map<string, ObjectRef>();
      this.#byOwner.set(uid, owned.set(textOf(ref), ref));
    }
  }

  #remove(plural: string, object: ApiObject): void {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const owned = this.#byOwner.get(uid);
      owned?.delete(textOf(refOf(plural, object)));
      if (owned?.size === 0) this.#byOwner.delete(uid);
    }
  }
}

function textOf({ plural, namespace, name }: ObjectRef): string {
  return `${plural}/${namespace}/${name}`;
}
