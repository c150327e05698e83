import { createHash } from "node:crypto";
import type { JsonObject } from "#lib/protocol/index.ts";
import { objectAt } from "../storage/api-object.ts";
import { apiVersionOf, type Resource } from "../api/resource.ts";
import { subresourcesOf } from "../api/discovery.ts";
import { builtInSchemas, modelNameOf, schemaNameOf } from "./built-in-schemas.ts";

/** GET /openapi/v3: where the description of each group and version is, with a mark that changes with what is served there. */
export function openapiRoot(resources: readonly Resource[]): JsonObject {
  const groups = Map.groupBy(resources, pathOf);
  const paths = [...groups].map(([path, rows]) => {
    const shapes = rows.map(({ plural, schema }) => [plural, schema ?? "built-in"]);
    const hash = createHash("sha256").update(JSON.stringify(shapes)).digest("hex").slice(0, 32).toUpperCase();
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }] as const;
  });
  return { paths: Object.fromEntries(paths) };
}

/**
 * Of one group and version, what kubectl reads before it sends an object, makes a patch or explains a field: which kinds
 * can be written, that their fields are checked by the server, and how they look.
 */
export function openapiOf(resources: readonly Resource[], group: string, version: string): JsonObject | undefined {
  const served = resources.filter((resource) => resource.group === group && resource.version === version);
  if (served.length === 0) return undefined;
  return {
    openapi: "3.0.0",
    info: { title: "kube-inflight embedded cluster", version: "v1.36.3" },
    paths: Object.fromEntries(served.flatMap(pathsOf)),
    components: { schemas: schemasOf(served) },
  };
}

function pathOf({ group, version }: Pick<Resource, "group" | "version">): string {
  return group === "" ? `api/${version}` : `apis/${group}/${version}`;
}

function pathsOf(resource: Resource): readonly (readonly [string, JsonObject])[] {
  const namespaces = resource.isNamespaced ? "namespaces/{namespace}/" : "";
  const collection = `/${pathOf(resource)}/${namespaces}${resource.plural}`;
  const object = { put: operation(resource, "put"), patch: operation(resource, "patch") };
  const written = subresourcesOf(resource).filter(({ verbs }) => verbs.includes("patch"));
  return [
    [collection, { post: operation(resource, "post") }],
    [`${collection}/{name}`, object],
    ...written.map(({ name }) => [`${collection}/{name}/${name}`, object] as const),
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

function schemasOf(served: readonly Resource[]): JsonObject {
  const [{ group, version } = { group: "", version: "" }] = served;
  const builtIn = served.filter(({ schema }) => schema === undefined).map(modelNameOf);
  const prefix = `io.k8s.api.${group === "" ? "core" : (group.split(".")[0] ?? group)}.${version}`;
  // Any built-in kind describes the members that all objects have.
  const found = builtInSchemas([...builtIn, "V1ConfigMap"], prefix);
  const ordinary = objectAt(found[schemaNameOf("V1ConfigMap", prefix)] ?? {}, "properties");
  const kinds = served.map((resource) => {
    const name = schemaName(resource, prefix);
    const schema = resource.schema === undefined ? found[name] : withOrdinary(resource.schema, ordinary);
    return [name, { ...(schema ?? openSchema(resource)), ...kindOf(resource) }] as const;
  });
  return { ...found, ...Object.fromEntries(kinds) };
}

function schemaName(resource: Resource, prefix: string): string {
  const { group, version, kind, schema } = resource;
  if (schema !== undefined) return [...group.split(".").toReversed(), version, kind].join(".");
  return schemaNameOf(modelNameOf(resource), prefix);
}

function kindOf({ group, version, kind }: Resource): JsonObject {
  return { "x-kubernetes-group-version-kind": [{ group, version, kind }] };
}

/** Of a kind that nobody describes. */
function openSchema(resource: Resource): JsonObject {
  const description = `${resource.kind} of ${apiVersionOf(resource)}`;
  return { type: "object", description, "x-kubernetes-preserve-unknown-fields": true };
}

/** What a definition says, and what every object has. */
function withOrdinary(schema: JsonObject, { apiVersion, kind, metadata }: JsonObject): JsonObject {
  return { ...schema, type: "object", properties: { ...objectAt(schema, "properties"), apiVersion, kind, metadata } };
}
