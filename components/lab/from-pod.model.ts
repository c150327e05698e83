import { actionLabel, actionType } from "#lib/kube/index.ts";
import { scenarioFromPod, type WitnessedEvent, type WitnessedPod } from "#lib/lab/index.ts";
import { encodeScenario } from "./ops-code.model.ts";

/** An event as the pages know it: by its label, `NodeUpdateNodeTaint`. */
export interface LabelledEvent extends Omit<WitnessedEvent, "resource" | "mask"> {
  readonly label: string;
}

export interface PodInLab extends Omit<WitnessedPod, "events"> {
  readonly events: readonly LabelledEvent[];
}

/** The newest that a link has room for. */
const mostEvents = 100;

/** The address at which the Lab plays the last attempt of a pod that may have missed an event. */
export async function labHrefOf({ events, ...pod }: PodInLab): Promise<string> {
  const title = `From pod ${pod.namespace}/${pod.name}`;
  const witnessed = events.slice(-mostEvents).flatMap((event) => witnessedOf(event));
  return `/lab?scenario=from-pod&ops=${await encodeScenario({ title, scenario: scenarioFromPod({ ...pod, events: witnessed }) })}`;
}

const masks: readonly number[] = Object.values(actionType);

/** None for an event that is no event of a resource, like the flush. */
function witnessedOf({ label, object, answers }: LabelledEvent): readonly WitnessedEvent[] {
  const candidates = masks.filter((mask) => actionLabel(mask) !== "" && label.endsWith(actionLabel(mask)));
  const [mask] = candidates.sort((a, b) => actionLabel(b).length - actionLabel(a).length);
  if (mask === undefined) return [];
  return [{ resource: label.slice(0, -actionLabel(mask).length), mask, object, answers }];
}
