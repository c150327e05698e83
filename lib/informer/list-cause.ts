import type { Instant } from "#lib/clock/index.ts";
import {
  ApiStatusError,
  ConnectionError,
  describeError,
  isExpired,
  isTooLargeResourceVersion,
  isTooManyRequests,
} from "./api-errors.ts";

/** Why the whole collection is asked for. */
export type ListCauseKind =
  | "initial"
  | "asked"
  | "expired"
  | "tooLarge"
  | "connection"
  | "shortWatch"
  | "forbidden"
  | "throttled"
  | "serverError"
  | "other";

export interface ListCause {
  readonly kind: ListCauseKind;
  /** In the words of the server or the connection. */
  readonly reason: string;
}

/** One time that the collection was asked for: a round's list or streaming list, or the one after the other. */
export interface ListRecord {
  readonly at: Instant;
  readonly cause: ListCause;
  readonly outcome: "running" | "done" | "failed" | "interrupted";
  readonly tookMs?: number;
  readonly isStreamed: boolean;
  readonly objects: number;
  /** Requests for pages; 0 for a streaming list. */
  readonly pages: number;
  readonly resourceVersion?: string;
  readonly error?: unknown;
}

export function causeOf(error: unknown): ListCause {
  return { kind: kindOf(error), reason: describeError(error) };
}

function kindOf(error: unknown): ListCauseKind {
  if (error instanceof ConnectionError) return "connection";
  if (isExpired(error)) return "expired";
  if (isTooLargeResourceVersion(error)) return "tooLarge";
  if (isTooManyRequests(error)) return "throttled";
  if (!(error instanceof ApiStatusError)) return "other";
  if (error.code === 403 || error.code === 401) return "forbidden";
  return error.code >= 500 ? "serverError" : "other";
}
