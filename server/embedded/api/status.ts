import type { JsonObject } from "#lib/protocol/index.ts";

interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

/** What an error is about: a resource ("pods") or a kind ("Pod"), as the real server names it for that error. */
export interface StatusSubject {
  readonly group: string;
  readonly kind: string;
  readonly name?: string;
}

interface StatusParts {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly subject?: StatusSubject;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
  readonly continueToken?: string;
}

/** A refusal in the words of the API: thrown where the reason is known, written as a `Status` where the request ends. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly code: number;
  readonly retryAfterSeconds: number | undefined;
  readonly status: JsonObject;

  constructor(parts: StatusParts) {
    super(parts.message);
    this.code = parts.code;
    this.retryAfterSeconds = parts.retryAfterSeconds;
    this.status = {
      kind: "Status",
      apiVersion: "v1",
      metadata: { continue: parts.continueToken },
      status: "Failure",
      message: parts.message,
      reason: parts.reason,
      details: detailsOf(parts),
      code: parts.code,
    };
  }
}

function detailsOf({ subject, uid, causes, retryAfterSeconds }: StatusParts): JsonObject | undefined {
  if (subject === undefined && causes === undefined && retryAfterSeconds === undefined) return undefined;
  return {
    name: orNothing(subject?.name),
    group: orNothing(subject?.group),
    kind: orNothing(subject?.kind),
    uid,
    causes: causes?.map((cause) => ({ ...cause })),
    retryAfterSeconds,
  };
}

function orNothing(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

/** `pods`, `leases.coordination.k8s.io`. */
function qualified(subject: { readonly group: string; readonly kind: string }): string {
  return subject.group === "" ? subject.kind : `${subject.kind}.${subject.group}`;
}

export function notFound(subject: StatusSubject): StatusError {
  const message = `${qualified(subject)} "${subject.name ?? ""}" not found`;
  return new StatusError({ code: 404, reason: "NotFound", message, subject });
}

export function alreadyExists(subject: StatusSubject): StatusError {
  const message = `${qualified(subject)} "${subject.name ?? ""}" already exists`;
  return new StatusError({ code: 409, reason: "AlreadyExists", message, subject });
}

export function conflict(subject: StatusSubject, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(subject)} "${subject.name ?? ""}": ${why}`;
  return new StatusError({ code: 409, reason: "Conflict", message, subject });
}

export const modifiedMeanwhile =
  "the object has been modified; please apply your changes to the latest version and try again";

export function forbidden(subject: StatusSubject, why: string): StatusError {
  const message = `${qualified(subject)} "${subject.name ?? ""}" is forbidden: ${why}`;
  return new StatusError({ code: 403, reason: "Forbidden", message, subject });
}

/** One thing that is wrong with an object. `reason` is a `field.ErrorType` of the real server. */
export interface FieldError {
  readonly field: string;
  readonly reason:
    | "FieldValueRequired"
    | "FieldValueInvalid"
    | "FieldValueForbidden"
    | "FieldValueNotSupported"
    | "FieldValueTypeInvalid"
    | "FieldValueTooLong"
    | "FieldValueTooMany";
  readonly detail: string;
}

export function invalid(subject: StatusSubject, errors: readonly FieldError[]): StatusError {
  const causes = errors.map(({ field, reason, detail }) => ({ reason, message: detail, field }));
  const texts = errors.map(({ field, detail }) => `${field}: ${detail}`);
  const list = texts.length === 1 ? texts.join("") : `[${texts.join(", ")}]`;
  const message = `${qualified(subject)} "${subject.name ?? ""}" is invalid: ${list}`;
  return new StatusError({ code: 422, reason: "Invalid", message, subject, causes });
}

/** A patch that does not apply. Upstream has no words for what is wrong with it. */
export function unprocessable(): StatusError {
  const message = "the server rejected our request due to an error in our request";
  return new StatusError({ code: 422, reason: "Invalid", message, causes: [] });
}

export function badRequest(message: string): StatusError {
  return new StatusError({ code: 400, reason: "BadRequest", message });
}

/** Nothing is served under this path. */
export function unknownPath(): StatusError {
  const message = "the server could not find the requested resource";
  return new StatusError({ code: 404, reason: "NotFound", message });
}

export function methodNotAllowed(): StatusError {
  const message = "the server does not allow this method on the requested resource";
  return new StatusError({ code: 405, reason: "MethodNotAllowed", message });
}

export function unauthorized(): StatusError {
  return new StatusError({ code: 401, reason: "Unauthorized", message: "Unauthorized" });
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`;
  return new StatusError({ code: 415, reason: "UnsupportedMediaType", message });
}

export function notAcceptable(offered: readonly string[]): StatusError {
  const message = `only the following media types are accepted: ${offered.join(", ")}`;
  return new StatusError({ code: 406, reason: "NotAcceptable", message });
}

export function bodyTooLarge(limit: number): StatusError {
  const message = `Request entity is too large: limit is ${limit}`;
  return new StatusError({ code: 413, reason: "RequestEntityTooLarge", message });
}

export function expired(message: string, continueToken?: string): StatusError {
  return new StatusError({
    code: 410,
    reason: "Expired",
    message,
    ...(continueToken === undefined ? {} : { continueToken }),
  });
}

/** A version that does not exist yet. A real server waits some seconds for it; this one has nothing to catch up with. */
export function tooLargeResourceVersion(asked: number, current: number): StatusError {
  const causes = [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }];
  const message = `Too large resource version: ${asked}, current: ${current}`;
  return new StatusError({ code: 504, reason: "Timeout", message, causes, retryAfterSeconds: 1 });
}

/** The `Status` of a deletion that left no object to answer with. */
export function success(subject: StatusSubject, uid: string | undefined): JsonObject {
  const details = { name: orNothing(subject.name), group: orNothing(subject.group), kind: subject.kind, uid };
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
}
