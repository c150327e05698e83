/** One cause in the details of a Status. */
export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** What a server's refusal says, as far as it is read here. */
export interface ApiStatus {
  readonly code: number;
  /** `Forbidden`, `Expired`, `TooManyRequests` …; empty when the server named none. */
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly StatusCause[];
  /** Whether the Status carries `details` at all. */
  readonly hasDetails: boolean;
  /** From the `Retry-After` header, if it is an integer. The retry layer obeys it and nothing else does. */
  readonly retryAfterSeconds?: number;
}

/** The server answered, and the answer is a refusal: an HTTP status, or an ERROR event in a watch. */
export class ApiStatusError extends Error {
  override readonly name = "ApiStatusError";
  readonly code: number;
  readonly reason: string;
  readonly causes: readonly StatusCause[];
  readonly hasDetails: boolean;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: ApiStatus) {
    super(status.message);
    this.code = status.code;
    this.reason = status.reason;
    this.causes = status.causes;
    this.hasDetails = status.hasDetails;
    this.retryAfterSeconds = status.retryAfterSeconds;
  }
}

/**
 * Why there is no answer, or why its body broke off. `reset`, `eof` and `closed` are a connection that broke or was
 * closed by the other side, `goAway` and `lost` are HTTP/2's words for it.
 */
export type ConnectionErrorKind =
  "refused" | "reset" | "eof" | "closed" | "goAway" | "lost" | "timeout" | "tls" | "dns" | "other";

export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly kind: ConnectionErrorKind;

  constructor(kind: ConnectionErrorKind, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}

/** The server answered with something that cannot be read. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}

/** Known reasons by HTTP code, for answers without a Status. Upstream: `api/errors` `NewGenericServerResponse`. */
const reasonOfCode: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  406: "NotAcceptable",
  409: "Conflict",
  410: "Expired",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

/** Upstream: `api/errors` `knownReasons`. A code decides only where the reason is none of these. */
const knownReasons: ReadonlySet<string> = new Set([
  ...Object.values(reasonOfCode),
  "AlreadyExists",
  "Gone",
  "ServerTimeout",
]);

/**
 * A refusal from what the server sent: a Status as parsed JSON, or anything else (text, nothing), which is then judged
 * by the HTTP code alone.
 *
 * @param httpCode 0 for an ERROR event, which has none
 * @param retryAfter the `Retry-After` header as it came
 */
export function apiStatusError(body: unknown, httpCode: number, retryAfter?: string | null): ApiStatusError {
  const status = isRecord(body) && body["kind"] === "Status" ? body : undefined;
  const details = isRecord(status?.["details"]) ? status["details"] : undefined;
  const code = typeof status?.["code"] === "number" && status["code"] !== 0 ? status["code"] : httpCode;
  const said = stringOf(status?.["message"]) ?? (typeof body === "string" ? body.trim() : "");
  const seconds = /^\d+$/.test(retryAfter ?? "") ? { retryAfterSeconds: Number(retryAfter) } : {};
  return new ApiStatusError({
    code,
    reason: status === undefined ? reasonFor(code) : (stringOf(status["reason"]) ?? ""),
    message: said === "" ? `the server answered with status ${code}` : said,
    causes: causesOf(details?.["causes"]),
    hasDetails: details !== undefined,
    ...seconds,
  });
}

/** The version asked for is gone from the history. Upstream: `isExpiredError`. */
export function isExpired(error: unknown): boolean {
  return isStatus(error, ["Expired", "Gone"], 410);
}

/** The version asked for lies in the server's future. Upstream: `isTooLargeResourceVersionError`. */
export function isTooLargeResourceVersion(error: unknown): boolean {
  if (!(error instanceof ApiStatusError)) return false;
  if (error.causes.some(({ reason }) => reason === "ResourceVersionTooLarge")) return true;
  // Older servers name no such cause.
  const says = (text: string | undefined): boolean => text?.includes("Too large resource version") === true;
  if (error.reason !== "Timeout" || !error.hasDetails) return false;
  return says(error.message) || error.causes.some(({ message }) => message === "Too large resource version");
}

/** Whether the class of the error is worth waiting for instead of relisting. Upstream: `isWatchErrorRetriable`. */
export function isRetriableByWaiting(error: unknown): boolean {
  return isConnectionRefused(error) || isTooManyRequests(error);
}

/** One line for people: what the server said, or what became of the connection. */
export function describeError(error: unknown): string {
  if (error instanceof ApiStatusError) return [error.code || "", error.reason, error.message].filter(Boolean).join(" ");
  if (error instanceof ConnectionError) return `connection ${error.kind}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

/** Upstream: `IsTooManyRequests`, which looks at the code whatever the reason. */
export function isTooManyRequests(error: unknown): boolean {
  return error instanceof ApiStatusError && (error.reason === "TooManyRequests" || error.code === 429);
}

function isConnectionRefused(error: unknown): boolean {
  return error instanceof ConnectionError && error.kind === "refused";
}

function reasonFor(code: number): string {
  return reasonOfCode[code] ?? (code >= 500 ? "InternalError" : "");
}

function isStatus(error: unknown, reasons: readonly string[], code: number): boolean {
  if (!(error instanceof ApiStatusError)) return false;
  return reasons.includes(error.reason) || (error.code === code && !knownReasons.has(error.reason));
}

function causesOf(value: unknown): readonly StatusCause[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((cause) => ({
    ...(typeof cause["reason"] === "string" ? { reason: cause["reason"] } : {}),
    ...(typeof cause["message"] === "string" ? { message: cause["message"] } : {}),
    ...(typeof cause["field"] === "string" ? { field: cause["field"] } : {}),
  }));
}

function stringOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
