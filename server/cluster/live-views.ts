import { applyPatch, diff, type JsonObject } from "#lib/protocol/index.ts";
import type { Clock, Timer } from "#lib/clock/index.ts";

/** What the holder of an open view is told, in order. `seq` grows by one with every message that carries a value. */
export type ViewMessage =
  | { readonly kind: "snapshot"; readonly seq: number; readonly value: JsonObject }
  | { readonly kind: "delta"; readonly seq: number; readonly patch: JsonObject };

const tickMs = 100;
/** A view in which nothing moves still says so this often, so that its age is known. */
const heartbeatMs = 1000;

interface OpenView {
  readonly build: () => JsonObject;
  readonly send: (message: ViewMessage) => void;
  value: JsonObject;
  seq: number;
  sentAt: number;
}

/**
 * The views that somebody looks at: each is built anew at most ten times a second and told as its difference. A view
 * nobody looks at costs nothing.
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
   * @param build the whole value but `asOf`, which is added here.
   * @returns what closes the view; closing twice is harmless.
   */
  open(build: () => JsonObject, send: (message: ViewMessage) => void): () => void {
    const now = this.#clock.now();
    const view: OpenView = { build, send, value: { ...build(), asOf: now }, seq: 1, sentAt: now };
    send({ kind: "snapshot", seq: 1, value: view.value });
    this.#views.add(view);
    this.#timer ??= this.#schedule();
    return () => {
      this.#views.delete(view);
      if (this.#views.size > 0) return;
      this.#timer?.cancel();
      this.#timer = undefined;
    };
  }

  #schedule(): Timer {
    return this.#clock.setTimer(tickMs, () => {
      this.#timer = this.#schedule();
      for (const view of this.#views) this.#refresh(view);
    });
  }

  #refresh(view: OpenView): void {
    const now = this.#clock.now();
    const changed = diff(view.value, { ...view.build(), asOf: view.value["asOf"] });
    if (changed === undefined && now - view.sentAt < heartbeatMs) return;
    const patch = { ...changed, asOf: now };
    view.value = applyPatch(view.value, patch);
    view.sentAt = now;
    view.send({ kind: "delta", seq: ++view.seq, patch });
  }
}
