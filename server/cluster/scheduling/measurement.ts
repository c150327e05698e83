import type { Instant } from "#lib/clock/index.ts";
import type { QueueView } from "#lib/queue/index.ts";
import type { Compared, Measured } from "#lib/protocol/index.ts";
import { readSamples, type Sample } from "./prometheus-text.ts";

const pendingPods = "scheduler_pending_pods";
const inFlightEvents = "scheduler_inflight_events";
const incomingPods = "scheduler_queue_incoming_pods_total";
const attempts = "scheduler_schedule_attempts_total";
const goroutines = "scheduler_goroutines";
const leadership = "leader_election_master_status";
const wanted: ReadonlySet<string> = new Set([
  pendingPods,
  inFlightEvents,
  incomingPods,
  attempts,
  goroutines,
  leadership,
]);

const podPopped = "PodPopped";

/** What one reading of kube-scheduler's metrics says that concerns us. */
export interface Reading {
  readonly pending: ReadonlyMap<string, number>;
  /** By label; the pods in flight are under `PodPopped`. */
  readonly inFlight: ReadonlyMap<string, number>;
  /** By `queue/event`. */
  readonly incoming: ReadonlyMap<string, number>;
  readonly attempts: ReadonlyMap<string, number>;
  readonly bindings: number;
  readonly isLeader: boolean | undefined;
}

/** `undefined` for a text without kube-scheduler's metrics: somebody else answered. */
export function readMetrics(text: string): Reading | undefined {
  const samples = readSamples(text, wanted);
  const pending = samples.get(pendingPods);
  if (pending === undefined) return undefined;
  const lease = samples.get(leadership)?.find(({ labels }) => labels["name"] === "kube-scheduler");
  return {
    pending: sumBy(pending, ({ queue = "" }) => queue),
    inFlight: sumBy(samples.get(inFlightEvents), ({ event = "" }) => event),
    incoming: sumBy(samples.get(incomingPods), ({ queue = "", event = "" }) => `${queue}/${event}`),
    attempts: sumBy(samples.get(attempts), ({ result = "" }) => result),
    bindings: sumBy(samples.get(goroutines), ({ operation = "" }) => operation).get("binding") ?? 0,
    isLeader: lease === undefined ? undefined : lease.value === 1,
  };
}

function sumBy(
  samples: readonly Sample[] | undefined,
  keyOf: (labels: Readonly<Record<string, string | undefined>>) => string,
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { labels, value } of samples ?? []) sums.set(keyOf(labels), (sums.get(keyOf(labels)) ?? 0) + value);
  return sums;
}

/** The same figures of our queue, now. */
export function readOurs(queue: QueueView): Pick<Reading, "pending" | "inFlight" | "incoming"> {
  const families = new Map(queue.metrics().map((family) => [family.name, family]));
  const samples = (name: string): readonly Sample[] => {
    const family = families.get(name);
    return family === undefined || family.type === "histogram" ? [] : family.values;
  };
  return {
    pending: sumBy(samples(pendingPods), ({ queue = "" }) => queue),
    inFlight: sumBy(samples(inFlightEvents), ({ event = "" }) => event),
    incoming: sumBy(samples(incomingPods), ({ queue = "", event = "" }) => `${queue}/${event}`),
  };
}

const trendLength = 60;

/** Readings of one kube-scheduler, each beside our own figures of the same moment. */
export class Measurements {
  readonly #source: string;
  readonly #everyMs: number;
  #base: { readonly at: Instant; readonly theirs: Reading; readonly ours: Pick<Reading, "incoming"> } | undefined;
  #previous: Reading | undefined;
  #trend: readonly number[] = [];

  constructor(source: string, everyMs: number) {
    this.#source = source;
    this.#everyMs = everyMs;
  }

  /** Counts from the first reading on; one whose counters went down is of a kube-scheduler that has started again. */
  take(theirs: Reading, queue: QueueView, at: Instant): Measured {
    const ours = readOurs(queue);
    if (this.#base === undefined || hasStartedAgain(this.#previous, theirs)) this.#base = { at, theirs, ours };
    this.#previous = theirs;
    const base = this.#base;
    const events = [...theirs.inFlight].filter(([label]) => label !== podPopped);
    this.#trend = [...this.#trend, events.reduce((sum, [, count]) => sum + count, 0)].slice(-trendLength);
    const inFlight = compare(theirs.inFlight, ours.inFlight);
    const { [podPopped]: pods = { measured: 0, ours: 0 }, ...labels } = inFlight;
    return {
      at,
      source: this.#source,
      everyMs: this.#everyMs,
      pending: compare(theirs.pending, ours.pending),
      inFlight: pods,
      inFlightEvents: labels,
      inFlightEventsTrend: [...this.#trend],
      bindings: theirs.bindings,
      incoming: incomingRows(
        compare(growth(theirs.incoming, base.theirs.incoming), growth(ours.incoming, base.ours.incoming)),
      ),
      attempts: Object.fromEntries(growth(theirs.attempts, base.theirs.attempts)),
      since: base.at,
      ...(theirs.isLeader === undefined ? {} : { isLeader: theirs.isLeader }),
    };
  }

  /** Our queue was put together anew: what it counted before is gone. */
  begin(): void {
    this.#base = undefined;
  }
}

function hasStartedAgain(previous: Reading | undefined, theirs: Reading): boolean {
  if (previous === undefined) return false;
  const isLess = (of: "incoming" | "attempts"): boolean =>
    [...previous[of]].some(([key, count]) => (theirs[of].get(key) ?? 0) < count);
  return isLess("incoming") || isLess("attempts");
}

function growth(now: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map(Array.from(now, ([key, count]) => [key, count - (before.get(key) ?? 0)]));
}

function compare(theirs: ReadonlyMap<string, number>, ours: ReadonlyMap<string, number>): Record<string, Compared> {
  const compared: Record<string, Compared> = {};
  for (const key of new Set([...theirs.keys(), ...ours.keys()])) {
    compared[key] = { measured: theirs.get(key) ?? 0, ours: ours.get(key) ?? 0 };
  }
  return compared;
}

/** What is zero on both sides is left out. */
function incomingRows(compared: Readonly<Record<string, Compared>>): Measured["incoming"] {
  const rows: Measured["incoming"] = {};
  for (const [key, { measured, ours }] of Object.entries(compared)) {
    if (measured === 0 && ours === 0) continue;
    const slash = key.indexOf("/");
    rows[key] = { queue: key.slice(0, slash), event: key.slice(slash + 1), measured, ours };
  }
  return rows;
}
