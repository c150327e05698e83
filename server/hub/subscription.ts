import type { JsonObject, MergePatch, Problem } from "#lib/protocol/index.ts";

/** How a subscription reaches its client. */
export interface Outlet {
  snapshot(seq: number, value: JsonObject): void;
  delta(seq: number, patch: MergePatch): void;
  closed(problem: Problem): void;
  /** What would have been sent was not: the client is behind. */
  coalesced?(): void;
}

/** What a room holds by now. */
export interface Held {
  readonly seq: number;
  readonly value: JsonObject;
}

/** `waiting`: the room has no value yet. `coalescing`: the client is behind, and gets nothing until it has caught up. */
type Flow =
  | { readonly phase: "waiting" }
  | { readonly phase: "live"; readonly sent: number; readonly acknowledged: number }
  | { readonly phase: "coalescing"; readonly sent: number }
  | { readonly phase: "ended" };

/** Messages that may be on their way to one subscription without having been acknowledged. */
export const credit = 8;

/**
 * One subscriber of a room. Nothing is queued for it here: a client that does not acknowledge is owed at most `credit`
 * messages, after that the room's current value takes the place of everything it missed.
 */
export class Subscription {
  readonly #outlet: Outlet;
  #flow: Flow = { phase: "waiting" };

  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  get hasEnded(): boolean {
    return this.#flow.phase === "ended";
  }

  /** The room has a whole value, which replaces whatever the client has. */
  hearSnapshot(held: Held): void {
    switch (this.#flow.phase) {
      case "waiting":
        this.#begin(held);
        break;
      case "live":
        if (this.#spend(held.seq)) this.#outlet.snapshot(held.seq, held.value);
        break;
      case "coalescing":
        this.#outlet.coalesced?.();
        break;
      case "ended":
        break;
      default:
        assertNever(this.#flow);
    }
  }

  hearDelta(seq: number, patch: MergePatch): void {
    if (this.#flow.phase === "coalescing") this.#outlet.coalesced?.();
    else if (this.#flow.phase === "live" && this.#spend(seq)) this.#outlet.delta(seq, patch);
  }

  hearClosed(problem: Problem): void {
    if (this.#flow.phase === "ended") return;
    this.#flow = { phase: "ended" };
    this.#outlet.closed(problem);
  }

  /**
   * The client applied everything up to `seq`. One that had fallen behind and caught up goes on with `current()`.
   *
   * @returns false when nothing with that number was sent to it: of an earlier subscription, or made up.
   */
  acknowledge(seq: number, current: () => Held | undefined): boolean {
    const flow = this.#flow;
    if (flow.phase === "waiting" || flow.phase === "ended" || seq > flow.sent) return false;
    if (flow.phase === "live") {
      this.#flow = { ...flow, acknowledged: Math.max(flow.acknowledged, seq) };
    } else if (seq === flow.sent) {
      const held = current();
      if (held === undefined) this.#flow = { phase: "waiting" };
      else this.#begin(held);
    }
    return true;
  }

  /** Idempotent. The client hears nothing more. */
  end(): void {
    this.#flow = { phase: "ended" };
  }

  #begin(held: Held): void {
    this.#flow = { phase: "live", sent: held.seq, acknowledged: held.seq - 1 };
    this.#outlet.snapshot(held.seq, held.value);
  }

  /** @returns whether the message with this number may be sent; if not, the client has fallen behind. */
  #spend(seq: number): boolean {
    if (this.#flow.phase !== "live") return false;
    const { sent, acknowledged } = this.#flow;
    const isAllowed = seq - acknowledged <= credit;
    this.#flow = isAllowed ? { phase: "live", sent: seq, acknowledged } : { phase: "coalescing", sent };
    if (!isAllowed) this.#outlet.coalesced?.();
    return isAllowed;
  }
}

function assertNever(flow: never): never {
  throw new Error(`a subscription cannot be in ${JSON.stringify(flow)}`);
}
