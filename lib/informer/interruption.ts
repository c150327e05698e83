import type { Signal } from "#lib/clock/index.ts";

/** The signal was aborted while something was waited for. Whoever handed in the signal knows why. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
  constructor() {
    super("interrupted: the signal was aborted");
  }
}

/**
 * Settles as `promise` does, or rejects with an {@link InterruptedError} as soon as `signal` is aborted: a transport
 * that is slow to notice holds nobody up. What the abandoned promise does afterwards is ignored.
 */
export function orInterrupted<R>(promise: Promise<R>, signal: Signal): Promise<R> {
  return new Promise((resolve, reject) => {
    const interrupt = (): void => reject(new InterruptedError());
    if (signal.aborted) interrupt();
    else signal.addEventListener("abort", interrupt, { once: true });
    promise.then(
      (value) => {
        signal.removeEventListener("abort", interrupt);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener("abort", interrupt);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
