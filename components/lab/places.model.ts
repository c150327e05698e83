import type { Both, Frame, PlaceName, PodAt } from "#lib/lab/index.ts";

/** A queue in the row "Where pods are". */
export interface PlaceBox {
  readonly place: Exclude<PlaceName, "inFlight">;
  readonly pods: readonly PodAt[];
  /** Pods that there is no room for. */
  readonly more: number;
  /** It holds the pod that is looked at, which is somewhere else on the other side. */
  readonly isDivergent: boolean;
}

const order = ["active", "backoff", "unschedulable", "gated", "bound"] as const;
const shown = 8;

/** The same boxes on both sides. Gated pods have one only where a scenario has gates. */
export function placeBoxes({ pictures }: Frame, uid: string | undefined, hasGates: boolean): Both<readonly PlaceBox[]> {
  const names = order.filter((place) => place !== "gated" || hasGates);
  const holds = (pods: readonly PodAt[]): boolean => pods.some((pod) => pod.uid === uid);
  const boxes = (here: keyof typeof pictures, there: keyof typeof pictures): readonly PlaceBox[] =>
    names.map((place) => {
      const pods = pictures[here].places[place];
      return {
        place,
        pods: pods.slice(0, shown),
        more: Math.max(0, pods.length - shown),
        isDivergent: holds(pods) && !holds(pictures[there].places[place]),
      };
    });
  return { historical: boxes("historical", "current"), current: boxes("current", "historical") };
}
