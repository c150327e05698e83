import type { Instant } from "#lib/clock/index.ts";
import type { QueueObserver, Transition } from "./transitions.ts";

/** A transition before it has its number. */
export type NewTransition = Transition extends infer T ? (T extends Transition ? Omit<T, "seq" | "at"> : never) : never;

/**
 * Those who want to hear every transition. They are told when the operation is over, so they never see the queue half
 * way, and one that throws neither stops the queue nor keeps the others from hearing.
 */
export class Observers {
  readonly #observers = new Map<object, QueueObserver>();
  readonly #now: () => Instant;
  #pending: Transition[] = [];
  #seq = 0;
  #isTelling = false;
  #failures = 0;
  #lastFailure: unknown;

  constructor(now: () => Instant) {
    this.#now = now;
  }

  /** Whether anybody listens: who asks first saves making transitions that nobody hears. */
  get areListening(): boolean {
    return this.#observers.size > 0;
  }

  /** Calls of observers that threw, and what the last of them threw. */
  get failures(): { readonly count: number; readonly last: unknown } {
    return { count: this.#failures, last: this.#lastFailure };
  }

  /** Each call is a new registration. Returns what undoes it; undoing twice is harmless. */
  observe(observer: QueueObserver): () => void {
    const registration = {};
    this.#observers.set(registration, observer);
    return () => void this.#observers.delete(registration);
  }

  /** Kept until {@link tell}. */
  note(transition: NewTransition): void {
    if (!this.areListening) return;
    this.#pending.push({ ...transition, seq: ++this.#seq, at: this.#now() });
  }

  /** At the end of an operation. An observer that calls the queue adds to what is being told, in order. */
  tell(): void {
    if (this.#pending.length === 0 || this.#isTelling) return;
    this.#isTelling = true;
    for (let told = 0; told < this.#pending.length; told++) {
      const transition = this.#pending[told];
      if (transition !== undefined) this.#tellOne(transition);
    }
    this.#pending = [];
    this.#isTelling = false;
  }

  #tellOne(transition: Transition): void {
    for (const [registration, observer] of Array.from(this.#observers)) {
      if (!this.#observers.has(registration)) continue;
      try {
        observer(transition);
      } catch (error) {
        this.#failures++;
        this.#lastFailure = error;
      }
    }
  }
}
