import type { PriorityQueue, QueueView } from "#lib/queue/index.ts";
import type { ClusterCache, EventPipeline, Flight, Outcome, Profile } from "#lib/scheduler/index.ts";
import type {
  LaneRow,
  PodTransition,
  Provenance,
  Scheduler,
  SchedulerRequest,
  SchedulerState,
  SchedulerStep,
  SchedulerStepResponse,
  UndoResponse,
} from "#lib/protocol/index.ts";
import type { QueueFlow } from "../queue-flow.ts";
import type { Attempt } from "../views/events.ts";
import type { QueueHistory } from "./queue-history.ts";
import type { TransitionLog } from "./transition-log.ts";

export type SchedulingFacts = Pick<
  Scheduler,
  "configuration" | "metrics" | "pace" | "otherSchedulers" | "lost" | "lostTotal"
>;

/** What a diagnosis looks at. Another one once the scheduling began anew: compare the queue. */
export interface Judging {
  readonly cache: ClusterCache;
  readonly queue: PriorityQueue;
  readonly pipeline: Pick<EventPipeline, "observe">;
  readonly profiles: readonly Profile[];
  readonly maxBackoffMs: number;
  /** Parked for so long a pod is tried again anyway, as it is set now; default: five minutes. */
  readonly flushAfterMs?: () => number;
  /** Whoever schedules counts a pod on its node before it is seen there: whether somebody else may be on such a way. */
  isAnybodyElsePlaced?(uid: string): boolean;
  flightOf(uid: string): Flight | undefined;
  /** How the last attempt ended, where that is not ours to know. */
  outcomeOf(uid: string): Outcome | undefined;
}

/** Who schedules the cluster's pods, or watches somebody else do it: one queue, and what is known of its attempts. */
export interface Scheduling {
  readonly queue: QueueView;
  readonly flow: QueueFlow;
  readonly history: QueueHistory;
  readonly transitions: TransitionLog;
  /** Of everything the queue says. */
  readonly provenance: Provenance;
  attemptOf(uid: string): Attempt | undefined;
  /** How it is known how the pod's last attempt ended; `undefined` where nobody has to ask. */
  outcomeOf(uid: string): LaneRow["outcome"];
  /** Where the pod was in a correct queue beside ours; `undefined` where ours is the correct one. */
  correctTransitionsOf(uid: string): readonly PodTransition[] | undefined;
  judging(): Judging;
  /** How the scheduler is set up, and what it says of itself. */
  facts(): SchedulingFacts;
  /** How the loop is set; absent where the pace is kube-scheduler's. */
  loopState(): SchedulerState | undefined;
  /** @throws RefusedError where nothing can be steered */
  set(request: SchedulerRequest): void;
  /** Runs as if it had just come; hurried, until it has caught up. @throws RefusedError where nothing can be steered */
  beginAnew(stage: { readonly isHurried: boolean }): void;
  /** @throws RefusedError where nothing can be stepped, or the step makes no sense now */
  step(step: SchedulerStep): Promise<SchedulerStepResponse>;
  /** Takes the last step back. @throws RefusedError where there is none */
  undo(): Promise<UndoResponse>;
  /** Does again what was taken back last. @throws RefusedError where there is none */
  redo(): Promise<UndoResponse>;
  stop(): void;
}
