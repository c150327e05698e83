import type { Condition, Pod } from "#lib/kube/index.ts";
import type { NominatingInfo } from "./nominator.ts";

/** A write to the API that may be queued, merged or dropped on its way. */
export interface PodStatusPatch {
  readonly type: "pod_status_patch";
  readonly pod: Pod;
  readonly condition: Condition | undefined;
  readonly nominatingInfo: NominatingInfo | undefined;
}

/** `skipped` and `overwritten` are not errors: another call makes this one unnecessary. */
export type ApiCallOutcome =
  { readonly kind: "accepted" | "skipped" | "overwritten" } | { readonly kind: "failed"; readonly error: Error };

/** Carries out API calls apart from the scheduling loop. Upstream: `fwk.APIDispatcher`. */
export interface ApiDispatcher {
  add(call: PodStatusPatch): ApiCallOutcome;
}

export class NoApiDispatcherError extends Error {
  override readonly name = "NoApiDispatcherError";
  constructor() {
    super("patchPodStatus needs an apiDispatcher: construct the queue with one");
  }
}
