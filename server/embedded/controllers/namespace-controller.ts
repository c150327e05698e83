import type { StorageEvent } from "../storage/history.ts";
import { textAt } from "../storage/api-object.ts";
import { refOf } from "../api/local-client.ts";
import type { ControllerContext } from "./context.ts";
import { Reconciler } from "./reconciler.ts";

/** Empties a terminating namespace, then lets it go. */
export function startNamespaceController({ client, clock }: ControllerContext): () => void {
  const reconciler = new Reconciler({ clock, reconcile });
  const undos = new Map<string, () => void>();

  function reconcile(name: string): void {
    const namespace = client.get({ plural: "namespaces", namespace: "", name });
    if (namespace === undefined || textAt(namespace, "status", "phase") !== "Terminating") return;
    let left = 0;
    for (const plural of client.namespacedPlurals()) {
      follow(plural);
      const refs = [...client.list(plural)].filter(({ metadata }) => metadata.namespace === name);
      for (const ref of refs.map((object) => refOf(plural, object))) {
        client.deleteIfPresent(ref);
        if (client.get(ref) !== undefined) left++;
      }
    }
    // What finalizers still hold marks the namespace again when it goes.
    if (left === 0) client.finalizeNamespace(name);
  }

  /** A storage stays when its definition goes, and is the same when that comes back: once is enough. */
  function follow(plural: string): void {
    if (!undos.has(plural)) undos.set(plural, client.subscribe(plural, markIfTerminating));
  }

  function markIfTerminating({ type, object }: StorageEvent): void {
    const { namespace = "" } = object.object.metadata;
    if (type === "DELETED" && isTerminating(namespace)) reconciler.mark(namespace);
  }

  function isTerminating(name: string): boolean {
    const namespace = client.get({ plural: "namespaces", namespace: "", name });
    return namespace !== undefined && namespace.metadata.deletionTimestamp !== undefined;
  }

  const unsubscribe = client.subscribe("namespaces", ({ object }) => reconciler.mark(object.key));
  return () => {
    unsubscribe();
    for (const undo of undos.values()) undo();
    reconciler.stop();
  };
}
