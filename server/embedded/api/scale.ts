import type { JsonObject } from "#lib/protocol/index.ts";
import { patched, type Patch } from "../patch/patch.ts";
import { lookup, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";
import { subjectOf, type Registry, type Target, type WriteOptions } from "./registry.ts";
import { badRequest, conflict, modifiedMeanwhile } from "./status.ts";

/** The replica count of a workload as an object of its own. */
export function scaleOf({ metadata, ...object }: ApiObject): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const labels = objectAt(object, "spec", "selector", "matchLabels");
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: Number(lookup(object, "spec", "replicas") ?? 0) },
    status: {
      replicas: Number(lookup(object, "status", "replicas") ?? 0),
      selector: Object.keys(labels)
        .map((key) => `${key}=${textAt(labels, key)}`)
        .join(","),
    },
  };
}

export function putScale(registry: Registry, target: Target, { body, options }: ScaleWrite): JsonObject {
  const stored = registry.get(target).object;
  const version = textAt(body, "metadata", "resourceVersion");
  if (version !== "" && version !== stored.metadata.resourceVersion) {
    throw conflict(subjectOf(target), modifiedMeanwhile);
  }
  const replicas = lookup(body, "spec", "replicas") ?? 0;
  if (typeof replicas !== "number" || !Number.isInteger(replicas) || replicas < 0) {
    throw badRequest("spec.replicas must be a whole number");
  }
  const next = { ...stored, spec: { ...objectAt(stored, "spec"), replicas } };
  return scaleOf(registry.update(target, next, options).object);
}

interface ScaleWrite {
  readonly body: JsonObject;
  readonly options: WriteOptions;
}

export function patchScale(
  registry: Registry,
  target: Target,
  { patch, options }: { readonly patch: Patch; readonly options: WriteOptions },
): JsonObject {
  const body = patched(scaleOf(registry.get(target).object), patch);
  return putScale(registry, target, { body, options });
}
