import { textAt, type ApiObject } from "../storage/api-object.ts";
import type { Resource } from "./resource.ts";

/** Nothing holds what is being deleted any more. */
export function isOver({ metadata }: ApiObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = metadata;
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && finalizers.length === 0;
}

export function finalized(object: ApiObject, finalizer: string | undefined): ApiObject {
  const { finalizers = [] } = object.metadata;
  if (finalizer === undefined || finalizers.includes(finalizer)) return object;
  return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
}

/** Only who runs on a node has anything to end. Upstream: `podStrategy.CheckGracefulDelete`. */
export function graceOf({ storage }: Resource, pod: ApiObject, gracePeriodSeconds = 0): number {
  if (storage !== "pods" || textAt(pod, "spec", "nodeName") === "") return 0;
  return ["Succeeded", "Failed"].includes(textAt(pod, "status", "phase")) ? 0 : Math.max(0, gracePeriodSeconds);
}
