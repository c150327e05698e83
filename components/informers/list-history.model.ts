import type { ListCause, ListRecord } from "#lib/protocol/index.ts";

/** In a few words; where the server's or the connection's own are better, they stand alone. */
const causes = {
  initial: "first list",
  asked: "asked for",
  expired: "410 Gone",
  tooLarge: "version in the future",
  connection: undefined,
  shortWatch: "short watch",
  forbidden: "after forbidden",
  throttled: "after too many requests",
  serverError: undefined,
  other: undefined,
} as const satisfies Record<ListCause, string | undefined>;

/** Why everything was asked for. */
export function causeWords({ cause, reason }: Pick<ListRecord, "cause" | "reason">): string {
  return causes[cause] ?? reason;
}

export const outcomeWords = {
  running: "under way",
  done: "done",
  failed: "failed",
  interrupted: "interrupted",
} as const satisfies Record<ListRecord["outcome"], string>;
