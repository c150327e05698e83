/** Stops what is about to happen until somebody says go. Pausing or resuming twice is harmless. */
export class Pause {
  #over: PromiseWithResolvers<void> | undefined;
  #postponed: (() => void)[] = [];

  get isOn(): boolean {
    return this.#over !== undefined;
  }

  /** Resolves at once while nothing is paused. */
  get over(): Promise<void> {
    return this.#over?.promise ?? Promise.resolve();
  }

  start(): void {
    this.#over ??= Promise.withResolvers<void>();
  }

  /** Does what was postponed, in order. */
  end(): void {
    this.#over?.resolve();
    this.#over = undefined;
    const postponed = this.#postponed;
    this.#postponed = [];
    for (const act of postponed) act();
  }

  /** Ends it, and does nothing of what was postponed. */
  drop(): void {
    this.#postponed = [];
    this.end();
  }

  /** Acts now, or when the pause is over. */
  orLater(act: () => void): void {
    if (this.#over === undefined) act();
    else this.#postponed.push(act);
  }
}
