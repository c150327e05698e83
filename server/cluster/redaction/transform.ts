import type { KubeObject, Pod, ResourceSlice } from "#lib/kube/index.ts";
import { Alike } from "./alike.ts";
import { nodeForScheduling, podForScheduling } from "./for-scheduling.ts";
import { OneText } from "./one-text.ts";
import { redact } from "./redact.ts";

interface Resource {
  readonly group: string;
  readonly resource: string;
}

/** What an informer does to each object before it keeps it. Runs any number of times with one result. */
export type Transform = (object: KubeObject) => KubeObject;

/**
 * For one informer. Pods and nodes are many, so of them only what scheduling reads; of all others everything that is
 * no secret.
 */
export function transformFor({ group, resource }: Resource): Transform {
  if (group === "" && resource === "pods") return podsForScheduling();
  if (group === "" && resource === "nodes") return nodeForScheduling;
  if (group === "resource.k8s.io" && resource === "resourceslices") return redactSlice;
  return redact;
}

/** What a driver says of its devices is for everybody, and what it calls their attributes may look like anything. */
function redactSlice(slice: ResourceSlice): ResourceSlice {
  const { spec, ...others } = slice;
  return { ...redact(others), ...(spec !== undefined && { spec }) };
}

/** Pods of one owner share what they have in common. */
function podsForScheduling(): Transform {
  const metadata = new Alike();
  const spec = new Alike();
  const status = new Alike();
  const texts = new OneText();
  return (object: Pod) => {
    const pod = podForScheduling(object);
    const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid ?? "";
    texts.share(pod);
    metadata.share(owner, pod.metadata);
    if (pod.spec !== undefined) spec.share(owner, pod.spec);
    if (pod.status !== undefined) status.share(owner, pod.status);
    return pod;
  };
}

/** Secrets are neither offered nor fetched: what is left of one is a name. */
export function isSecret({ group, resource }: Resource): boolean {
  return group === "" && resource.toLowerCase() === "secrets";
}
