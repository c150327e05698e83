/** The line to the server. Instants are on the server's clock. */
export type ConnectionState =
  | { readonly phase: "connecting" }
  | { readonly phase: "connected" }
  /** `retryAt` is absent while an attempt is being made. */
  | { readonly phase: "lost"; readonly since: number; readonly attempt: number; readonly retryAt?: number }
  /** Trying again would not help: the page has to be reloaded, or signed in again. */
  | { readonly phase: "refused"; readonly message: string };

/** Delay before the next attempt, after so many have failed. */
export function retryDelayMs(failedAttempts: number): number {
  return Math.min(15_000, 1_000 * 2 ** Math.max(0, failedAttempts));
}

/** The state after an attempt failed, or the connection broke. */
export function afterLoss(state: ConnectionState, now: number): Extract<ConnectionState, { phase: "lost" }> {
  const failedAttempts = state.phase === "lost" ? state.attempt : 0;
  return {
    phase: "lost",
    since: state.phase === "lost" ? state.since : now,
    attempt: failedAttempts + 1,
    retryAt: now + retryDelayMs(failedAttempts),
  };
}
