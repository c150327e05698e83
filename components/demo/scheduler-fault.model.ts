import type { SchedulerFault, SchedulerFaultKind } from "#lib/protocol/index.ts";

interface Words {
  readonly name: string;
  /** What it does, in one sentence. */
  readonly does: string;
  /** What becomes of a pod. */
  readonly expect: string;
}

export const schedulerFaultWords = {
  "attempts-hang": {
    name: "Attempts hang",
    does: "Whoever is asked about a pod does not answer, and its attempt does not end.",
    expect: "Every event since then is kept for it; six such pods, and nobody else is tried.",
  },
  "bindings-hang": {
    name: "Bindings hang",
    does: "The call that binds a pod to its node does not return.",
    expect: "It has left the queue and holds its place; no event is kept for it.",
  },
  "pods-lost": {
    name: "Pods are lost",
    does: "A pod whose attempt failed is handed to nobody.",
    expect: "No queue holds it, and no event wakes it, until it changes itself.",
  },
  "no-flush": {
    name: "No flush",
    does: "Nobody looks for pods that have been parked for too long.",
    expect: "Whoever is woken by no event waits for ever.",
  },
} as const satisfies Record<SchedulerFaultKind, Words>;

/** `on pods of shop`; `on` where it is about all. */
export function troubleWords(faults: readonly SchedulerFault[]): string {
  const namespaces = faults.flatMap(({ namespace }) => namespace ?? []);
  return namespaces.length < faults.length ? "on" : `on pods of ${namespaces.join(", ")}`;
}

/** All that are to be on, once this kind is switched: on for all pods, or off whoever it was about. */
export function switched(faults: readonly SchedulerFault[], kind: SchedulerFaultKind, isOn: boolean): SchedulerFault[] {
  const others = faults.filter((fault) => fault.kind !== kind);
  return isOn ? [...others, { kind }] : others;
}
