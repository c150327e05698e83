import type { Clock, Timer } from "#lib/clock/index.ts";
import { StatusError } from "../api/status.ts";

interface ReconcilerOptions {
  readonly clock: Clock;
  readonly reconcile: (key: string) => void;
}

const delayMs = 20;
const retryMs = 1000;
/** So that a thousand new objects do not keep the server from answering. */
const keysPerTurn = 50;

/** Runs `reconcile` for a key soon after it was marked, once however often that was. A refused write is tried again later. */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #marked = new Set<string>();
  readonly #retries = new Set<Timer>();
  #timer: Timer | undefined;
  #isStopped = false;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  mark(key: string): void {
    if (this.#isStopped) return;
    this.#marked.add(key);
    this.#timer ??= this.#options.clock.setTimer(delayMs, () => this.#turn());
  }

  stop(): void {
    this.#isStopped = true;
    this.#marked.clear();
    this.#timer?.cancel();
    for (const timer of this.#retries) timer.cancel();
  }

  #turn(): void {
    this.#timer = undefined;
    let left = keysPerTurn;
    for (const key of this.#marked) {
      if (left-- === 0) break;
      this.#marked.delete(key);
      this.#run(key);
    }
    const [next] = this.#marked;
    if (next !== undefined) this.mark(next);
  }

  #run(key: string): void {
    try {
      this.#options.reconcile(key);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      const timer = this.#options.clock.setTimer(retryMs, () => {
        this.#retries.delete(timer);
        this.mark(key);
      });
      this.#retries.add(timer);
    }
  }
}
