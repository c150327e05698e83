import type { Brand } from "./brand.ts";
import type { KubeObject } from "./objects.ts";

/** `namespace/name`, or `name` for a cluster-scoped object. A pod recreated under its name has the same key. */
export type ObjectKey = Brand<string, "ObjectKey">;

/** Identity of one pod: a pod deleted and recreated under its name is another pod. */
export type PodUid = Brand<string, "PodUid">;

export function keyOf(namespace: string | undefined, name: string): ObjectKey {
  return (namespace === undefined || namespace === "" ? name : `${namespace}/${name}`) as ObjectKey;
}

/** Upstream: `tools/cache` `MetaNamespaceKeyFunc`. */
export function objectKey(object: KubeObject): ObjectKey {
  return keyOf(object.metadata.namespace, object.metadata.name ?? "");
}

/** The namespace is empty for a cluster-scoped object. */
export function keyParts(key: ObjectKey): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf("/");
  return { namespace: key.slice(0, Math.max(slash, 0)), name: key.slice(slash + 1) };
}

export function podUid(object: KubeObject): PodUid {
  return (object.metadata.uid ?? "") as PodUid;
}
