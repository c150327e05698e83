"use client";
import { useEffect, useEffectEvent, useRef, type RefObject } from "react";
import { useAnnounce } from "#components/ui/index.ts";
import type { PodRow } from "#lib/protocol/index.ts";

export interface CursorFocus {
  readonly rows: RefObject<HTMLTableSectionElement | null>;
  /** The cursor was moved by a key: the focus goes along, unless it is in the panel that shows the row. */
  readonly bring: () => void;
}

/** The focus goes along with the cursor; where its row has left the list, the row that stands there now has it. */
export function useCursorFocus(index: number | undefined, row: PodRow | undefined): CursorFocus {
  const announce = useAnnounce();
  const rows = useRef<HTMLTableSectionElement>(null);
  const isBrought = useRef(false);
  const last = useRef<{ readonly index: number; readonly key: string; readonly link: HTMLElement }>(undefined);
  const place = useEffectEvent(() => {
    const { index: before, key: stood, link: held } = last.current ?? {};
    if (index === undefined || row === undefined || (index === before && row.key === stood && !isBrought.current))
      return;
    const link = rows.current?.querySelector<HTMLElement>(`[data-index="${index}"] a`);
    if (link === null || link === undefined) return;
    last.current = { index, key: row.key, link };
    const focused = document.activeElement;
    const isLost = focused === document.body && held?.isConnected === false;
    const isHere = rows.current?.contains(focused) === true;
    const isInPanel = focused?.closest("[data-peek]") instanceof Element;
    if (isBrought.current ? !isInPanel : isLost || isHere) link.focus({ preventScroll: true });
    if (isLost && !isBrought.current) announce(`The row has left the list. Now at ${row.namespace}/${row.name}.`);
    isBrought.current = false;
  });
  useEffect(() => place());
  return { rows, bring: () => (isBrought.current = true) };
}
