import type { Clock, Timer } from "#lib/clock/index.ts";
import { orderingWindowMs } from "./backoff-queue.ts";

export const unschedulableFlushIntervalMs = 30_000;

export interface FlushTimersOptions {
  readonly clock: Clock;
  /** Whether the backoff flush keeps to whole seconds, where the windows of backoffQ end. */
  readonly isAligned: boolean;
  readonly flushBackoff: () => void;
  readonly flushUnschedulable: () => void;
}

/** The two flushes on their timers. Upstream: `PriorityQueue.Run`. Stopping twice is harmless. */
export function runFlushTimers(options: FlushTimersOptions): () => void {
  const { clock } = options;
  let isStopped = false;
  const timers = new Map<string, Timer>();
  const after = (name: string, delayMs: number, run: () => void): void => {
    if (!isStopped) timers.set(name, clock.setTimer(delayMs, run));
  };
  const untilNextBackoffFlush = (): number =>
    options.isAligned ? orderingWindowMs - (clock.now() % orderingWindowMs) : orderingWindowMs;
  const flushBackoff = (): void => {
    options.flushBackoff();
    after("backoff", untilNextBackoffFlush(), flushBackoff);
  };
  const flushUnschedulable = (): void => {
    options.flushUnschedulable();
    after("unschedulable", unschedulableFlushIntervalMs, flushUnschedulable);
  };
  after("backoff", untilNextBackoffFlush(), flushBackoff);
  after("unschedulable", 0, flushUnschedulable);
  return () => {
    isStopped = true;
    for (const timer of timers.values()) timer.cancel();
  };
}
