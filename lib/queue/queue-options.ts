import type { Clock } from "#lib/clock/index.ts";
import type { Pod } from "#lib/kube/index.ts";
import type { NamespaceLabels } from "./affinity-terms.ts";
import type { ApiDispatcher } from "./api-calls.ts";
import type { FeatureGates } from "./feature-gates.ts";
import type { PodLister } from "./nominator.ts";
import type { PreEnqueuePluginMap } from "./pre-enqueue-plugin.ts";
import type { Less } from "./queue-sort.ts";
import type { QueueingHintMap } from "./registered-events.ts";

/** A key that pods with the same scheduling needs share; `undefined` when the signer declines. */
export type PodSigner = (pod: Pod) => string | undefined;

export interface PriorityQueueOptions {
  readonly clock: Clock;
  /** Registrations per profile. A profile that is not in here is unknown to the queue. */
  readonly queueingHintMap: QueueingHintMap;
  /** Default: {@link byPriorityThenAge}. */
  readonly less?: Less;
  readonly preEnqueuePlugins?: PreEnqueuePluginMap;
  readonly podSigners?: ReadonlyMap<string, PodSigner>;
  /** Asked before a pod is nominated; without it every pod counts as known and unbound. */
  readonly podLister?: PodLister;
  readonly namespaceLabels?: NamespaceLabels;
  readonly apiDispatcher?: ApiDispatcher;
  /** What is not given has the default of 1.36. */
  readonly featureGates?: Partial<FeatureGates>;
  readonly podInitialBackoffMs?: number;
  /** 0 switches backoff off. */
  readonly podMaxBackoffMs?: number;
  readonly podMaxInUnschedulablePodsMs?: number;
  /** How pods in flight and concurrent events are kept. `historical` is 1.28.0, which loses events. */
  readonly inFlightScheme?: "current" | "historical";
}

/** Upstream's defaults. */
export const defaultDurations = {
  podInitialBackoffMs: 1_000,
  podMaxBackoffMs: 10_000,
  podMaxInUnschedulablePodsMs: 300_000,
} as const;
