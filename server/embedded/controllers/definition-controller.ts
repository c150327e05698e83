import { refOf } from "../api/local-client.ts";
import { cleanupFinalizer } from "../definitions/definition.ts";
import type { ControllerContext } from "./context.ts";
import { Reconciler } from "./reconciler.ts";

const plural = "customresourcedefinitions";

/** Deletes what a terminating definition defines, then lets the definition go. Upstream: `finalizer.CRDFinalizer`. */
export function startDefinitionController({ client, clock }: ControllerContext): () => void {
  const undos = new Map<string, () => void>();
  const reconciler = new Reconciler({ clock, reconcile });

  function reconcile(name: string): void {
    const ref = { plural, namespace: "", name };
    const definition = client.get(ref);
    if (definition === undefined) {
      undos.get(name)?.();
      undos.delete(name);
      return;
    }
    if (definition.metadata.deletionTimestamp === undefined) return;
    const isServed = client.plurals().includes(name);
    // What finalizers still hold marks the definition again when it goes.
    if (isServed && !undos.has(name))
      undos.set(
        name,
        client.subscribe(name, () => reconciler.mark(name)),
      );
    const refs = isServed ? [...client.list(name)].map((object) => refOf(name, object)) : [];
    for (const each of refs) client.deleteIfPresent(each);
    if (refs.some((each) => client.get(each) !== undefined)) return;
    const finalizers = definition.metadata.finalizers ?? [];
    const left = finalizers.filter((finalizer) => finalizer !== cleanupFinalizer);
    client.patchIfPresent(ref, { metadata: { finalizers: left.length === 0 ? null : left } });
  }

  const unsubscribe = client.subscribe(plural, ({ object }) => reconciler.mark(object.key));
  return () => {
    unsubscribe();
    for (const undo of undos.values()) undo();
    reconciler.stop();
  };
}
