import type { ControllerContext } from "./context.ts";
import { Reconciler } from "./reconciler.ts";

const owners = ["deployments", "replicasets", "replicationcontrollers", "statefulsets", "daemonsets", "jobs", "nodes"];

/** Deletes what a deleted owner leaves behind, in the background. */
export function startGarbageCollector({ client, clock, dependents }: ControllerContext): () => void {
  const reconciler = new Reconciler({
    clock,
    reconcile: (uid) => {
      for (const ref of dependents.of(uid)) client.deleteIfPresent(ref);
    },
  });
  const undo = owners.map((plural) =>
    client.subscribe(plural, ({ type, object }) => {
      if (type === "DELETED") reconciler.mark(object.object.metadata.uid ?? "");
    }),
  );
  return () => {
    for (const each of undo) each();
    reconciler.stop();
  };
}
