import { columnIndexOf, type Column } from "./columns.model.ts";
import { columnX, type Measures } from "./geometry.model.ts";

/** An element of the list, and where it stood in the drawing and on the screen. */
export interface Kept {
  readonly seq: number;
  readonly x: number;
  readonly onScreen: number;
}

const shiftMs = 240;
/** Changes that follow each other faster than this are cut: a chain that never rests cannot be read. */
const calmAfterMs = 400;

/** Lets the chain glide from where it was to where it is, once, all of it together. */
export class ChainShift {
  #lastAt = Number.NEGATIVE_INFINITY;

  /** @param before where a kept element stood before the picture changed. */
  play(scroller: HTMLElement, before: Kept | undefined, columns: readonly Column[], measures: Measures): void {
    const index = before === undefined ? -1 : columnIndexOf(columns, before.seq);
    if (before === undefined || index === -1) return;
    const by = before.onScreen - (columnX(measures, index) - scroller.scrollLeft);
    if (Math.abs(by) < 1) return;
    const now = performance.now();
    const isCalm = now - this.#lastAt > calmAfterMs;
    this.#lastAt = now;
    if (!isCalm || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    for (const part of scroller.querySelectorAll("[data-chain]")) {
      part.animate([{ transform: `translateX(${by}px)` }, { transform: "none" }], {
        duration: shiftMs,
        easing: "cubic-bezier(0.2, 0, 0, 1)",
      });
    }
  }
}
