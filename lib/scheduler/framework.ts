import type { ClusterEvent, Pod, ResourceClaim } from "#lib/kube/index.ts";
import type { PreEnqueuePlugin, QueueingHintFn } from "#lib/queue/index.ts";
import type { NodeInfo } from "./node-info.ts";
import type { PodInfo } from "./pod-info.ts";
import type { Snapshot } from "./snapshot.ts";

/** Upstream: `framework.Code`. Success has no status at all: `undefined`. */
export type Code = "Error" | "Unschedulable" | "UnschedulableAndUnresolvable" | "Pending";

/** Why a plugin did not say yes. */
export interface Status {
  readonly code: Code;
  readonly reasons: readonly string[];
}

/** Rejected, as opposed to failed. Upstream: `Status.IsRejected`. */
export function isRejected(status: Status): boolean {
  return status.code !== "Error";
}

/** Preemption may help on this node. */
export function unschedulable(...reasons: readonly string[]): Status {
  return { code: "Unschedulable", reasons };
}

/** Preemption cannot help on this node. */
export function unresolvable(...reasons: readonly string[]): Status {
  return { code: "UnschedulableAndUnresolvable", reasons };
}

export function failure(text: string): Status {
  return { code: "Error", reasons: [text] };
}

/** An event that may make a pod schedulable that this plugin rejected. Without a hint the answer is always Queue. */
export interface ClusterEventWithHint {
  readonly event: ClusterEvent;
  readonly hint?: QueueingHintFn;
}

export interface Plugin {
  readonly name: string;
  /** Upstream: `EnqueueExtensions.EventsToRegister`. */
  eventsToRegister(): readonly ClusterEventWithHint[];
}

/** What is set aside for a pod whose node is chosen. */
export interface Reservation {
  /** As they have to be written before the pod is bound. */
  readonly claims: readonly ResourceClaim[];
  /** The pod is bound, or will not be. Twice is harmless. */
  release(): void;
}

/** Sets something aside once the node is chosen. Upstream: `ReservePlugin`, `PreBindPlugin`. */
export interface ReservingPlugin extends Plugin {
  /** `undefined` where there is nothing to set aside. Throws where it cannot be done. */
  reserve(pod: Pod, node: NodeInfo): Reservation | undefined;
}

export function isReserving(plugin: Plugin): plugin is ReservingPlugin {
  return "reserve" in plugin;
}

/** Holds pods back before they enter activeQ. */
export type GatingPlugin = Plugin & PreEnqueuePlugin;

/** What a plugin worked out about one pod in PreFilter, ready to judge nodes. It is the whole state: nothing is ambient. */
export interface NodeFilter {
  filter(node: NodeInfo): Status | undefined;
  /** What its PostFilter says once no node is left, of the nodes that it rejected. */
  postFilter?(rejected: readonly { readonly node: NodeInfo; readonly status: Status }[]): string;
}

/**
 * A filter whose answer for one node depends on pods of other nodes, so that it has to be told of pods that are only
 * thought of: nominated ones, or victims of a preemption. Upstream: `PreFilterExtensions`.
 */
export interface PodAwareNodeFilter extends NodeFilter {
  clone(): PodAwareNodeFilter;
  addPod(pod: PodInfo, node: NodeInfo): void;
  removePod(pod: PodInfo, node: NodeInfo): void;
}

/** How many of those that belong together have a node, and how many of them have to. */
export interface Quorum {
  readonly have: number;
  readonly wanted: number;
}

/**
 * Lets a pod wait, once it has a node, until others have theirs. Upstream: `PermitPlugin`, which answers Wait and calls
 * `Allow` or `Reject` on the pods that wait.
 */
export interface PermitPlugin extends Plugin {
  /** So long a pod waits. */
  readonly timeoutMs: number;
  /** `undefined` for a pod that waits for nobody. */
  quorumOf(pod: Pod, snapshot: Snapshot): Quorum | undefined;
  belongTogether(pod: Pod, other: Pod): boolean;
}

export type PreFilterResult =
  /** This plugin has nothing to say about the pod: its filter is not asked in this cycle. */
  | { readonly kind: "skip" }
  | { readonly kind: "status"; readonly status: Status }
  | {
      readonly kind: "ready";
      readonly filter: NodeFilter | PodAwareNodeFilter;
      /** Only these nodes are worth a look. */
      readonly nodeNames?: ReadonlySet<string>;
    };

export const skip: PreFilterResult = { kind: "skip" };

export function refuse(status: Status): PreFilterResult {
  return { kind: "status", status };
}

export function ready(filter: NodeFilter | PodAwareNodeFilter, nodeNames?: ReadonlySet<string>): PreFilterResult {
  return nodeNames === undefined ? { kind: "ready", filter } : { kind: "ready", filter, nodeNames };
}

/** Judges a node by looking at the pod and the node alone. */
export interface PlainFilterPlugin extends Plugin {
  filter(pod: Pod, node: NodeInfo): Status | undefined;
}

/** Looks at the pod once, then judges nodes. Upstream: a plugin that is both `PreFilterPlugin` and `FilterPlugin`. */
export interface PreFilterPlugin extends Plugin {
  preFilter(pod: Pod, snapshot: Snapshot): PreFilterResult;
}

export type FilterPlugin = PlainFilterPlugin | PreFilterPlugin;

export function isPodAware(filter: NodeFilter | PodAwareNodeFilter): filter is PodAwareNodeFilter {
  return "clone" in filter;
}
