import { scenarioFromPod, type WitnessedPod } from "#lib/lab/index.ts";
import { encodeScenario } from "./ops-code.model.ts";

/** The address at which the Lab plays the last attempt of a pod that may have missed an event. */
export async function labHrefOf(pod: WitnessedPod): Promise<string> {
  const title = `From pod ${pod.namespace}/${pod.name}`;
  return `/lab?scenario=from-pod&ops=${await encodeScenario({ title, scenario: scenarioFromPod(pod) })}`;
}
