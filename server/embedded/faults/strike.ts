import type { FaultKind, FaultVerb } from "#lib/protocol/index.ts";

/** What a fault does to one list or watch. */
export type Strike =
  | { readonly kind: "drop" | "gone" | "garbage" | "half" | "error" | "unauthorized" }
  | { readonly kind: "throttle"; readonly retryAfterSeconds: number };

/** A list or a watch that is asked for. */
export interface StruckRequest {
  /** `v1/pods` */
  readonly resource: string;
  readonly verb: FaultVerb;
  /** It goes on from a version that the client knows: a server may have forgotten that one. */
  readonly namesVersion: boolean;
}

/** A watch that is open. */
export interface OpenWatch {
  /** `v1/pods` */
  readonly resource: string;
  /** May end it, and the watch may come back at once. */
  strike(strike: Strike): void;
  /** Breaks the connection, as a network does. */
  cut(): void;
}

/** Who listens for connections. */
export interface Door {
  /** Takes no connection any more and breaks those there are. Answers how many. */
  shut(): number;
  open(): void;
}

/** Faults that strike again and again while they are on: those from which a client recovers at once. */
export const strikesAgain: ReadonlySet<FaultKind> = new Set<FaultKind>(["gone", "compact"]);
export const strikeEveryMs = 5_000;
