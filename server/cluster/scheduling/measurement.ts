import type { Instant } from "#lib/clock/index.ts";
import type { QueueView } from "#lib/queue/index.ts";
import type { Compared, Measured } from "#lib/protocol/index.ts";
import { readSamples, type Sample } from "./prometheus-text.ts";

const pendingPods = "scheduler_pending_pods";
const inFlightEvents = "scheduler_inflight_events";
const incomingPods = "scheduler_queue_incoming_pods_total";
const attempts = "scheduler_schedule_attempts_total";
const hints = "scheduler_queueing_hint_execution_duration_seconds";
const attemptDuration = "scheduler_scheduling_attempt_duration_seconds";
const algorithmDuration = "scheduler_scheduling_algorithm_duration_seconds";
const goroutines = "scheduler_goroutines";
const leadership = "leader_election_master_status";
const wanted: ReadonlySet<string> = new Set([
  pendingPods,
  inFlightEvents,
  incomingPods,
  attempts,
  `${hints}_count`,
  ...[attemptDuration, algorithmDuration].flatMap((name) => [`${name}_sum`, `${name}_count`]),
  goroutines,
  leadership,
]);

const podPopped = "PodPopped";

/** How often the loop was busy with an attempt, and for how long altogether. */
interface BusyTime {
  readonly seconds: number;
  readonly attempts: number;
}

/** What one reading of kube-scheduler's metrics says that concerns us. */
export interface Reading {
  readonly pending: ReadonlyMap<string, number>;
  /** By label; the pods in flight are under `PodPopped`. */
  readonly inFlight: ReadonlyMap<string, number>;
  /** By `queue/event`. */
  readonly incoming: ReadonlyMap<string, number>;
  readonly attempts: ReadonlyMap<string, number>;
  /** By `plugin/event/hint`. */
  readonly hints: ReadonlyMap<string, number>;
  /** An attempt that found no node keeps the loop busy to its end; of one that found a node only the search does. */
  readonly busy: { readonly rejected: BusyTime; readonly searched: BusyTime };
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
    attempts: sumBy(samples.get(attempts), resultOf),
    hints: sumBy(samples.get(`${hints}_count`), hintKey),
    busy: {
      rejected: busyTime(samples, attemptDuration, ({ result }) => result === "unschedulable"),
      searched: busyTime(samples, algorithmDuration, () => true),
    },
    bindings: sumBy(samples.get(goroutines), ({ operation = "" }) => operation).get("binding") ?? 0,
    isLeader: lease === undefined ? undefined : lease.value === 1,
  };
}

const resultOf = ({ result = "" }: Labels): string => result;
const hintKey = ({ plugin = "", event = "", hint = "" }: Labels): string => `${plugin}/${event}/${hint}`;

function busyTime(
  samples: ReadonlyMap<string, readonly Sample[]>,
  name: string,
  isMeant: (labels: Labels) => boolean,
): BusyTime {
  const total = (suffix: string): number =>
    (samples.get(`${name}${suffix}`) ?? []).reduce((sum, { labels, value }) => sum + (isMeant(labels) ? value : 0), 0);
  return { seconds: total("_sum"), attempts: total("_count") };
}

type Labels = Readonly<Record<string, string | undefined>>;

function sumBy(samples: readonly Sample[] | undefined, keyOf: (labels: Labels) => string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { labels, value } of samples ?? []) sums.set(keyOf(labels), (sums.get(keyOf(labels)) ?? 0) + value);
  return sums;
}

/** Who is measured against. */
export interface Ours {
  readonly queue: QueueView;
  /** By result. */
  readonly attempts: ReadonlyMap<string, number>;
}

type OurReading = Pick<Reading, "pending" | "inFlight" | "incoming" | "hints" | "attempts">;

/** The same figures of our queue, now. */
export function readOurs({ queue, attempts: tried }: Ours): OurReading {
  const families = new Map(queue.metrics().map((family) => [family.name, family]));
  const samples = (name: string): readonly Sample[] => {
    const family = families.get(name);
    return family === undefined || family.type === "histogram" ? [] : family.values;
  };
  const hintFamily = families.get(hints);
  const answers = hintFamily?.type === "histogram" ? hintFamily.values : [];
  return {
    pending: sumBy(samples(pendingPods), ({ queue: name = "" }) => name),
    inFlight: sumBy(samples(inFlightEvents), ({ event = "" }) => event),
    incoming: sumBy(samples(incomingPods), ({ queue: name = "", event = "" }) => `${name}/${event}`),
    hints: sumBy(
      answers.map(({ labels, count }) => ({ labels, value: count })),
      hintKey,
    ),
    attempts: new Map(tried),
  };
}

const trendLength = 60;

/** Readings of one kube-scheduler, each beside our own figures of the same moment. */
export class Measurements {
  readonly #source: string;
  readonly #everyMs: number;
  #base: { readonly at: Instant; readonly theirs: Reading; readonly ours: OurReading } | undefined;
  #previous: Reading | undefined;
  #trend: readonly number[] = [];

  constructor(source: string, everyMs: number) {
    this.#source = source;
    this.#everyMs = everyMs;
  }

  /** Counts from the first reading on; one whose counters went down is of a kube-scheduler that has started again. */
  take(theirs: Reading, compared: Ours, at: Instant): Measured {
    const ours = readOurs(compared);
    const attemptMs = busyMs(theirs, this.#previous?.busy);
    if (this.#base === undefined || hasStartedAgain(this.#previous, theirs)) this.#base = { at, theirs, ours };
    this.#previous = theirs;
    const base = this.#base;
    const since = (of: "incoming" | "hints" | "attempts"): Record<string, Compared> =>
      compare(growth(theirs[of], base.theirs[of]), growth(ours[of], base.ours[of]));
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
      incoming: incomingRows(since("incoming")),
      hints: theirs.hints.size === 0 ? {} : without(since("hints"), isNothing),
      attempts: since("attempts"),
      ...(attemptMs === undefined ? {} : { attemptMs }),
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

/** What an attempt took on average since the reading before: of those that found no node, else of the searches. */
function busyMs({ busy }: Reading, before: Reading["busy"] | undefined): number | undefined {
  return meanMs(busy.rejected, before?.rejected) ?? meanMs(busy.searched, before?.searched);
}

function meanMs(now: BusyTime, before: BusyTime = { seconds: 0, attempts: 0 }): number | undefined {
  const [more, seconds] = [now.attempts - before.attempts, now.seconds - before.seconds];
  return more > 0 && seconds >= 0 ? (1000 * seconds) / more : undefined;
}

/** What is zero on both sides is left out. */
function isNothing({ measured, ours }: Compared): boolean {
  return measured === 0 && ours === 0;
}

function without(
  compared: Readonly<Record<string, Compared>>,
  isLeftOut: (of: Compared) => boolean,
): Record<string, Compared> {
  return Object.fromEntries(Object.entries(compared).filter(([, of]) => !isLeftOut(of)));
}

function incomingRows(compared: Readonly<Record<string, Compared>>): Measured["incoming"] {
  const rows: Measured["incoming"] = {};
  for (const [key, of] of Object.entries(without(compared, isNothing))) {
    const slash = key.indexOf("/");
    rows[key] = { queue: key.slice(0, slash), event: key.slice(slash + 1), ...of };
  }
  return rows;
}
