import { applyPatch, diff, type JsonObject } from "#lib/protocol/index.ts";
import type { Clock, Instant, Timer } from "#lib/clock/index.ts";
import { BytePace } from "./byte-pace.ts";

/** What the holder of an open view is told, in order. `seq` grows by one with every message that carries a value. */
export type ViewMessage =
  | { readonly kind: "snapshot"; readonly seq: number; readonly value: JsonObject }
  | { readonly kind: "delta"; readonly seq: number; readonly patch: JsonObject };

const tickMs = 100;
/** Building one view takes at most so much of the worker's time: one that costs much is built less often. */
const mostShare = 0.1;
/** And not less often than that: an old picture is worse than a busy worker. */
const longestRestMs = 1_000;
/** A view in which nothing moves still says so this often, so that its age is known. */
const heartbeatMs = 1000;

export interface ViewOptions {
  /** The whole value but `asOf`, which is added. Parts that did not change may keep their reference: that is cheapest. */
  readonly build: () => JsonObject;
  readonly send: (message: ViewMessage) => void;
  /** `build` threw: the view is closed, and the others go on. */
  readonly onFailure: (error: unknown) => void;
}

interface OpenView extends ViewOptions {
  value: JsonObject;
  seq: number;
  sentAt: number;
  readonly pace: BytePace;
  /** Not built before: what it cost last is paid for by waiting. */
  restsUntil: Instant;
}

/**
 * The views that somebody looks at: each is built anew at most ten times a second, less often the more of it changes,
 * and told as its difference. A view nobody looks at costs nothing.
 */
export class LiveViews {
  readonly #clock: Clock;
  readonly #views = new Set<OpenView>();
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Sends a snapshot at once, then deltas.
   *
   * @returns what closes the view; closing twice is harmless.
   */
  open(options: ViewOptions): () => void {
    const view: OpenView = { ...options, value: {}, seq: 0, sentAt: 0, pace: new BytePace(), restsUntil: 0 };
    this.#views.add(view);
    this.#refresh(view);
    if (this.#views.has(view)) this.#timer ??= this.#schedule();
    return () => this.#close(view);
  }

  #close(view: OpenView): void {
    this.#views.delete(view);
    if (this.#views.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #schedule(): Timer {
    return this.#clock.setTimer(tickMs, () => {
      this.#timer = this.#schedule();
      for (const view of this.#views) this.#refresh(view);
    });
  }

  #refresh(view: OpenView): void {
    const now = this.#clock.now();
    if (!view.pace.isDue(now) || now < view.restsUntil) return;
    let built: JsonObject;
    try {
      built = view.build();
    } catch (error) {
      this.#close(view);
      view.onFailure(error);
      return;
    }
    view.restsUntil = now + Math.min(longestRestMs, (this.#clock.now() - now) / mostShare);
    if (view.seq === 0) this.#tell(view, now, { ...built, asOf: now });
    else this.#tellChange(view, now, diff(view.value, { ...built, asOf: view.value["asOf"] }));
  }

  #tell(view: OpenView, now: number, value: JsonObject): void {
    view.value = value;
    view.sentAt = now;
    view.send({ kind: "snapshot", seq: ++view.seq, value });
  }

  #tellChange(view: OpenView, now: number, changed: JsonObject | undefined): void {
    if (changed === undefined && now - view.sentAt < heartbeatMs) return;
    const patch = { ...changed, asOf: now };
    view.value = applyPatch(view.value, patch);
    view.sentAt = now;
    view.pace.spend(now, JSON.stringify(patch).length);
    view.send({ kind: "delta", seq: ++view.seq, patch });
  }
}
