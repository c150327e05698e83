import type { JsonObject } from "#lib/protocol/index.ts";
import { isJsonObject, textAt, type ApiObject, type Metadata } from "../storage/api-object.ts";
import type { Storage } from "../storage/storage.ts";
import { isDnsLabel, isDnsSubdomain } from "./names.ts";
import { apiVersionOf, type Resource } from "./resource.ts";
import { badRequest, forbidden, invalid, notFound, type StatusSubject } from "./status.ts";

/** What a body must agree with: the kind that the URL names, and its namespace. */
export function parseObject(resource: Resource, namespace: string, body: JsonObject): ApiObject {
  const { kind } = resource;
  const apiVersion = apiVersionOf(resource);
  if ((body["kind"] ?? kind) !== kind || (body["apiVersion"] ?? apiVersion) !== apiVersion) {
    const got = `${textAt(body, "apiVersion")}, Kind=${textAt(body, "kind")}`;
    throw badRequest(`the object provided is unrecognized: must be of type ${kind} in ${apiVersion}, got ${got}`);
  }
  const metadata = parseMetadata(resource, body);
  const own = metadata.namespace;
  if (resource.isNamespaced && own !== undefined && own !== "" && own !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  return { ...body, apiVersion, kind, metadata };
}

function parseMetadata({ outline, kind, group, version }: Resource, body: JsonObject): Metadata {
  const parsed = outline.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join(".") ?? "";
    const what = `${kind} in version "${apiVersionOf({ group, version })}" cannot be handled as a ${kind}`;
    throw badRequest(`${what}: ${where}: ${issue?.message ?? "unexpected"}`);
  }
  const metadata = isJsonObject(body["metadata"]) ? body["metadata"] : {};
  // The outline has looked at every member that the type names.
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null));
}

export function admitName({ group, kind, storage }: Resource, name: string): void {
  const isValid = storage === "namespaces" ? isDnsLabel(name) : isDnsSubdomain(name);
  if (isValid) return;
  const what = storage === "namespaces" ? "label" : "subdomain";
  const detail = `Invalid value: ${JSON.stringify(name)}: a lowercase RFC 1123 ${what} is needed`;
  throw invalid({ group, kind, name }, [{ field: "metadata.name", reason: "FieldValueInvalid", detail }]);
}

/** Upstream: the NamespaceLifecycle admission plugin. */
export function admitNamespace(storage: Storage, namespace: string, subject: StatusSubject): void {
  const stored = storage.table("namespaces").get(namespace);
  if (stored === undefined) throw notFound({ group: "", kind: "namespaces", name: namespace });
  if (textAt(stored.object, "status", "phase") !== "Terminating") return;
  throw forbidden(subject, `unable to create new content in namespace ${namespace} because it is being terminated`);
}
