import type { ActionType, EventResource, KubeObject, Pod } from "#lib/kube/index.ts";
import type { QueueingHintFn } from "#lib/queue/index.ts";
import type { ClusterEventWithHint } from "./framework.ts";

/** Whether the event may help. The queue sends objects of the registered resource only, so the kind is taken for granted. */
type Helps<T extends KubeObject> = (pod: Pod, old: T | undefined, updated: T | undefined) => boolean;

function asHint<T extends KubeObject>(helps: Helps<T>): QueueingHintFn {
  return (pod, old, updated) => (helps(pod, old as T | undefined, updated as T | undefined) ? "Queue" : "Skip");
}

/** A registration with a hint, or without one: then every such event is worth a retry. */
export function on<T extends KubeObject>(
  resource: EventResource,
  actionType: ActionType,
  helps?: Helps<T>,
): ClusterEventWithHint {
  const event = { resource, actionType };
  return helps === undefined ? { event } : { event, hint: asHint(helps) };
}
