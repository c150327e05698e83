import type { Clock } from "#lib/clock/index.ts";
import { ActiveQueue } from "./active-queue.ts";
import { BackoffQueue } from "./backoff-queue.ts";
import { defaultFeatureGates, type FeatureGates } from "./feature-gates.ts";
import { HistoricalInFlight } from "./historical-in-flight.ts";
import { InFlightList } from "./in-flight-list.ts";
import type { InFlight } from "./in-flight.ts";
import { Moves } from "./moves.ts";
import { Nominator } from "./nominator.ts";
import { Observers } from "./observers.ts";
import { PreEnqueue } from "./pre-enqueue.ts";
import { QueueMetrics } from "./queue-metrics.ts";
import { defaultDurations, type PriorityQueueOptions } from "./queue-options.ts";
import { byPriorityThenAge } from "./queue-sort.ts";
import { Records } from "./records.ts";
import { RegisteredEvents } from "./registered-events.ts";
import { Requeueing } from "./requeueing.ts";
import { UnschedulablePods } from "./unschedulable-pods.ts";

/** What a queue is made of. Each part knows only those it was given. */
export interface QueueParts {
  readonly clock: Clock;
  readonly gates: FeatureGates;
  readonly metrics: QueueMetrics;
  readonly observers: Observers;
  readonly events: RegisteredEvents;
  readonly requeueing: Requeueing;
  readonly preEnqueue: PreEnqueue;
  readonly nominator: Nominator;
  readonly records: Records;
  readonly inFlight: InFlight;
  readonly activeQ: ActiveQueue;
  readonly backoffQ: BackoffQueue;
  readonly unschedulablePods: UnschedulablePods;
  readonly moves: Moves;
}

export function assembleParts(options: PriorityQueueOptions): QueueParts {
  const { clock, less = byPriorityThenAge } = options;
  const {
    podInitialBackoffMs = defaultDurations.podInitialBackoffMs,
    podMaxBackoffMs = defaultDurations.podMaxBackoffMs,
  } = options;
  const gates: FeatureGates = { ...defaultFeatureGates, ...options.featureGates };
  const isPopFromBackoffQEnabled = gates.schedulerPopFromBackoffQ;
  const metrics = new QueueMetrics();
  const observers = new Observers(() => clock.now());
  const events = new RegisteredEvents(options.queueingHintMap, gates.schedulerQueueingHints);
  const inFlight = options.inFlightScheme === "historical" ? new HistoricalInFlight() : new InFlightList();
  const backoffQ = new BackoffQueue({
    clock,
    metrics,
    less,
    podInitialBackoffMs,
    podMaxBackoffMs,
    isPopFromBackoffQEnabled,
  });
  const activeQ = new ActiveQueue({
    clock,
    metrics,
    observers,
    less,
    inFlight: gates.schedulerQueueingHints ? inFlight : undefined,
    popFrom: isPopFromBackoffQEnabled ? backoffQ : undefined,
  });
  const unschedulablePods = new UnschedulablePods(events, metrics);
  const preEnqueue = new PreEnqueue(options.preEnqueuePlugins ?? new Map(), metrics, clock);
  const nominator = new Nominator(options.podLister);
  const queues = { activeQ, backoffQ, unschedulablePods };
  return {
    ...queues,
    clock,
    gates,
    metrics,
    observers,
    events,
    inFlight,
    preEnqueue,
    nominator,
    requeueing: new Requeueing(events, clock),
    records: new Records(clock, gates.opportunisticBatching ? options.podSigners : undefined),
    moves: new Moves({ ...queues, clock, observers, preEnqueue, nominator, isPopFromBackoffQEnabled }),
  };
}
