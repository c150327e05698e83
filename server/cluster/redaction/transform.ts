import type { KubeObject } from "#lib/kube/index.ts";
import { nodeForScheduling, podForScheduling } from "./for-scheduling.ts";
import { redact } from "./redact.ts";

interface Resource {
  readonly group: string;
  readonly resource: string;
}

/** What an informer does to each object before it keeps it. Runs any number of times with one result. */
export type Transform = (object: KubeObject) => KubeObject;

/** Pods and nodes are many, so of them only what scheduling reads; of all others everything that is no secret. */
export function transformFor({ group, resource }: Resource): Transform {
  if (group === "" && resource === "pods") return podForScheduling;
  if (group === "" && resource === "nodes") return nodeForScheduling;
  return redact;
}

/** Secrets are neither offered nor fetched: what is left of one is a name. */
export function isSecret({ group, resource }: Resource): boolean {
  return group === "" && resource.toLowerCase() === "secrets";
}
