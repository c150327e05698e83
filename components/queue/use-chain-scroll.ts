"use client";
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState, type RefObject } from "react";
import { ChainShift, type Kept } from "./chain-shift.ts";
import { columnIndexOf, elementsAfter, seqsOf, type Column } from "./columns.model.ts";
import { columnX, type Measures } from "./geometry.model.ts";

interface ScrollView {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  /** How far one can scroll to the right. */
  readonly end: number;
}

export interface ChainScroll {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly view: ScrollView;
  readonly onScroll: () => void;
  /** Elements that joined the tail, out of sight, since it was last seen. */
  readonly newer: number;
  readonly toTail: () => void;
  readonly toHead: () => void;
  readonly toColumn: (index: number) => void;
}

export interface ChainScrollOptions {
  readonly columns: readonly Column[];
  readonly measures: Measures;
  /** Number of the selected element. */
  readonly anchor: number | undefined;
  /** While somebody points at the list nothing may move under the pointer. */
  readonly isHeld: boolean;
}

const nearEnd = 4;

/** Follows the tail while nothing is selected; else keeps what is looked at where it is, whatever leaves or joins. */
export function useChainScroll({ columns, measures, anchor, isHeld }: ChainScrollOptions): ChainScroll {
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<ScrollView>({ left: 0, top: 0, width: 0, end: 0 });
  const [seen, setSeen] = useState(0);
  const [chainShift] = useState(() => new ChainShift());
  const wantsTail = useRef(true);
  const kept = useRef<Kept>(undefined);
  const last = columns.at(-1);
  const lastSeq = last === undefined ? 0 : seqsOf(last).to;
  const isFollowing = anchor === undefined && !isHeld;

  const read = (element: HTMLElement): void => {
    const { scrollLeft: left, scrollTop: top, clientWidth: width } = element;
    const end = element.scrollWidth - width;
    setView((old) =>
      old.left === left && old.top === top && old.width === width && old.end === end ? old : { left, top, width, end },
    );
    if (left + nearEnd >= end) setSeen(lastSeq);
  };

  useEffect(() => {
    if (anchor === undefined) wantsTail.current = true;
  }, [anchor]);

  const onPicture = useEffectEvent((drawn: readonly Column[], by: Measures, isTailFollowed: boolean) => {
    const element = scroller.current;
    if (element === null) return;
    const before = kept.current;
    const index = before === undefined ? -1 : columnIndexOf(drawn, before.seq);
    if (isTailFollowed && wantsTail.current) element.scrollLeft = element.scrollWidth;
    else if (before !== undefined && index !== -1) element.scrollLeft += columnX(by, index) - before.x;
    chainShift.play(element, before, drawn, by);
    kept.current = keep(element, drawn, by, anchor);
    read(element);
  });
  useLayoutEffect(() => onPicture(columns, measures, isFollowing), [columns, measures, isFollowing]);

  // What was just selected is brought into sight, with room for what came before it.
  const onSelect = useEffectEvent((selected: number | undefined) => {
    const element = scroller.current;
    const index = selected === undefined ? -1 : columnIndexOf(columns, selected);
    if (element === null || index === -1) return;
    const x = columnX(measures, index);
    const room = element.clientWidth - measures.names - measures.verdicts;
    const isInSight = x - measures.pitch >= element.scrollLeft && x + measures.pitch <= element.scrollLeft + room;
    if (!isInSight) element.scrollLeft = Math.max(0, x - room / 4);
    kept.current = keep(element, columns, measures, selected);
  });
  useLayoutEffect(() => onSelect(anchor), [anchor]);

  const onResize = useEffectEvent(read);
  useEffect(() => {
    const element = scroller.current;
    const observer = new ResizeObserver(() => {
      if (element !== null) onResize(element);
    });
    if (element !== null) observer.observe(element);
    return () => observer.disconnect();
  }, []);

  return {
    scroller,
    view,
    onScroll: () => {
      const element = scroller.current;
      if (element === null) return;
      if (element.scrollLeft !== view.left) {
        wantsTail.current = element.scrollLeft + element.clientWidth + nearEnd >= element.scrollWidth;
        kept.current = keep(element, columns, measures, anchor);
      }
      read(element);
    },
    newer: view.left + nearEnd >= view.end ? 0 : elementsAfter(columns, seen),
    toTail: () => scroller.current?.scrollTo({ left: scroller.current.scrollWidth }),
    toHead: () => scroller.current?.scrollTo({ left: 0 }),
    toColumn: (index) => {
      const element = scroller.current;
      if (element === null) return;
      const room = element.clientWidth - measures.names - measures.verdicts;
      element.scrollTo({ left: Math.max(0, columnX(measures, index) - room / 2) });
    },
  };
}

/** What must not move: the selected element, else the first one in sight. */
function keep(
  element: HTMLElement,
  columns: readonly Column[],
  measures: Measures,
  anchor: number | undefined,
): Kept | undefined {
  const selected = anchor === undefined ? -1 : columnIndexOf(columns, anchor);
  const index = selected === -1 ? Math.ceil(element.scrollLeft / measures.pitch) : selected;
  const column = columns[index];
  if (column === undefined) return undefined;
  const x = columnX(measures, index);
  return { seq: seqsOf(column).from, x, onScreen: x - element.scrollLeft };
}
