import type { KubeObject, Pod } from "#lib/kube/index.ts";
import type { FeatureGates } from "./feature-gates.ts";
import type { InFlight } from "./in-flight.ts";
import type { QueuedPodInfo } from "./queued-pod-info.ts";
import type { Requeueing, Verdict } from "./requeueing.ts";

/** Where a pod that comes back from its flight should go, and what decided. */
export interface ReturnVerdict {
  readonly verdict: Verdict;
  /** The element of the in-flight list that made it more than a skip. */
  readonly decidedBy?: number;
  readonly plugin?: string;
  readonly object?: KubeObject;
}

const afterBackoff: ReturnVerdict = { verdict: "afterBackoff" };
const skip: ReturnVerdict = { verdict: "skip" };

/**
 * Judges a pod by what happened during its flight: events behind its own element, oldest first, until one settles it.
 * Upstream: `determineSchedulingHintForInFlightPod`.
 */
export class ReturningPods {
  readonly #inFlight: InFlight;
  readonly #requeueing: Requeueing;
  readonly #gates: FeatureGates;

  constructor(inFlight: InFlight, requeueing: Requeueing, gates: FeatureGates) {
    this.#inFlight = inFlight;
    this.#requeueing = requeueing;
    this.#gates = gates;
  }

  judge(info: QueuedPodInfo): ReturnVerdict {
    if (isSentToBackoff(info.pod, info.hasRejectors, this.#gates) || !this.#inFlight.has(info.uid)) return afterBackoff;
    const isSettledByAny = info.pendingPlugins.size === 0;
    let decision = skip;
    this.#inFlight.someEventOf(info.uid, ({ seq, incoming, oldObj, newObj }) => {
      const verdict = this.#requeueing.judge(info, incoming, oldObj, newObj);
      if (verdict === "skip") return false;
      if (verdict === "immediately" || decision === skip) {
        const plugin = this.#requeueing.decidingPlugin;
        const object = newObj ?? oldObj;
        decision = {
          verdict,
          decidedBy: seq,
          ...(plugin !== undefined && { plugin }),
          ...(object !== undefined && { object }),
        };
      }
      return verdict === "immediately" || isSettledByAny;
    });
    return decision;
  }
}

/** An error, or a member of a pod group: events are not looked at. */
export function isSentToBackoff(pod: Pod, isRejected: boolean, gates: FeatureGates): boolean {
  return !isRejected || (gates.genericWorkload && pod.spec?.schedulingGroup !== undefined);
}
