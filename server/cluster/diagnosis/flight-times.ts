import type { Instant } from "#lib/clock/index.ts";
import { RingBuffer } from "#lib/collections/index.ts";
import type { PriorityQueue } from "#lib/queue/index.ts";

const keptTimes = 500;

/** How long attempts took lately. */
export class FlightTimes {
  readonly #times = new RingBuffer<number>();
  readonly #popped = new Map<string, Instant>();
  readonly #undo: () => void;

  constructor(queue: Pick<PriorityQueue, "observe">) {
    this.#undo = queue.observe((transition) => {
      if (transition.kind === "popped") this.#popped.set(transition.pod.uid, transition.at);
      else if (transition.kind === "handedBack" || transition.kind === "finished") {
        const since = this.#popped.get(transition.pod.uid);
        this.#popped.delete(transition.pod.uid);
        if (since !== undefined) this.#add(transition.at - since);
      }
    });
  }

  /** All but one in a hundred were shorter; `undefined` before the first. */
  get p99Ms(): number | undefined {
    const sorted = [...this.#times.newestFirst()].sort((a, b) => a - b);
    return sorted[Math.floor(0.99 * (sorted.length - 1))];
  }

  /** The attempt that is under way does not count. */
  forget(uid: string): void {
    this.#popped.delete(uid);
  }

  stop(): void {
    this.#undo();
  }

  #add(ms: number): void {
    this.#times.push(ms);
    if (this.#times.size > keptTimes) this.#times.shift();
  }
}
