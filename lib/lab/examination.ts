import type { Instant } from "#lib/clock/index.ts";
import type { PodUid } from "#lib/kube/index.ts";
import type { Destination } from "#lib/queue/index.ts";

/** Where a pod in flight starts to read. */
export type MarkerFact =
  /** Its own element. */
  | { readonly kind: "own" }
  /** The list was empty when it took off: it reads from the front. */
  | { readonly kind: "start" }
  /** Somebody else's event. `removedIn` is the step that took it out of the list. */
  | { readonly kind: "foreign"; readonly event: string; readonly seq: number; readonly removedIn: number | undefined };

/** What the rejecting plugins make of an event. `none`: no one of them registered for it. */
export interface SeenEvent {
  readonly name: string;
  readonly answer: "Queue" | "Skip" | "none";
  /** It settled where the pod goes. */
  readonly decides: boolean;
}

/** What a pod looks at when it comes back, and where that sends it. */
export interface Examination {
  readonly uid: PodUid;
  /** The step in which it came back; `undefined` for a pod in flight: as if it came back now. */
  readonly step: number | undefined;
  readonly at: Instant;
  readonly takenOffIn: number;
  readonly marker: MarkerFact;
  /** Every event since it took off, seen or not. */
  readonly since: readonly string[];
  /** Those it is shown, oldest first. */
  readonly seen: readonly SeenEvent[];
  /** Empty after an error: then no event is looked at. */
  readonly rejectors: readonly string[];
  readonly decision: Omit<Destination, "decidedBy"> & { readonly decidedBy: string | undefined };
}

/** How many events are looked at until one decides. */
export function examined({ seen, rejectors }: Examination): number {
  if (rejectors.length === 0) return 0;
  const deciding = seen.findIndex(({ decides }) => decides);
  return deciding === -1 ? seen.length : deciding + 1;
}

/** Events since its take-off that the pod is not shown. */
export function unseen({ since, seen }: Examination): readonly string[] {
  const names = new Set(seen.map(({ name }) => name));
  return since.filter((name) => !names.has(name));
}
