"use client";
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState, type RefObject } from "react";

export interface Fitting<E extends Element> {
  /** What holds the parts, side by side, those that do not fit too. */
  readonly row: RefObject<E | null>;
  /** How many of its first children can be seen whole. */
  readonly fitting: number;
  /** Where the next one would begin. */
  readonly end: number;
}

/** How many parts of a row fit into it, with room at its end for the word that says how many do not. */
export function useFitting<E extends HTMLElement>(count: number, roomAtEnd: number): Fitting<E> {
  const row = useRef<E>(null);
  const [measured, setMeasured] = useState({ fitting: count, end: 0 });
  const measure = useEffectEvent(() => {
    const element = row.current;
    if (element === null) return;
    const gap = Number.parseFloat(getComputedStyle(element).columnGap) || 0;
    const ends = [...element.children]
      .slice(0, count)
      .map((part) => (part instanceof HTMLElement ? part.offsetLeft + part.offsetWidth : 0));
    const width = element.clientWidth;
    const isWhole = (ends.at(-1) ?? 0) <= width;
    const fitting = isWhole ? count : Math.max(1, ends.filter((end) => end + gap + roomAtEnd <= width).length);
    const end = (ends[fitting - 1] ?? 0) + gap;
    setMeasured((before) => (before.fitting === fitting && before.end === end ? before : { fitting, end }));
  });
  // What the parts say changes their widths.
  useLayoutEffect(() => measure());
  useEffect(() => {
    if (row.current === null) return undefined;
    const observer = new ResizeObserver(() => measure());
    observer.observe(row.current);
    return () => observer.disconnect();
  }, []);
  return { row, ...measured };
}
