"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useEffectEvent, useId, useRef, useState, type CSSProperties, type KeyboardEvent } from "react";
import type { PeekState } from "#components/peek/index.ts";
import { HeldPill, placeAt, useInside, useStandingRows } from "#components/still/index.ts";
import { formatCount, formatPlural, queueNames } from "#components/ui/index.ts";
import type { Lane, LaneName, LaneWindow, Provenance as ProvenanceKind } from "#lib/protocol/index.ts";
import { LaneHeader } from "./lane-header.tsx";
import { footerText, noPodText } from "./lane.model.ts";
import styles from "./lane-card.module.css";
import { LaneRowSkeleton, LaneRowView } from "./lane-row.tsx";
import { movedCursor } from "./lane-cursor.model.ts";
import { windowFor } from "./lane-window.model.ts";
import { useLaneMotion } from "./use-lane-motion.ts";

export interface LaneCardProps {
  readonly name: LaneName;
  readonly lane: Lane;
  readonly provenance: ProvenanceKind;
  readonly rowHeight: number;
  /** A place to scroll to, once. */
  readonly shownIndex: number | undefined;
  readonly selectedUid: string | undefined;
  readonly onSelect: (uid: string) => void;
  readonly peek: PeekState;
  /** Which rows are on the screen has changed. */
  readonly onWindow: (window: LaneWindow) => void;
  /** To the lane beside this one; absent where there is none. */
  readonly onSideways?: ((from: EventTarget, by: 1 | -1) => void) | undefined;
}

const sideways: Readonly<Record<string, 1 | -1>> = { ArrowLeft: -1, h: -1, ArrowRight: 1, l: 1 };

const settledAfterMs = 120;

/** One queue in its own order: a window over as many rows as there are, that stands still while somebody is in it. */
export function LaneCard({
  name,
  lane,
  provenance,
  rowHeight,
  shownIndex,
  selectedUid,
  onSelect,
  peek,
  onWindow,
  onSideways,
}: LaneCardProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const inside = useInside();
  const { standing, changes } = useStandingRows(lane, inside.isInside);
  const motion = useLaneMotion(lane);
  const [cursor, setCursor] = useState(0);
  const id = useId();
  const count = standing?.count ?? lane.count;
  // oxlint-disable-next-line react/incompatible-library -- a component that scrolls is drawn anew each time anyway
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const first = rows.range?.startIndex ?? 0;
  const last = rows.range?.endIndex ?? 0;

  const tellWindow = useEffectEvent(() => onWindow(windowFor(first, last)));
  useEffect(() => {
    const timer = setTimeout(() => tellWindow(), settledAfterMs);
    return () => clearTimeout(timer);
  }, [first, last]);

  const show = useEffectEvent((index: number) => {
    setCursor(index);
    rows.scrollToIndex(index, { align: "center" });
  });
  useEffect(() => {
    if (shownIndex !== undefined) show(shownIndex);
  }, [shownIndex]);

  const measure = useEffectEvent(() => rows.measure());
  useEffect(() => measure(), [rowHeight]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter") {
      const uid = placeAt(lane, standing, cursor)?.row.uid;
      if (uid !== undefined) onSelect(uid);
      return;
    }
    if (event.key.toLowerCase() === "p") {
      const row = placeAt(lane, standing, cursor)?.row;
      if (row === undefined) return;
      event.preventDefault();
      peek.toggle(row);
      return;
    }
    const by = sideways[event.key];
    if (by !== undefined) onSideways?.(event.currentTarget, by);
    const moved = movedCursor({ key: event.key, cursor, count, page: Math.max(1, last - first - 1) });
    if (moved === undefined) return;
    event.preventDefault();
    setCursor(moved);
    rows.scrollToIndex(moved);
    const row = placeAt(lane, standing, moved)?.row;
    if (row !== undefined) peek.follow(row);
  };
  const isMoving = motion.isCalm && standing === undefined && !rows.isScrolling;
  const shown = rows.getVirtualItems();
  const current = Math.min(cursor, Math.max(0, count - 1));
  return (
    <section className={styles.lane} aria-label={`${queueNames[name]}, ${formatPlural(lane.count, "pod")}`}>
      <LaneHeader name={name} lane={lane} provenance={provenance} />
      <div className={styles.body} {...inside.handlers}>
        {count === 0 ? (
          <p className={styles.empty}>{noPodText(lane)}</p>
        ) : (
          <div
            ref={scroller}
            className={styles.scroller}
            // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a select cannot show a window over ten thousand rows
            role="listbox"
            tabIndex={0}
            aria-label={queueNames[name]}
            aria-activedescendant={shown.some(({ index }) => index === current) ? `${id}-${current}` : undefined}
            aria-busy={shown.every(({ index }) => placeAt(lane, standing, index) === undefined)}
            style={{ "--row": `${rowHeight}px`, "--rank": `${formatCount(last + 1).length * 0.62}em` } as CSSProperties}
            onKeyDown={onKeyDown}
          >
            <div className={isMoving ? styles.moving : styles.still} style={{ height: rows.getTotalSize() }}>
              {shown.map(({ index, start }) => {
                const place = placeAt(lane, standing, index);
                if (place === undefined) return <LaneRowSkeleton key={`place-${index}`} top={start} />;
                return (
                  <LaneRowView
                    key={place.row.uid}
                    {...{ lane: name, index, provenance, onSelect }}
                    row={place.row}
                    hasLeft={place.hasLeft}
                    id={`${id}-${index}`}
                    top={start}
                    isSelected={place.row.uid === selectedUid}
                    isActive={index === current}
                    hasJoined={standing === undefined && motion.joined.has(place.row.uid)}
                  />
                );
              })}
            </div>
          </div>
        )}
        <HeldPill changes={changes} group="Queue" onShow={inside.release} />
      </div>
      <footer className={styles.footer}>{footerText(first, last, count)}</footer>
    </section>
  );
}
