import { isJsonObject, type ApiObject, type Metadata } from "../storage/api-object.ts";
import { resized } from "./resize.ts";
import type { Resource } from "./resource.ts";

interface Merge {
  readonly stored: ApiObject;
  readonly asked: ApiObject;
  readonly part: "object" | "status" | "resize";
}

/** What the endpoint may write comes from the request, all else stays. */
export function merge(resource: Resource, { stored, asked, part }: Merge): ApiObject {
  const metadata = mergeMetadata(stored.metadata, asked.metadata);
  if (part === "status") return { ...stored, metadata, status: isJsonObject(asked["status"]) ? asked["status"] : {} };
  if (part === "resize") return { ...resized(stored, asked), metadata };
  const status = resource.hasStatus ? stored["status"] : asked["status"];
  return {
    ...asked,
    apiVersion: stored.apiVersion,
    kind: stored.kind,
    metadata,
    ...(status === undefined ? {} : { status }),
  };
}

const setByServer = [
  "name",
  "namespace",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "generateName",
  "managedFields",
] as const;

function mergeMetadata(stored: Metadata, asked: Metadata): Metadata {
  const kept = Object.fromEntries(setByServer.map((name) => [name, stored[name]]));
  return { ...asked, ...kept };
}
