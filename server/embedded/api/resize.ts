import type { JsonObject } from "#lib/protocol/index.ts";
import { listAt, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";

/** Of the containers that a pod has, what they ask for: all else stays. Upstream: `podResizeStrategy`. */
export function resized(stored: ApiObject, asked: ApiObject): ApiObject {
  const before = objectAt(stored, "spec");
  return {
    ...stored,
    spec: {
      ...before,
      ...withResources(stored, asked, "containers"),
      ...withResources(stored, asked, "initContainers"),
    },
  };
}

function withResources(stored: ApiObject, asked: ApiObject, field: "containers" | "initContainers"): JsonObject {
  const before = listAt(stored, "spec", field);
  if (before.length === 0) return {};
  const after = new Map(listAt(asked, "spec", field).map((container) => [textAt(container, "name"), container]));
  return {
    [field]: before.map((container) => {
      const wanted = after.get(textAt(container, "name"));
      return wanted === undefined ? container : { ...container, resources: objectAt(wanted, "resources") };
    }),
  };
}
