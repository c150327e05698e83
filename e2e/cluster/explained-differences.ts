import type { Compared, Measured } from "#lib/protocol/index.ts";
import type { Change } from "./scheduling-churn.ts";

/** Why a shadow may count otherwise than kube-scheduler, and by how much at most. */
export const reasons = {
  order:
    "informers deliver in an order of their own: a change that overlaps another finds other pods parked. At most all that were parked, for each such change, and one pod for each object that changed: it may be that pod.",
  assumed:
    "a pod that is being bound counts on a node that nobody sees: another one is tried once more, or once less. At most one for each pod that was bound.",
  second:
    "what is seen a moment later may fall into the next second, and backoff is counted in whole ones. At most all that were parked for each change at such a moment, and one for each pod that came.",
  lost: "kube-scheduler loses answers of hints under load. As many as it moved pods by this event without counting an answer.",
  anyOrder:
    "the hints of a pod are asked in any order, up to the first that says Queue. At most one Skip of each plugin for each pod that was moved.",
} as const;
export type Reason = keyof typeof reasons;

export interface Difference {
  /** `incoming backoff/NodeAdd`. */
  readonly row: string;
  readonly measured: number;
  readonly ours: number;
  readonly because: readonly Reason[];
  /** What these reasons can explain together. */
  readonly atMost: number;
  readonly isExplained: boolean;
}

/** Measurements at the beginning and at the end of a time, both at rest, and what changed between. */
export interface Interval {
  readonly from: Measured;
  readonly to: Measured;
  readonly changes: readonly Change[];
}

type Bounds = Partial<Record<Reason, number>>;

/** Whichever comes first: its time is over, activeQ is empty, or an attempt is seen that was over before ours began. */
const outOfBackoff: readonly string[] = ["PopFromBackoffQ", "BackoffComplete", "ForceActivate"];
const leftBackoff = "active/out of backoffQ";
const failed = "ScheduleAttemptFailure";

/** Every row in which the two differ. */
export function differencesIn(interval: Interval): readonly Difference[] {
  const figures = new Figures(interval);
  return [...figures.incoming(), ...figures.attempts(), ...figures.answers()].filter(
    ({ measured, ours }) => measured !== ours,
  );
}

class Figures {
  readonly #incoming: ReadonlyMap<string, Compared>;
  readonly #attempts: ReadonlyMap<string, Compared>;
  readonly #hints: ReadonlyMap<string, Compared>;
  readonly #changes: readonly Change[];
  readonly #came: number;
  readonly #parked: number;

  constructor({ from, to, changes }: Interval) {
    this.#incoming = byRow(from.incoming, to.incoming, (row) =>
      outOfBackoff.includes(eventOf(row)) ? leftBackoff : row,
    );
    this.#attempts = byRow(from.attempts, to.attempts, (row) => row);
    this.#hints = byRow(from.hints, to.hints, (row) => row);
    this.#changes = changes;
    this.#came = this.#incoming.get("active/UnschedulablePodAdd")?.measured ?? 0;
    this.#parked = (from.pending["unschedulable"]?.measured ?? 0) + this.#came;
  }

  incoming(): readonly Difference[] {
    return Array.from(this.#incoming, ([row, of]) => difference(`incoming ${row}`, of, this.#boundsOfIncoming(row)));
  }

  attempts(): readonly Difference[] {
    return Array.from(this.#attempts, ([result, of]) =>
      difference(`attempts ${result}`, of, result === "unschedulable" ? this.#boundsOfFailures() : {}),
    );
  }

  /**
   * A pod is moved by exactly one Queue, whichever of its plugins says so: these are added up. Of Skips the shadow has to
   * have all that kube-scheduler counted; how many it lost nobody can tell.
   */
  answers(): readonly Difference[] {
    const queued = new Map<string, Compared>();
    const skips: Difference[] = [];
    for (const [row, of] of this.#hints) {
      const [, event = "", hint] = parts(row);
      const { order = 0 } = this.#boundsOfEvent(event);
      if (hint !== "QueueSkip") queued.set(event, plus(queued.get(event), of));
      else skips.push(difference(`hints ${row}`, of, { order, anyOrder: this.#moved(event).measured, lost: more(of) }));
    }
    const returned = this.#incoming.get(`backoff/${failed}`) ?? nothing;
    return skips.concat(
      Array.from(queued, ([event, of]) => {
        const { order = 0 } = this.#boundsOfEvent(event);
        const lost = Math.max(0, this.#moved(event).measured - of.measured);
        return difference(`hints ${event}/Queue`, of, { order: order + returned.measured + returned.ours, lost });
      }),
    );
  }

  #boundsOfIncoming(row: string): Bounds {
    const event = eventOf(row);
    if (row === leftBackoff) return sum(this.#boundsOfFailures(), { second: this.#boundsOfAll().second ?? 0 });
    if (event === failed) return this.#boundsOfFailures();
    const { order = 0, second = 0 } = this.#boundsOfEvent(event);
    // Who is missing in one of the two queues is in the other.
    const { measured, ours } =
      this.#incoming.get(`${row.startsWith("backoff") ? "active" : "backoff"}/${event}`) ?? nothing;
    return { order, second: Math.min(second, Math.abs(measured - ours)) };
  }

  /** Who was moved is tried, and most of them fail again. */
  #boundsOfFailures(): Bounds {
    return { order: this.#boundsOfAll().order ?? 0, assumed: this.#attempts.get("scheduled")?.measured ?? 0 };
  }

  #boundsOfAll(): Bounds {
    const events = new Set(this.#changes.flatMap(({ event }) => event ?? []));
    return [...events].map((event) => this.#boundsOfEvent(event)).reduce(sum, {});
  }

  /** Nothing for an event that moves nobody but the pod itself. */
  #boundsOfEvent(event: string): Bounds {
    const changes = this.#changes.filter((change) => change.event === event);
    if (changes.length === 0) return {};
    const count = (isMeant: (change: Change) => boolean): number => changes.filter(isMeant).length;
    return {
      order: this.#parked * count(({ isOverlapped }) => isOverlapped) + this.#changes.length,
      second: this.#parked * count(({ isNearSecond }) => isNearSecond) + this.#came,
    };
  }

  /** Pods that the event moved out of the pool. */
  #moved(event: string): Compared {
    return plus(this.#incoming.get(`backoff/${event}`), this.#incoming.get(`active/${event}`));
  }
}

const nothing: Compared = { measured: 0, ours: 0 };

function difference(row: string, { measured, ours }: Compared, bounds: Bounds): Difference {
  const because = Object.entries(bounds).flatMap(([reason, atMost]) => (atMost > 0 ? [reason as Reason] : []));
  const atMost = Object.values(bounds).reduce((total, bound) => total + bound, 0);
  return { row, measured, ours, because, atMost, isExplained: Math.abs(measured - ours) <= atMost };
}

function eventOf(row: string): string {
  return row.slice(row.indexOf("/") + 1);
}

/** Of `plugin/event/hint`, where the event may be that of a resource in a group. */
function parts(row: string): readonly string[] {
  const [first, last] = [row.indexOf("/"), row.lastIndexOf("/")];
  return [row.slice(0, first), row.slice(first + 1, last), row.slice(last + 1)];
}

function more({ measured, ours }: Compared): number {
  return Math.max(0, ours - measured);
}

function plus(a: Compared = nothing, b: Compared = nothing): Compared {
  return { measured: a.measured + b.measured, ours: a.ours + b.ours };
}

function sum(a: Bounds, b: Bounds): Bounds {
  const both = { ...a };
  for (const [reason, bound] of Object.entries(b)) both[reason as Reason] = (both[reason as Reason] ?? 0) + bound;
  return both;
}

/** By how much each row has grown; several may go under one name. */
function byRow(
  from: Readonly<Record<string, Compared>>,
  to: Readonly<Record<string, Compared>>,
  nameOf: (row: string) => string,
): ReadonlyMap<string, Compared> {
  const rows = new Map<string, Compared>();
  for (const [row, { measured, ours }] of Object.entries(to)) {
    const before = from[row] ?? nothing;
    const grown = { measured: measured - before.measured, ours: ours - before.ours };
    rows.set(nameOf(row), plus(rows.get(nameOf(row)), grown));
  }
  return rows;
}
