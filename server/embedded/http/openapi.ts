import type { JsonObject } from "#lib/protocol/index.ts";
import { objectAt, textAt } from "../storage/api-object.ts";
import { apiVersionOf, type Resource } from "../api/resource.ts";

/** GET /openapi/v3: where the description of each group and version is. */
export function openapiRoot(resources: readonly Resource[]): JsonObject {
  const versions = new Map(resources.map((resource) => [pathOf(resource), `/openapi/v3/${pathOf(resource)}`]));
  const paths = Object.fromEntries([...versions].map(([path, url]) => [path, { serverRelativeURL: url }]));
  return { paths };
}

/**
 * Of one group and version, what kubectl looks for before it sends an object: which kinds can be written, and that their
 * fields are checked by the server.
 */
export function openapiOf(resources: readonly Resource[], group: string, version: string): JsonObject | undefined {
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

function schemaName({ group, version, kind, schema }: Resource): string {
  if (schema !== undefined) return [...group.split(".").toReversed(), version, kind].join(".");
  return `io.k8s.api.${group === "" ? "core" : (group.split(".")[0] ?? group)}.${version}.${kind}`;
}

function schemaOf(resource: Resource): readonly [string, JsonObject] {
  const { group, version, kind } = resource;
  const { schema: defined } = resource;
  const schema: JsonObject = {
    ...(defined === undefined ? { "x-kubernetes-preserve-unknown-fields": true } : describedFields(defined)),
    description: defined === undefined ? `${kind} of ${apiVersionOf(resource)}` : textAt(defined, "description"),
    type: "object",
    "x-kubernetes-group-version-kind": [{ group, version, kind }],
  };
  return [schemaName(resource), schema];
}

/** What a definition says, and the members that every object has. */
function describedFields(schema: JsonObject): JsonObject {
  const ordinary = {
    apiVersion: { type: "string", description: "Group and version of this representation." },
    kind: { type: "string", description: "What the object is." },
    metadata: { type: "object", description: "Name, labels, and what the server keeps of every object." },
  };
  return { ...schema, properties: { ...objectAt(schema, "properties"), ...ordinary } };
}
