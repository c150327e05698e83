import {
  ApiStatusError,
  ConnectionError,
  DecodeError,
  type ListCauseKind,
  type WatchLoss,
} from "#lib/informer/index.ts";

const connections = {
  refused: "Connection refused",
  reset: "Connection reset",
  eof: "EOF",
  closed: "Connection closed",
  goAway: "Connection closed",
  lost: "Connection lost",
  timeout: "Timed out",
  tls: "TLS mismatch",
  dns: "Unknown host",
  other: "Connection failed",
} as const satisfies Record<ConnectionError["kind"], string>;

const causes = {
  initial: "Watch lost",
  asked: "Asked for",
  expired: "410 Gone",
  tooLarge: "Version unknown",
  connection: "Connection lost",
  shortWatch: "Closed at once",
  forbidden: "Forbidden",
  throttled: "Too busy",
  serverError: "Server error",
  other: "Watch lost",
} as const satisfies Record<ListCauseKind, string>;

/** Why a watch was lost, in two words. */
export function watchLossReason({ cause, error }: WatchLoss): string {
  if (error instanceof ConnectionError) return connections[error.kind];
  if (error instanceof ApiStatusError && error.code === 401) return "Sign-in expired";
  if (error instanceof ApiStatusError && error.code === 404) return "Not served";
  if (error instanceof DecodeError) return "Unreadable answer";
  return causes[cause.kind];
}
