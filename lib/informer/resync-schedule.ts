import type { Instant } from "#lib/clock/index.ts";

/** Upstream: `minimumResyncPeriod`. */
export const minimumResyncPeriodMs = 1_000;

/**
 * When one handler wants its cache again. `requested` is what was asked for, after the lower bounds; `periodMs` is
 * what the informer's check period makes of it. 0 is never. Upstream: `processorListener.shouldResync`.
 */
export class ResyncSchedule {
  readonly requestedMs: number;
  #periodMs: number;
  #nextAt: Instant;

  constructor(requestedMs: number, checkPeriodMs: number, now: Instant) {
    this.requestedMs = requestedMs;
    this.#periodMs = effectivePeriod(requestedMs, checkPeriodMs);
    this.#nextAt = now + this.#periodMs;
  }

  get periodMs(): number {
    return this.#periodMs;
  }

  /** The instant that is due next stays: it was set at registration. */
  checkPeriodChanged(checkPeriodMs: number): void {
    this.#periodMs = effectivePeriod(this.requestedMs, checkPeriodMs);
  }

  /** Whether it is due at this check; if so the next one is a period from now. */
  takeIfDue(now: Instant): boolean {
    if (this.#periodMs === 0 || now < this.#nextAt) return false;
    this.#nextAt = now + this.#periodMs;
    return true;
  }
}

/** Upstream: `determineResyncPeriod`. */
function effectivePeriod(requestedMs: number, checkPeriodMs: number): number {
  if (requestedMs === 0 || checkPeriodMs === 0) return 0;
  return Math.max(requestedMs, checkPeriodMs);
}
