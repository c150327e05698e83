import type { Clock, Instant } from "#lib/clock/index.ts";
import { quietAfterMessageMs, quietBeforeMessageMs } from "#lib/scheduler/index.ts";
import type { Said } from "./said.ts";

/**
 * Whether the cluster stood still while the scheduler said something. What it has assumed shows only once it is bound,
 * so a change shortly after explains a difference as well as one shortly before.
 */
export class Quiet {
  readonly #clock: Clock;
  #lastChangeAt: Instant | undefined;
  #settling: Said[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Now. */
  get isQuiet(): boolean {
    return this.#lastChangeAt === undefined || this.#clock.now() - this.#lastChangeAt > quietBeforeMessageMs;
  }

  /** A node, or a pod on one, changed. */
  disturb(): void {
    const now = this.#clock.now();
    this.#lastChangeAt = now;
    if (this.#settling.length === 0) return;
    for (const said of this.#settling) if (now - said.failure.at <= quietAfterMessageMs) said.isQuiet = false;
    this.#settling = [];
  }

  /** What was just said is not held against anybody if something changes soon. */
  listen(said: Said): void {
    if (said.isQuiet) this.#settling.push(said);
  }
}
