import { badRequest, invalid, type FieldError } from "./status.ts";

type VersionMatch = "Exact" | "NotOlderThan";

/** The query of a LIST or WATCH, checked. `resourceVersion` is `undefined` where none was given. */
export interface ListOptions {
  readonly isWatch: boolean;
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly limit: number;
  readonly continueToken: string | undefined;
  readonly resourceVersion: number | undefined;
  readonly versionMatch: VersionMatch | undefined;
  readonly sendInitialEvents: boolean | undefined;
  readonly allowWatchBookmarks: boolean;
  readonly timeoutSeconds: number | undefined;
}

export function parseListOptions(query: URLSearchParams): ListOptions {
  const options: ListOptions = {
    isWatch: isTrue(query.get("watch")) ?? false,
    labelSelector: query.get("labelSelector") ?? "",
    fieldSelector: query.get("fieldSelector") ?? "",
    limit: wholeNumber(query, "limit") ?? 0,
    continueToken: query.get("continue") || undefined,
    resourceVersion: parseVersion(query.get("resourceVersion")),
    versionMatch: (query.get("resourceVersionMatch") || undefined) as VersionMatch | undefined,
    sendInitialEvents: isTrue(query.get("sendInitialEvents")),
    allowWatchBookmarks: isTrue(query.get("allowWatchBookmarks")) ?? false,
    timeoutSeconds: wholeNumber(query, "timeoutSeconds") || undefined,
  };
  const errors = options.isWatch ? watchErrors(options) : listErrors(options);
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", kind: "ListOptions" }, errors);
  if (options.continueToken !== undefined && (options.resourceVersion ?? 0) !== 0) {
    throw badRequest("specifying resource version is not allowed when using continue");
  }
  return options;
}

function isTrue(text: string | null): boolean | undefined {
  if (text === null) return undefined;
  return text !== "false" && text !== "0";
}

function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`${name} must be a whole number, got ${JSON.stringify(text)}`);
  return Number(text);
}

/** Versions are opaque to clients; a server knows its own and refuses what cannot be one. */
function parseVersion(text: string | null): number | undefined {
  if (text === null || text === "") return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const detail = `Invalid value: ${JSON.stringify(text)}: invalid syntax`;
  throw invalid({ group: "meta.k8s.io", kind: "ListOptions" }, [
    { field: "resourceVersion", reason: "FieldValueInvalid", detail },
  ]);
}

function prohibited(field: string, why: string): FieldError {
  return { field, reason: "FieldValueForbidden", detail: `Forbidden: ${why}` };
}

const unknownMatch: FieldError = {
  field: "resourceVersionMatch",
  reason: "FieldValueNotSupported",
  detail: 'Unsupported value: supported values: "Exact", "NotOlderThan"',
};

/** Upstream: `ValidateListOptions`. */
function listErrors(options: ListOptions): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { versionMatch: match, resourceVersion } = options;
  const field = "resourceVersionMatch";
  if (match !== undefined) {
    if (resourceVersion === undefined) {
      errors.push(prohibited(field, `${field} is forbidden unless resourceVersion is provided`));
    }
    if (options.continueToken !== undefined) {
      errors.push(prohibited(field, `${field} is forbidden when continue is provided`));
    }
    if (match !== "Exact" && match !== "NotOlderThan") errors.push(unknownMatch);
    if (match === "Exact" && resourceVersion === 0) {
      errors.push(prohibited(field, `${field} "exact" is forbidden for resourceVersion "0"`));
    }
  }
  if (options.sendInitialEvents !== undefined) {
    errors.push(prohibited("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  }
  return errors;
}

/** Upstream: `validateWatchOptions`. */
function watchErrors({ versionMatch: match, sendInitialEvents, continueToken }: ListOptions): readonly FieldError[] {
  const errors: FieldError[] = [];
  const field = "resourceVersionMatch";
  if (sendInitialEvents !== undefined && match !== "NotOlderThan") {
    errors.push(prohibited(field, `sendInitialEvents requires setting ${field} to NotOlderThan`));
  }
  if (match === undefined) return errors;
  if (sendInitialEvents === undefined) {
    errors.push(prohibited(field, `${field} is forbidden for watch unless sendInitialEvents is provided`));
  }
  if (match !== "NotOlderThan") errors.push(unknownMatch);
  if (continueToken !== undefined) errors.push(prohibited(field, `${field} is forbidden when continue is provided`));
  return errors;
}
