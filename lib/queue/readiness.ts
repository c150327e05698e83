/** Those who wait for something to pop. Whoever waits is woken once and looks again. */
export class Readiness {
  readonly #isReady: () => boolean;
  #waiters: (() => void)[] = [];

  constructor(isReady: () => boolean) {
    this.#isReady = isReady;
  }

  wait(): Promise<void> {
    if (this.#isReady()) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Costs nothing while nobody waits. */
  check(): void {
    if (this.#waiters.length === 0 || !this.#isReady()) return;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}
