import { refOf, type ObjectRef } from "../api/local-client.ts";
import type { ApiObject } from "../storage/api-object.ts";
import type { StorageEvent } from "../storage/history.ts";
import type { ControllerContext } from "./context.ts";
import { Reconciler } from "./reconciler.ts";

const orphan = "orphan";
const foreground = "foregroundDeletion";

/**
 * Deletes what a deleted owner leaves behind, in the background; of custom resources too. Where a deletion asks for it,
 * dependents go first, or are let go. Upstream: `garbagecollector.GarbageCollector`.
 */
export function startGarbageCollector({ client, clock, dependents }: ControllerContext): () => void {
  const undos = new Map<string, () => void>();
  /** Owners that stay until their dependents are gone, by uid. */
  const waiting = new Map<string, ObjectRef>();
  const collector = new Reconciler({
    clock,
    reconcile: (uid) => {
      const owner = waiting.get(uid);
      if (owner === undefined) for (const ref of dependents.of(uid)) letGo(ref, uid);
      else finish(owner, uid);
    },
  });
  const definitions = new Reconciler({
    clock,
    reconcile: (name) => {
      if (client.plurals().includes(name)) follow(name);
    },
  });

  /** Who has another owner that lives stays, without this one. */
  function letGo(ref: ObjectRef, uid: string): void {
    const { namespace = "", ownerReferences = [] } = client.get(ref)?.metadata ?? {};
    const others = ownerReferences.filter((owner) => owner.uid !== uid);
    if (others.some((owner) => client.isAlive(owner, namespace))) release(ref, uid);
    else client.deleteIfPresent(ref);
  }

  function release(ref: ObjectRef, uid: string): void {
    const { ownerReferences = [] } = client.get(ref)?.metadata ?? {};
    const left = ownerReferences.filter((owner) => owner.uid !== uid);
    client.patchIfPresent(ref, { metadata: { ownerReferences: left.length === 0 ? null : left } });
  }

  function finish(owner: ObjectRef, uid: string): void {
    const finalizers = client.get(owner)?.metadata.finalizers ?? [];
    const isOrphaning = finalizers.includes(orphan);
    for (const ref of dependents.of(uid)) {
      if (isOrphaning) release(ref, uid);
      else letGo(ref, uid);
    }
    if (dependents.of(uid).length > 0) return;
    waiting.delete(uid);
    const left = finalizers.filter((finalizer) => finalizer !== orphan && finalizer !== foreground);
    client.patchIfPresent(owner, { metadata: { finalizers: left.length === 0 ? null : left } });
  }

  /** A storage stays when its definition goes, and is the same when that comes back: once is enough. */
  function follow(plural: string): void {
    if (undos.has(plural)) return;
    dependents.follow(plural);
    undos.set(
      plural,
      client.subscribe(plural, (event) => note(plural, event)),
    );
  }

  function note(plural: string, { type, object: { object } }: StorageEvent): void {
    const { uid = "" } = object.metadata;
    if (type !== "DELETED") {
      if (!isHeld(object)) return;
      waiting.set(uid, refOf(plural, object));
      collector.mark(uid);
      return;
    }
    waiting.delete(uid);
    collector.mark(uid);
    for (const owner of object.metadata.ownerReferences ?? []) if (waiting.has(owner.uid)) collector.mark(owner.uid);
  }

  for (const plural of client.plurals()) follow(plural);
  const unsubscribe = client.subscribe("customresourcedefinitions", ({ object }) => definitions.mark(object.key));
  return () => {
    unsubscribe();
    for (const undo of undos.values()) undo();
    collector.stop();
    definitions.stop();
  };
}

function isHeld({ metadata: { deletionTimestamp, finalizers = [] } }: ApiObject): boolean {
  return deletionTimestamp !== undefined && (finalizers.includes(orphan) || finalizers.includes(foreground));
}
