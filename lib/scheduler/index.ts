export { ClusterCache, NotAssumedError } from "./cluster-cache.ts";
export { attempt, type Attempt, type CycleOptions, type NominatedPods } from "./cycle.ts";
export {
  defaultConfiguration,
  defaultSchedulerName,
  NotAConfigurationError,
  readConfiguration,
  type ProfileConfiguration,
  type SchedulerConfiguration,
} from "./configuration.ts";
export type { CompiledSelector, SelectableDevice, SelectorAnswer, SelectorCompiler } from "./devices/index.ts";
export { countByPlugin, fitErrorMessage, type Diagnosis, type NodeRejection } from "./diagnosis.ts";
export {
  EventPipeline,
  type EventPipelineOptions,
  type InformedQueue,
  type PipelineHandler,
} from "./event-pipeline.ts";
export { failureIn, failureInEvent, speakerOf, timeOf, unknownPlugin, type FailureEvidence } from "./evidence.ts";
export type { Flight, Phase, RejectionCounts, SavedFlight } from "./flight.ts";
export type { Code, FilterPlugin, GatingPlugin, Plugin, Status } from "./framework.ts";
export type { NodeInfo } from "./node-info.ts";
export { nominatedPodsOf } from "./nominated-pods.ts";
export { postFilter, type PostFilterResult } from "./post-filter.ts";
export { defaultProfile, pluginsOf, profileOf, preEnqueuePlugins, queueingHintMap, type Profile } from "./profile.ts";
export type { Outcome } from "./outcome.ts";
export { queueWhile } from "./queue-while.ts";
export { parseRejectionMessage, type MessageRejectors } from "./rejection-message.ts";
export { isResponsibleFor, schedulerNameOf } from "./responsibility.ts";
export { coscheduling } from "./plugins/coscheduling.ts";
export type { SchedulerFaults } from "./scheduler-faults.ts";
export { SchedulingLoop, type Finish, type SchedulingLoopOptions, type StepResult } from "./scheduling-loop.ts";
export { Shadow, type ShadowOptions } from "./shadow.ts";
export type { Lister, Listers, Snapshot } from "./snapshot.ts";
export { modelOf, type VersionModel } from "./versions.ts";
export { truncateNote, type SchedulerWriter, type SchedulingEvent, type StatusPatch } from "./writer.ts";
export { amountText, freeOn, quantityOf, quantityText, requestedBy, resourceOfReason } from "./verdict/amounts.ts";
export { deviceFactsOf } from "./verdict/device-facts.ts";
export type { Finding } from "./verdict/code.ts";
export { compareReasons, messageOf, pluginCounts, reasonsIn, reasonsOfEvaluation } from "./verdict/comparison.ts";
export {
  catchUpMs,
  flushMs,
  leaseSkewMs,
  quietAfterMessageMs,
  quietBeforeMessageMs,
  stalledMs,
} from "./verdict/constants.ts";
export { explain, isReadClosely, isSameExplanation, type Explanation } from "./verdict/explanation.ts";
export { Evaluation, type EvaluationOptions } from "./verdict/evaluation.ts";
export {
  lostEventConditions,
  missedEventConditions,
  type LostEvent,
  type SuspectedEvent,
} from "./verdict/missed-event.ts";
export type { NearMiss } from "./verdict/near-misses.ts";
export type { Pattern } from "./verdict/node-patterns.ts";
export { NodeSlots } from "./verdict/node-slots.ts";
export { boundAt } from "./verdict/place-rules.ts";
export { podShape } from "./verdict/pod-shape.ts";
export type { Nomination, QueueRecord, SchedulerObservation, Situation } from "./verdict/situation.ts";
export { judge, type Verdict } from "./verdict/verdict.ts";
export { wholeMessageOf } from "./verdict/whole-message.ts";
export { workloadOf } from "./verdict/workload.ts";
