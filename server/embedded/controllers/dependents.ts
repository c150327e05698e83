import { refOf, type LocalClient, type ObjectRef } from "../api/local-client.ts";
import type { ApiObject } from "../storage/api-object.ts";

/** Which objects name which as their owner, by the owner's uid. */
export class Dependents {
  readonly #byOwner = new Map<string, Map<string, ObjectRef>>();
  readonly #unsubscribe: readonly (() => void)[];

  constructor(client: LocalClient, plurals: readonly string[]) {
    for (const plural of plurals) for (const object of client.list(plural)) this.#add(plural, object);
    this.#unsubscribe = plurals.map((plural) =>
      client.subscribe(plural, ({ object, previous }) => {
        if (previous !== undefined) this.#remove(plural, previous.object);
        if (client.get(refOf(plural, object.object)) !== undefined) this.#add(plural, object.object);
      }),
    );
  }

  of(uid: string): readonly ObjectRef[] {
    return [...(this.#byOwner.get(uid)?.values() ?? [])];
  }

  stop(): void {
    for (const undo of this.#unsubscribe) undo();
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
