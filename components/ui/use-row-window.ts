"use client";
import { useVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { useEffect, useEffectEvent, useRef, type RefObject } from "react";

export interface RowWindowOptions {
  readonly count: number;
  /** All rows are equally high. */
  readonly rowHeight: number;
  /** Identity of a row, so that it keeps its element when others come before it. */
  readonly keyOf: (index: number) => string | number;
  /** Of a head that stays at the top of what scrolls. */
  readonly headHeight?: number;
}

export interface RowWindow<E extends Element> {
  /** For the element that scrolls. */
  readonly scroller: RefObject<E | null>;
  readonly items: readonly VirtualItem[];
  readonly height: number;
  /** The first and the last row in sight. */
  readonly first: number;
  readonly last: number;
  readonly scrollTo: (index: number) => void;
}

/** The part of a long list that can be seen, and a little more. */
export function useRowWindow<E extends Element>({
  count,
  rowHeight,
  keyOf,
  headHeight = 0,
}: RowWindowOptions): RowWindow<E> {
  const scroller = useRef<E>(null);
  // oxlint-disable-next-line react/incompatible-library -- what it returns is used here and now, and memoized by nobody
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: keyOf,
    overscan: 8,
    scrollPaddingEnd: headHeight,
  });
  const measure = useEffectEvent(() => virtual.measure());
  useEffect(() => measure(), [rowHeight]);
  return {
    scroller,
    items: virtual.getVirtualItems(),
    height: virtual.getTotalSize(),
    first: virtual.range?.startIndex ?? 0,
    last: virtual.range?.endIndex ?? 0,
    scrollTo: (index) => virtual.scrollToIndex(index),
  };
}
