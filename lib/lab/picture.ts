import type { Instant } from "#lib/clock/index.ts";
import type { PodUid } from "#lib/kube/index.ts";
import type { Examination, MarkerFact } from "./examination.ts";

export type SideElement =
  | { readonly kind: "pod"; readonly seq: number; readonly uid: PodUid }
  | {
      readonly kind: "event";
      readonly seq: number;
      readonly name: string;
      readonly label: string;
      readonly object: string | undefined;
      /** Historical: pods that still need it. */
      readonly neededBy: number | undefined;
    };

export interface SideFlight {
  readonly uid: PodUid;
  readonly takenOffIn: number;
  readonly marker: MarkerFact;
}

export type PlaceName = "active" | "backoff" | "unschedulable" | "gated" | "inFlight" | "bound";

export interface PodAt {
  readonly uid: PodUid;
  /** End of its backoff. */
  readonly until: Instant | undefined;
}

/** One queue after a step. Where the step hands a pod back, the list is the one that this pod looked at. */
export interface SidePicture {
  readonly elements: readonly SideElement[];
  /** The last that left the list, at most three. */
  readonly ghosts: readonly SideElement[];
  readonly flights: readonly SideFlight[];
  readonly places: Readonly<Record<PlaceName, readonly PodAt[]>>;
  /** Of pods in flight as if they came back now; of the others as they last did. */
  readonly examinations: ReadonlyMap<PodUid, Examination>;
}
