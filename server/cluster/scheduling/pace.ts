import type { Clock, Instant } from "#lib/clock/index.ts";
import type { Pod } from "#lib/kube/index.ts";
import { attemptLabel } from "#lib/protocol/index.ts";
import type { PriorityQueue } from "#lib/queue/index.ts";

/** Long enough that several pods are in flight at once and a person sees it. */
const defaultBindingMs = 2_000;
/** Pods that fit nowhere are the most: each is looked at for a shorter time. */
const postFilterShare = 0.15;
/** Longer than a binding takes: whoever was popped before is back before. */
const longShare = 1.5;
/** While so many wait for their turn, only a few take their time; the others pass them quickly. */
const crowd = 20;
const mostLingering = 3;
const briefShare = 0.04;
/** A scenario that begins while we watch comes one object at a time: so long it is not taken for small because few have come. */
const stageMs = 5_000;

/**
 * How long an attempt takes in the embedded cluster, where nothing needs time: long enough to be seen, and short enough
 * that nobody waits in activeQ for ever.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #queue: PriorityQueue;
  #chosenMs = defaultBindingMs;
  /** A cluster is found as if it had run before: what waits at the start is tried at full speed, once. */
  #hasCaughtUp = false;
  #mostWaiting = 0;
  #cyclesBefore = 0;
  #stageStandsAt: Instant = Number.NEGATIVE_INFINITY;
  /** When those that take their time are through. */
  #lingering: readonly Instant[] = [];

  constructor(clock: Clock, queue: PriorityQueue) {
    this.#clock = clock;
    this.#queue = queue;
  }

  get chosenMs(): number {
    return this.#chosenMs;
  }

  /** By a person: then nothing is hurried any more because it waited at the start. */
  choose(bindingMs: number): void {
    this.#chosenMs = bindingMs;
    this.#hasCaughtUp = true;
  }

  /** Another cluster stands there. Hurried, it is found as if it had run before. */
  beginAnew({ isHurried }: { readonly isHurried: boolean }): void {
    this.#chosenMs = defaultBindingMs;
    this.#hasCaughtUp = !isHurried;
    this.#mostWaiting = 0;
    this.#cyclesBefore = this.#queue.schedulingCycle;
    this.#stageStandsAt = this.#clock.now() + stageMs;
    this.#lingering = [];
  }

  bindingMs(): number {
    const isCatchingUp = this.#isCatchingUp();
    if (!this.#isCrowded()) return isCatchingUp ? 0 : this.#chosenMs;
    const now = this.#clock.now();
    this.#lingering = this.#lingering.filter((until) => until > now);
    if (this.#lingering.length >= mostLingering) return isCatchingUp ? 0 : this.#chosenMs * briefShare;
    this.#lingering = [...this.#lingering, now + this.#chosenMs];
    return this.#chosenMs;
  }

  postFilterMs({ metadata }: Pod): number {
    const length = metadata.labels?.[attemptLabel];
    if (length === "short") return this.#chosenMs * postFilterShare;
    if (length === "long") return this.#chosenMs * longShare;
    if (this.#isCatchingUp()) return 0;
    return this.#chosenMs * (this.#isCrowded() ? briefShare : postFilterShare);
  }

  #isCrowded(): boolean {
    return this.#queue.view.sizes().active >= crowd;
  }

  #isCatchingUp(): boolean {
    const { active, backoff, errorBackoff, unschedulable, inFlight } = this.#queue.view.sizes();
    this.#mostWaiting = Math.max(this.#mostWaiting, active + backoff + errorBackoff + unschedulable + inFlight);
    // Once each: where much happens, those who come back keep activeQ from ever being empty.
    const cycles = this.#queue.schedulingCycle - this.#cyclesBefore;
    const isComplete = this.#clock.now() >= this.#stageStandsAt;
    this.#hasCaughtUp ||= isComplete && (active === 0 || cycles > this.#mostWaiting);
    return !this.#hasCaughtUp;
  }
}
