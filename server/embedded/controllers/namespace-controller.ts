import { textAt } from "../storage/api-object.ts";
import { refOf } from "../api/local-client.ts";
import type { ControllerContext } from "./context.ts";
import { Reconciler } from "./reconciler.ts";

/** Empties a terminating namespace, then lets it go. */
export function startNamespaceController({ client, clock }: ControllerContext): () => void {
  const plurals = client.namespacedPlurals();
  const reconciler = new Reconciler({ clock, reconcile });

  function reconcile(name: string): void {
    const namespace = client.get({ plural: "namespaces", namespace: "", name });
    if (namespace === undefined || textAt(namespace, "status", "phase") !== "Terminating") return;
    let left = 0;
    for (const plural of plurals) {
      const refs = [...client.list(plural)].filter(({ metadata }) => metadata.namespace === name);
      for (const ref of refs.map((object) => refOf(plural, object))) {
        client.deleteIfPresent(ref);
        if (client.get(ref) !== undefined) left++;
      }
    }
    // What finalizers still hold marks the namespace again when it goes.
    if (left === 0) client.finalizeNamespace(name);
  }

  const undo = plurals.map((plural) =>
    client.subscribe(plural, ({ type, object }) => {
      const { namespace = "" } = object.object.metadata;
      if (type === "DELETED" && isTerminating(namespace)) reconciler.mark(namespace);
    }),
  );
  undo.push(client.subscribe("namespaces", ({ object }) => reconciler.mark(object.key)));

  function isTerminating(name: string): boolean {
    const namespace = client.get({ plural: "namespaces", namespace: "", name });
    return namespace !== undefined && namespace.metadata.deletionTimestamp !== undefined;
  }

  return () => {
    for (const each of undo) each();
    reconciler.stop();
  };
}
