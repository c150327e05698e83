import type { Pod } from "#lib/kube/index.ts";

/** What goes wrong on purpose in our own scheduler; asked anew for each pod. */
export interface SchedulerFaults {
  /** Its attempt does not come back, until the loop is told to take such attempts up again. */
  hangs(pod: Pod): boolean;
  /** Once its attempt has failed it is handed to nobody. */
  loses(pod: Pod): boolean;
}

export const noFaults: SchedulerFaults = { hangs: () => false, loses: () => false };
