import type { EventResource, KubeObject, ObjectKey, Pod } from "#lib/kube/index.ts";
import type { InformerBoard } from "../informer-board.ts";
import { resourceKeyOfEvent } from "./pipeline-sources.ts";

/** The object that an injected event is about: the named one, else the first that such an event could be about. */
export function objectOfEvent(
  board: InformerBoard,
  resource: EventResource,
  name: string | undefined,
): KubeObject | undefined {
  const store = board.informer(resourceKeyOfEvent(resource) ?? "")?.informer.store;
  if (store === undefined) return undefined;
  const suits = suitsFor(resource);
  if (name !== undefined) {
    const named = store.get(name as ObjectKey);
    return named !== undefined && suits(named) ? named : undefined;
  }
  return store.list().find(suits);
}

/** Events of pods tell assigned ones from those without a node. */
function suitsFor(resource: EventResource): (object: KubeObject) => boolean {
  const isAssigned = (object: KubeObject): boolean => ((object as Pod).spec?.nodeName ?? "") !== "";
  if (resource === "AssignedPod") return isAssigned;
  if (resource === "UnschedulablePod") return (object) => !isAssigned(object);
  return () => true;
}
