export type { ApiCallOutcome, ApiDispatcher, PodStatusPatch } from "./api-calls.ts";
export { NoApiDispatcherError } from "./api-calls.ts";
export type { NamespaceLabels } from "./affinity-terms.ts";
export type { Destination, ExplainedEvent, Explanation, PluginAnswer, Rejectors } from "./explain.ts";
export type { PreEnqueueCheck } from "./event-moves.ts";
export type { HandBackResult } from "./hand-back.ts";
export type { SavedQueue } from "./saved-queue.ts";
export type { SeededPod } from "./seeding.ts";
export { defaultFeatureGates, type FeatureGates } from "./feature-gates.ts";
export { HistoricalInFlight } from "./historical-in-flight.ts";
export type { EventElement, InFlight, InFlightElement, InFlightReader, Marker, PodElement } from "./in-flight.ts";
export { InFlightList } from "./in-flight-list.ts";
export type { InvariantLimits, Violation } from "./invariants.ts";
export type { HistogramValue, MetricFamily, MetricLabels } from "./metric-families.ts";
export type { Nomination, NominatingInfo, PodLister } from "./nominator.ts";
export type { PreEnqueuePlugin, PreEnqueuePluginMap, Refusal } from "./pre-enqueue-plugin.ts";
export { PriorityQueue, QueueClosedError } from "./priority-queue.ts";
export { defaultDurations, type PodSigner, type PriorityQueueOptions } from "./queue-options.ts";
export { byPriorityThenAge, type Less } from "./queue-sort.ts";
export type { BackingOff, GatedGroup, NodeNominations, QueueSizes, QueueView, Window } from "./queue-view.ts";
export { QueuedPodInfo, type Place } from "./queued-pod-info.ts";
export type {
  IncomingEvent,
  QueueingHint,
  QueueingHintFn,
  QueueingHintMap,
  QueueingHintRegistration,
} from "./registered-events.ts";
export { defaultTraceConfig } from "./recordings/default-config.ts";
export { RecordedQueue } from "./recordings/recorded-queue.ts";
export { recordingEpoch } from "./recordings/recorded-state.ts";
export type {
  RecordedEvent,
  RecordedHint,
  RecordedObject,
  RecordedOp,
  RecordedPlugin,
  Recording,
  TraceConfig,
} from "./recordings/recording.ts";
export type { HintAnswer, Verdict } from "./requeueing.ts";
export type { Cause, PodName, QueueObserver, Transition, TransitionKind } from "./transitions.ts";
