import type { Instant, Timer } from "#lib/clock/index.ts";
import type { Fault, FaultRequest, FaultVerb } from "#lib/protocol/index.ts";
import type { Strike } from "./strike.ts";

const defaultDelayMs = 2_000;
const defaultRetryAfterSeconds = 1;
const bothVerbs: readonly FaultVerb[] = ["list", "watch"];

/** One fault while it is on: whom it is about, and what it has hit. */
export class ActiveFault {
  readonly request: FaultRequest;
  readonly timers: Timer[] = [];
  #told: Fault;

  constructor(id: string, request: FaultRequest, now: Instant) {
    const { kind, resource, verbs = bothVerbs, durationMs, count, delayMs, retryAfterSeconds } = request;
    this.request = request;
    this.#told = {
      id,
      kind,
      verbs: bothVerbs.filter((verb) => verbs.includes(verb)),
      since: now,
      hits: { lists: 0, watches: 0 },
      ...(resource === undefined ? {} : { resource }),
      ...(durationMs === undefined ? {} : { until: now + durationMs }),
      ...(count === undefined ? {} : { left: count }),
      ...(kind === "slow" ? { delayMs: delayMs ?? defaultDelayMs } : {}),
      ...(kind === "throttle" ? { retryAfterSeconds: retryAfterSeconds ?? defaultRetryAfterSeconds } : {}),
    };
  }

  /** As it is told. */
  get fault(): Fault {
    return this.#told;
  }

  get isSpent(): boolean {
    return this.#told.left === 0;
  }

  isAbout(resource: string, verb: FaultVerb): boolean {
    return (this.#told.resource ?? resource) === resource && this.#told.verbs.includes(verb);
  }

  /** What it does to whom it hits; nothing where it only makes wait. */
  get strike(): Strike | undefined {
    const { kind, retryAfterSeconds = defaultRetryAfterSeconds } = this.#told;
    switch (kind) {
      case "throttle":
        return { kind, retryAfterSeconds };
      case "slow":
      case "compact":
      case "refuse":
        return undefined;
      case "drop":
      case "gone":
      case "garbage":
      case "half":
      case "error":
      case "unauthorized":
        return { kind };
      default:
        return kind satisfies never;
    }
  }

  hit(verb: FaultVerb, now: Instant): void {
    const { hits } = this.#told;
    const counted = verb === "list" ? { lists: hits.lists + 1 } : { watches: hits.watches + 1 };
    this.#told = { ...this.#told, hits: { ...hits, ...counted }, lastHitAt: now };
  }

  /** It has struck once more. */
  spend(): void {
    const { left } = this.#told;
    if (left !== undefined) this.#told = { ...this.#told, left: Math.max(0, left - 1) };
  }

  end(now: Instant): Fault {
    for (const timer of this.timers.splice(0)) timer.cancel();
    this.#told = { ...this.#told, endedAt: now };
    return this.#told;
  }
}
