/** Milliseconds since the Unix epoch. May carry a fraction. */
export type Instant = number;

/** What undoes a timer. Cancelling twice, or after it fired, is harmless. */
export interface Timer {
  cancel(): void;
}

/**
 * Time as an argument. Nothing in `lib` reads the ambient clock, so everything in it replays exactly and runs in
 * Node, in a worker and in the browser alike.
 */
export interface Clock {
  now(): Instant;
  /** Runs `callback` once, `delayMs` from now, never synchronously. */
  setTimer(delayMs: number, callback: () => void): Timer;
  /** Lets other work run: sockets, timers, other handlers. Resolves as soon as they had their turn. */
  yield(): Promise<void>;
}

/** Cancellation. Structurally an `AbortSignal`, which `lib` cannot name: it compiles without ambient types. */
export interface Signal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** Resolves after `delayMs`, or at once when `signal` is aborted. Never rejects: ask the signal why it returned. */
export function sleep(clock: Clock, delayMs: number, signal?: Signal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const finish = (): void => {
      timer.cancel();
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const timer = clock.setTimer(delayMs, finish);
    signal?.addEventListener("abort", finish, { once: true });
  });
}
