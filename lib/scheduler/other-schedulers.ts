import { podUid, type Pod, type PodUid } from "#lib/kube/index.ts";
import { isAssigned, isTerminal } from "./pod-info.ts";
import { isResponsibleFor, schedulerNameOf } from "./responsibility.ts";

/** Pods that wait for schedulers which are not modelled: they are in no queue here, but somebody should know of them. */
export class OtherSchedulers {
  readonly #ours: { has(name: string): boolean };
  readonly #waiting = new Map<PodUid, string>();

  constructor(ours: { has(name: string): boolean }) {
    this.#ours = ours;
  }

  /** It is there, in this version. */
  note(pod: Pod): void {
    const isWaiting = !isAssigned(pod) && !isTerminal(pod) && !isResponsibleFor(this.#ours, pod);
    if (isWaiting) this.#waiting.set(podUid(pod), schedulerNameOf(pod));
    else this.#waiting.delete(podUid(pod));
  }

  forget(pod: Pod): void {
    this.#waiting.delete(podUid(pod));
  }

  /** Pods by the name of their scheduler. */
  counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const name of this.#waiting.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
    return counts;
  }
}
