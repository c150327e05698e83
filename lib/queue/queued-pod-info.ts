import type { Instant } from "#lib/clock/index.ts";
import { objectKey, podUid, type ObjectKey, type Pod, type PodUid } from "#lib/kube/index.ts";
import { requiredAffinityTermsOf, type AffinityTerm } from "./affinity-terms.ts";

/** Where a record is. `gated` is the part of the unschedulable pool that a PreEnqueue plugin holds back. */
export type Place = "active" | "backoff" | "errorBackoff" | "unschedulable" | "gated" | "inFlight" | "outside";

const noPlugins: ReadonlySet<string> = new Set();

/**
 * Everything the queue knows about one pod. One object from the first `add` to the end: `pop` hands out the record
 * itself, and the caller hands the same one back.
 *
 * The caller may change the rejectors (`unschedulablePlugins`, `pendingPlugins`) and the pod between `pop` and
 * hand-back, and at no other time; all other fields belong to the queue. Upstream: `framework.QueuedPodInfo`.
 */
export class QueuedPodInfo {
  #pod: Pod;
  #requiredAffinityTerms: readonly AffinityTerm[];
  readonly key: ObjectKey;
  /** Owned by the heap that holds the record. */
  heapIndex = -1;
  uid: PodUid;
  priority: number;
  schedulerName: string;

  /** Creation of the record, later every hand-back. Moves, flushes, pops and updates leave it. */
  timestamp: Instant;
  attempts = 0;
  /** Attempts made before this queue watched are not in `attempts`. */
  isAttemptsAtLeast = false;
  unschedulableCount = 0;
  consecutiveErrorsCount = 0;
  /** Cached end of the backoff; cleared on hand-back. */
  backoffExpiration: Instant | undefined = undefined;
  /** First entry into activeQ. Unset while the pod has only been gated. */
  initialAttemptTimestamp: Instant | undefined = undefined;
  unschedulablePlugins: ReadonlySet<string> = noPlugins;
  pendingPlugins: ReadonlySet<string> = noPlugins;
  /** The PreEnqueue plugin that holds the pod back; empty when none does. */
  gatingPlugin = "";
  wasFlushedFromUnschedulable = false;
  podSignature: string | undefined = undefined;

  place: Place = "outside";
  /** Owned by the pool: the groups this record is filed under while it is parked. */
  poolGroups: readonly Set<QueuedPodInfo>[] | undefined = undefined;
  /** Owned by the pool: the walk that came by last. */
  poolVisit = 0;

  constructor(pod: Pod, timestamp: Instant) {
    this.#pod = pod;
    this.key = objectKey(pod);
    this.uid = podUid(pod);
    this.priority = pod.spec?.priority ?? 0;
    this.schedulerName = schedulerNameOf(pod);
    this.timestamp = timestamp;
    this.#requiredAffinityTerms = requiredAffinityTermsOf(pod);
  }

  get pod(): Pod {
    return this.#pod;
  }

  /** As parsed from the version that {@link replacePod} or a change of uid brought; updates do not touch them. */
  get requiredAffinityTerms(): readonly AffinityTerm[] {
    return this.#requiredAffinityTerms;
  }

  get isGated(): boolean {
    return this.gatingPlugin !== "";
  }

  get hasRejectors(): boolean {
    return this.unschedulablePlugins.size > 0 || this.pendingPlugins.size > 0;
  }

  isRejectedBy(plugin: string): boolean {
    return this.unschedulablePlugins.has(plugin) || this.pendingPlugins.has(plugin);
  }

  /** A plugin in both sets counts once. Upstream: `UnschedulablePlugins.Union(PendingPlugins)`. */
  get rejectors(): ReadonlySet<string> {
    if (this.pendingPlugins.size === 0) return this.unschedulablePlugins;
    return new Set([...this.unschedulablePlugins, ...this.pendingPlugins]);
  }

  /** What the caller does before it fills in the rejectors of a new attempt. Upstream: `ClearRejectorPlugins`. */
  clearRejectorPlugins(): void {
    this.unschedulablePlugins = noPlugins;
    this.pendingPlugins = noPlugins;
    this.gatingPlugin = "";
  }

  addUnschedulablePlugin(plugin: string): void {
    this.unschedulablePlugins = new Set(this.unschedulablePlugins).add(plugin);
  }

  /** A newer version of the pod. The parsed affinity terms stay unless it is another pod. Upstream: `PodInfo.Update`. */
  updatePod(pod: Pod): void {
    if (podUid(pod) === this.uid) this.#setPod(pod);
    else this.replacePod(pod);
  }

  /** The pod as a new attempt should see it, affinity terms included. Upstream: `NewPodInfo` in the failure handler. */
  replacePod(pod: Pod): void {
    this.#setPod(pod);
    this.#requiredAffinityTerms = requiredAffinityTermsOf(pod);
  }

  /** The same record as it stands now, in no heap and no group. */
  copy(): QueuedPodInfo {
    const copy = new QueuedPodInfo(this.#pod, this.timestamp);
    copy.#requiredAffinityTerms = this.#requiredAffinityTerms;
    copy.attempts = this.attempts;
    copy.isAttemptsAtLeast = this.isAttemptsAtLeast;
    copy.unschedulableCount = this.unschedulableCount;
    copy.consecutiveErrorsCount = this.consecutiveErrorsCount;
    copy.backoffExpiration = this.backoffExpiration;
    copy.initialAttemptTimestamp = this.initialAttemptTimestamp;
    copy.unschedulablePlugins = this.unschedulablePlugins;
    copy.pendingPlugins = this.pendingPlugins;
    copy.gatingPlugin = this.gatingPlugin;
    copy.wasFlushedFromUnschedulable = this.wasFlushedFromUnschedulable;
    copy.podSignature = this.podSignature;
    copy.place = this.place;
    return copy;
  }

  #setPod(pod: Pod): void {
    this.#pod = pod;
    this.uid = podUid(pod);
    this.priority = pod.spec?.priority ?? 0;
    this.schedulerName = schedulerNameOf(pod);
  }
}

/** The API server fills in this name where a pod gives none. */
const defaultSchedulerName = "default-scheduler";

export function schedulerNameOf(pod: Pod): string {
  return pod.spec?.schedulerName ?? defaultSchedulerName;
}
