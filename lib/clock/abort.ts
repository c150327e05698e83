import type { Signal } from "./clock.ts";

/** The writing end of a {@link Signal}, for code in `lib`, which has no `AbortController`. */
export class Abort {
  #listeners = new Set<() => void>();
  #aborted = false;

  readonly signal: Signal;

  constructor() {
    const isAborted = (): boolean => this.#aborted;
    this.signal = {
      get aborted() {
        return isAborted();
      },
      addEventListener: (_type, listener) => {
        if (!this.#aborted) this.#listeners.add(listener);
      },
      removeEventListener: (_type, listener) => {
        this.#listeners.delete(listener);
      },
    };
  }

  /** Idempotent. Listeners run synchronously, each at most once. */
  abort(): void {
    if (this.#aborted) return;
    this.#aborted = true;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }
}
