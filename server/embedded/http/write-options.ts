import type { IncomingMessage } from "node:http";
import type { JsonObject } from "#lib/protocol/index.ts";
import { badRequest, invalid, type FieldError } from "../api/status.ts";
import { isJsonObject, lookup, textAt } from "../storage/api-object.ts";

const defaultGraceSeconds = 30;

/** What the query of a write says, and who writes: whom it names, else the program that sends it. */
export function writeOptions(request: IncomingMessage, query: URLSearchParams) {
  const dryRun = query.get("dryRun") ?? "";
  if (dryRun !== "" && dryRun !== "All") throw badRequest(`dryRun: Unsupported value: ${JSON.stringify(dryRun)}`);
  const manager = query.get("fieldManager") || programOf(request.headers["user-agent"]);
  return { isDryRun: dryRun === "All", isStrict: query.get("fieldValidation") === "Strict", manager };
}

/** Upstream: `prefixFromUserAgent`. */
function programOf(userAgent = "unknown"): string {
  return userAgent.split("/", 1)[0]?.slice(0, 128) ?? "unknown";
}

/** Upstream: `ValidatePatchOptions`. */
export function applyOptions(query: URLSearchParams) {
  const manager = query.get("fieldManager") ?? "";
  if (manager === "") {
    refuse({
      field: "fieldManager",
      reason: "FieldValueRequired",
      detail: "Required value: is required for apply patch",
    });
  }
  return { manager, isForced: query.get("force") === "true" };
}

export function refuseForce(query: URLSearchParams): void {
  if (query.get("force") !== "true") return;
  refuse({
    field: "force",
    reason: "FieldValueForbidden",
    detail: "Forbidden: may not be specified for non-apply patch",
  });
}

function refuse(error: FieldError): never {
  throw invalid({ group: "meta.k8s.io", kind: "PatchOptions" }, [error]);
}

const finalizers: Readonly<Record<string, string>> = { Orphan: "orphan", Foreground: "foregroundDeletion" };

/** Of a deletion: `pod` is what a pod itself says of the time that it needs. */
export function deleteOptions(body: JsonObject, query: URLSearchParams, pod?: JsonObject) {
  const preconditions = isJsonObject(body["preconditions"]) ? body["preconditions"] : {};
  const policy = textAt(body, "propagationPolicy") || (query.get("propagationPolicy") ?? "");
  const asked = body["gracePeriodSeconds"] ?? query.get("gracePeriodSeconds");
  const ownPeriod = lookup(pod ?? {}, "spec", "terminationGracePeriodSeconds") ?? defaultGraceSeconds;
  const isOrphaning = body["orphanDependents"] === true || query.get("orphanDependents") === "true";
  const finalizer = isOrphaning ? finalizers["Orphan"] : finalizers[policy];
  return {
    uid: textAt(preconditions, "uid"),
    resourceVersion: textAt(preconditions, "resourceVersion"),
    gracePeriodSeconds: Number(asked ?? ownPeriod),
    ...(finalizer === undefined ? {} : { finalizer }),
  };
}
