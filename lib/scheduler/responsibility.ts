import type { Pod } from "#lib/kube/index.ts";

/** The API server fills in this name where a pod gives none. */
const nameOfNone = "default-scheduler";

export function schedulerNameOf({ spec }: Pod): string {
  return spec?.schedulerName ?? nameOfNone;
}

export function isResponsibleFor(schedulerNames: { has(name: string): boolean }, pod: Pod): boolean {
  return schedulerNames.has(schedulerNameOf(pod));
}
