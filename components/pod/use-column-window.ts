"use client";
import { useCallback, useState, type UIEvent } from "react";

/** Columns are drawn in stretches of so many pixels: scrolling within one draws nothing. */
const stretch = 512;

export interface ColumnWindow {
  /** What is drawn, in pixels from the first column. */
  readonly from: number;
  readonly to: number;
  /** How wide the part is that can be seen. */
  readonly room: number;
  /** For the element that scrolls. */
  readonly ref: (element: HTMLElement | null) => (() => void) | undefined;
  readonly onScroll: (event: UIEvent<HTMLElement>) => void;
}

/** The part of a wide picture that can be seen, and a stretch on both sides of it. */
export function useColumnWindow(): ColumnWindow {
  const [first, setFirst] = useState(0);
  const [width, setWidth] = useState(0);
  const ref = useCallback((element: HTMLElement | null) => {
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const onScroll = useCallback((event: UIEvent<HTMLElement>) => {
    setFirst(Math.floor(event.currentTarget.scrollLeft / stretch));
  }, []);
  const from = Math.max(0, (first - 1) * stretch);
  return { from, to: (first + 2) * stretch + Math.ceil(width / stretch) * stretch, room: width, ref, onScroll };
}
