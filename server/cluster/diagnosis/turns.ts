import type { Clock } from "#lib/clock/index.ts";

/** Others have their turn after so long. */
const turnMs = 8;

/** Long work in turns of a few milliseconds: whatever else there is to do is done in between. */
export class Turns {
  readonly #clock: Clock;
  #endsAt = 0;
  #longestMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The longest that one took since the start. */
  get longestMs(): number {
    return this.#longestMs;
  }

  begin(): void {
    this.#endsAt = this.#clock.now() + turnMs;
  }

  /** Then {@link yield}, and not before: that takes much longer than asking. */
  get isOver(): boolean {
    return this.#clock.now() >= this.#endsAt;
  }

  async yield(): Promise<void> {
    this.#longestMs = Math.max(this.#longestMs, this.#clock.now() - this.#endsAt + turnMs);
    await this.#clock.yield();
    this.begin();
  }
}
