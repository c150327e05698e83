import type { JsonObject } from "#lib/protocol/index.ts";
import { apiVersionOf, type Resource } from "../api/resource.ts";
import { resources } from "../api/resources.ts";

/** GET /openapi/v3: where the description of each group and version is. */
export function openapiRoot(): JsonObject {
  const versions = new Map(resources.map((resource) => [pathOf(resource), `/openapi/v3/${pathOf(resource)}`]));
  const paths = Object.fromEntries([...versions].map(([path, url]) => [path, { serverRelativeURL: url }]));
  return { paths };
}

/**
 * Of one group and version, what kubectl looks for before it sends an object: which kinds can be written, and that their
 * fields are checked by the server.
 */
export function openapiOf(group: string, version: string): JsonObject | undefined {
  const served = resources.filter((resource) => resource.group === group && resource.version === version);
  if (served.length === 0) return undefined;
  return {
    openapi: "3.0.0",
    info: { title: "kube-inflight embedded cluster", version: "v1.36.3" },
    paths: Object.fromEntries(served.flatMap(pathsOf)),
    components: { schemas: Object.fromEntries(served.map(schemaOf)) },
  };
}

function pathOf({ group, version }: Resource): string {
  return group === "" ? `api/${version}` : `apis/${group}/${version}`;
}

function pathsOf(resource: Resource): readonly (readonly [string, JsonObject])[] {
  const namespaces = resource.isNamespaced ? "namespaces/{namespace}/" : "";
  const collection = `/${pathOf(resource)}/${namespaces}${resource.plural}`;
  return [
    [collection, { post: operation(resource, "post") }],
    [`${collection}/{name}`, { put: operation(resource, "put"), patch: operation(resource, "patch") }],
  ];
}

function operation({ group, version, kind }: Resource, action: string): JsonObject {
  return {
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": { group, version, kind },
    parameters: ["dryRun", "fieldManager", "fieldValidation"].map((name) => ({
      name,
      in: "query",
      schema: { type: "string", uniqueItems: true },
    })),
    responses: { 200: { description: "OK" } },
  };
}

function schemaOf(resource: Resource): readonly [string, JsonObject] {
  const { group, version, kind } = resource;
  const name = `io.k8s.api.${group === "" ? "core" : (group.split(".")[0] ?? group)}.${version}.${kind}`;
  const schema = {
    description: `${kind} of ${apiVersionOf(resource)}`,
    type: "object",
    "x-kubernetes-group-version-kind": [{ group, version, kind }],
    "x-kubernetes-preserve-unknown-fields": true,
  };
  return [name, schema];
}
