import { columnIndexOf, seqsOf, type Column } from "./columns.model.ts";
import { columnX, type Measures } from "./geometry.model.ts";

/** An element of the list, and where it stood in the drawing and on the screen. */
export interface Kept {
  readonly seq: number;
  readonly x: number;
  readonly onScreen: number;
}

const timing = { shift: 240, join: 160 } as const;
const easing = "cubic-bezier(0.2, 0, 0, 1)";
/** Changes that follow each other faster than this are cut: a chain that never rests cannot be read. */
const calmAfterMs = 400;

/** Lets the chain glide from where it was to where it is, once and all together, and what joined it appear. */
export class ChainShift {
  #lastAt = Number.NEGATIVE_INFINITY;
  #lastSeq: number | undefined;

  /** @param before where a kept element stood before the picture changed. */
  play(scroller: HTMLElement, before: Kept | undefined, columns: readonly Column[], measures: Measures): void {
    const by = before === undefined ? 0 : shiftOf(scroller, before, columns, measures);
    const joined = this.#joined(columns);
    if (Math.abs(by) < 1 && joined.length === 0) return;
    const now = performance.now();
    const isCalm = now - this.#lastAt > calmAfterMs;
    this.#lastAt = now;
    if (!isCalm || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    if (Math.abs(by) >= 1) glide(scroller, by);
    for (const index of joined) appear(scroller, index, columns[index]);
  }

  /** Places of the elements behind the last one of the picture before; none for the first picture. */
  #joined(columns: readonly Column[]): readonly number[] {
    const last = this.#lastSeq;
    const end = columns.at(-1);
    this.#lastSeq = end === undefined ? last : Math.max(last ?? 0, seqsOf(end).to);
    return last === undefined ? [] : columns.flatMap((column, index) => (seqsOf(column).from > last ? [index] : []));
  }
}

function shiftOf(scroller: HTMLElement, before: Kept, columns: readonly Column[], measures: Measures): number {
  const index = columnIndexOf(columns, before.seq);
  return index === -1 ? 0 : before.onScreen - (columnX(measures, index) - scroller.scrollLeft);
}

function glide(scroller: HTMLElement, by: number): void {
  for (const part of scroller.querySelectorAll("[data-chain]")) {
    part.animate([{ transform: `translateX(${by}px)` }, { transform: "none" }], { duration: timing.shift, easing });
  }
}

function appear(scroller: HTMLElement, index: number, column: Column | undefined): void {
  const cell = scroller.querySelector(`[data-index="${index}"]`)?.parentElement;
  const line = column?.kind === "marker" ? scroller.querySelector(`[data-line="${column.pod.uid}"]`) : null;
  for (const part of [cell, line]) part?.animate({ opacity: [0, 1] }, { duration: timing.join, easing });
}
