import type { InFlightPod, SchedulerStep } from "#lib/protocol/index.ts";

export type FinishStep = Extract<SchedulerStep, { step: "finish" }>;

export interface Finishing {
  readonly words: string;
  readonly hint: string;
  readonly step: FinishStep;
}

/** Who gets the blame when nobody rejected the pod so far: the plugin that does so most often. */
const defaultRejector = "NodeResourcesFit";

function unschedulableStep({ uid, rejectors }: InFlightPod): FinishStep {
  const plugins = rejectors.map(({ plugin }) => plugin);
  return { step: "finish", uid, as: "unschedulable", plugins: plugins.length === 0 ? [defaultRejector] : plugins };
}

function errorStep({ uid }: InFlightPod): FinishStep {
  return { step: "finish", uid, as: "error", message: "finished by hand" };
}

/** As what an attempt may end, and what comes of it. */
export function finishings(pod: InFlightPod): readonly Finishing[] {
  const rejected = unschedulableStep(pod);
  const plugins = rejected.as === "unschedulable" ? rejected.plugins : [];
  return [
    { words: "schedulable", hint: "bound to a node", step: { step: "finish", uid: pod.uid, as: "schedulable" } },
    { words: "unschedulable", hint: `rejected by ${plugins.join(", ")}`, step: rejected },
    { words: "error", hint: "tried again after its backoff", step: errorStep(pod) },
  ];
}

/** What the decision strip says, done: rejected by the plugins it names, or failed when it names none. */
export function asDecided(pod: InFlightPod): FinishStep {
  return pod.rejectors.length === 0 ? errorStep(pod) : unschedulableStep(pod);
}
