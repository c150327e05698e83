import type { StorageEvent } from "../storage/history.ts";
import type { ControllerContext } from "./context.ts";
import { Reconciler } from "./reconciler.ts";

/** Deletes what a deleted owner leaves behind, in the background; of custom resources too. */
export function startGarbageCollector({ client, clock, dependents }: ControllerContext): () => void {
  const undos = new Map<string, () => void>();
  const collector = new Reconciler({
    clock,
    reconcile: (uid) => {
      for (const ref of dependents.of(uid)) client.deleteIfPresent(ref);
    },
  });
  const definitions = new Reconciler({
    clock,
    reconcile: (name) => {
      if (client.plurals().includes(name)) follow(name);
    },
  });

  /** A storage stays when its definition goes, and is the same when that comes back: once is enough. */
  function follow(plural: string): void {
    if (undos.has(plural)) return;
    dependents.follow(plural);
    undos.set(plural, client.subscribe(plural, markDeleted));
  }

  function markDeleted({ type, object }: StorageEvent): void {
    if (type === "DELETED") collector.mark(object.object.metadata.uid ?? "");
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
