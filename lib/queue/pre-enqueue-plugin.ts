import type { Pod } from "#lib/kube/index.ts";

/** Why a PreEnqueue plugin holds a pod back. Every code is a refusal. */
export interface Refusal {
  readonly code: "unschedulable" | "unresolvable" | "pending" | "error";
  readonly reasons: readonly string[];
}

/** Asked before a pod may enter activeQ. Must be pure. Upstream: `framework.PreEnqueuePlugin`. */
export interface PreEnqueuePlugin {
  readonly name: string;
  /** `undefined` lets the pod pass. */
  preEnqueue(pod: Pod): Refusal | undefined;
}

/** By profile (scheduler name), in the order of registration, which is the order they are asked in. */
export type PreEnqueuePluginMap = ReadonlyMap<string, readonly PreEnqueuePlugin[]>;
