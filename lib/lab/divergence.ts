import type { PodUid } from "#lib/kube/index.ts";

/** How the two queues differ after a step. */
export interface Difference {
  /** In flight in both, but shown other events. */
  readonly blind: readonly PodUid[];
  /** In another place. */
  readonly apart: readonly PodUid[];
}

/** A stretch of steps after which the queues differ, up to the step before they agree again. */
export interface Divergence {
  readonly from: number;
  readonly to: number;
  /** The first step of it after which a pod is in another place; until then one only sees less. */
  readonly apartFrom: number | undefined;
  /** The pod that is in another place first; else the one that sees less. */
  readonly pod: PodUid;
}

/** @param differences one per step, from step 0 on. */
export function divergencesOf(differences: readonly Difference[]): readonly Divergence[] {
  const found: Divergence[] = [];
  for (let from = 0; from < differences.length; from++) {
    let to = from;
    while (isDifferent(differences[to])) to++;
    if (to === from) continue;
    const stretch = differences.slice(from, to);
    const apart = stretch.findIndex(({ apart }) => apart.length > 0);
    const pod = stretch[apart]?.apart[0] ?? stretch[0]?.blind[0];
    if (pod !== undefined) {
      found.push({ from, to: to - 1, apartFrom: apart === -1 ? undefined : from + apart, pod });
    }
    from = to;
  }
  return found;
}

function isDifferent(difference: Difference | undefined): boolean {
  return difference !== undefined && (difference.blind.length > 0 || difference.apart.length > 0);
}
