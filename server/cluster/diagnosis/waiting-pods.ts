import { objectKey, podUid, type Pod } from "#lib/kube/index.ts";
import type { ClusterCache } from "#lib/scheduler/index.ts";
import type { Shape, Shapes, WaitingPod } from "./shapes.ts";
import type { Turns } from "./turns.ts";

const podsAtOnce = 2_000;

/** Who waits, looked for again and again. */
export class WaitingPods {
  #known: ReadonlyMap<Pod, WaitingPod> = new Map();

  /** All of them, and each in its shape. What is known of a pod stays until it changes. */
  async find(cache: Pick<ClusterCache, "pods">, shapes: Shapes, turns: Turns): Promise<Iterable<WaitingPod>> {
    for (const shape of shapes.all()) shape.pods = [];
    const found = new Map<Pod, WaitingPod>();
    let left = podsAtOnce;
    const pods = [...cache.pods.all()]; // they may change while others have their turn
    for (const pod of pods) {
      if (--left === 0) {
        left = podsAtOnce;
        if (turns.isOver) await turns.yield();
      }
      if (!isWaiting(pod)) continue;
      const known = this.#known.get(pod);
      const waiting = known !== undefined && shapes.holds(known.shape) ? known : waitingPod(pod, shapes.of(pod));
      waiting.shape.pods.push(waiting);
      found.set(pod, waiting);
    }
    this.#known = found;
    return found.values();
  }
}

function waitingPod(pod: Pod, shape: Shape): WaitingPod {
  const createdAt = Date.parse(pod.metadata.creationTimestamp ?? "") || 0;
  return { uid: podUid(pod), key: objectKey(pod), pod, createdAt, shape };
}

/** It has no node and is not being deleted, or has one and does not run yet. */
function isWaiting({ metadata, spec, status }: Pod): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  if ((spec?.nodeName ?? "") === "") return true;
  return status?.phase === "Pending";
}
