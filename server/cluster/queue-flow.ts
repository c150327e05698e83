import type { Clock } from "#lib/clock/index.ts";
import type { Place, PriorityQueue } from "#lib/queue/index.ts";
import type { LaneName } from "#lib/protocol/index.ts";
import { Rate } from "./rate.ts";

/** The lane a place is drawn in; error backoff is drawn with the backoff queue. */
export function laneOf(place: Place): LaneName | "gated" | undefined {
  switch (place) {
    case "errorBackoff":
      return "backoff";
    case "active":
    case "backoff":
    case "unschedulable":
    case "gated":
      return place;
    case "inFlight":
    case "outside":
      return undefined;
  }
}

class Crossings {
  into = 0;
  outOf = 0;
  readonly intoRate: Rate;
  readonly outOfRate: Rate;

  constructor(clock: Clock) {
    this.intoRate = new Rate(clock);
    this.outOfRate = new Rate(clock);
  }
}

/** How many pods enter and leave each lane per second, counted from the queue's own transitions. */
export class QueueFlow {
  readonly #lanes: Readonly<Record<LaneName | "gated", Crossings>>;

  constructor(queue: PriorityQueue, clock: Clock) {
    const crossings = (): Crossings => new Crossings(clock);
    this.#lanes = { active: crossings(), backoff: crossings(), unschedulable: crossings(), gated: crossings() };
    queue.observe((transition) => {
      if (!("from" in transition)) return;
      const from = laneOf(transition.from);
      const to = laneOf(transition.to);
      if (from === to) return;
      if (from !== undefined) this.#lanes[from].outOf++;
      if (to !== undefined) this.#lanes[to].into++;
    });
  }

  /** Pods per second over the last 5 s. */
  of(lane: LaneName | "gated"): { readonly inPerSecond: number; readonly outPerSecond: number } {
    const { into, outOf, intoRate, outOfRate } = this.#lanes[lane];
    intoRate.observe(into);
    outOfRate.observe(outOf);
    return { inPerSecond: intoRate.perSecond, outPerSecond: outOfRate.perSecond };
  }
}
