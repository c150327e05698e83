"use client";
import styles from "./event-list.module.css";
import { CanvasStrip } from "./canvas-strip.tsx";
import { EventStrip, type EventStripProps } from "./event-strip.tsx";
import type { ColumnRange } from "./geometry.model.ts";
import { RegionLabels } from "./region-labels.tsx";
import { isDrawnOnCanvas } from "./strip.model.ts";
import type { ListInput } from "./use-list-input.ts";

export interface ChainHeadProps {
  readonly strip: Omit<EventStripProps, "selectedEvent" | "currentIndex">;
  readonly selectedEvent: number | undefined;
  readonly prunedTotal: number;
  readonly behind: number;
  readonly hiddenLeft: number;
  readonly input: ListInput;
  /** Columns near the screen: what a long list draws of itself. */
  readonly range: ColumnRange;
  readonly hoveredIndex: number | undefined;
  readonly isSimulated: boolean;
}

/** The chain with its labels; stays at the top while the rows scroll. */
export function ChainHead(props: ChainHeadProps) {
  const { strip, selectedEvent, prunedTotal, behind, hiddenLeft, input, range, hoveredIndex, isSimulated } = props;
  const { measures: m, regions, columns, looked } = strip;
  const cells = { ...strip, selectedEvent, currentIndex: input.currentIndex };
  return (
    <div className={styles.head} style={{ height: m.headHeight }}>
      <div className={`${styles.names} ${styles.headNames}`} style={{ width: m.names }}>
        <b style={{ marginTop: m.chainY - 13 }}>Event list</b>
        <span>head to tail, arrival order</span>
        <span>In-flight pods</span>
      </div>
      <div className={styles.middle} data-chain style={{ width: regions.end }}>
        <Grounds regions={regions} />
        {columns.columns.length === 0 && (
          <p className={styles.empty} style={{ top: m.chainY - 10 }}>
            The list is empty. It begins with the next pod that is popped.
          </p>
        )}
        <RegionLabels
          regions={regions}
          measures={m}
          prunedTotal={prunedTotal}
          undrawn={columns.undrawn}
          letter={looked?.letter}
          behind={behind}
          hiddenLeft={hiddenLeft}
        />
        <div
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- its options are drawn, a select cannot hold them
          role="listbox"
          aria-orientation="horizontal"
          aria-label="Event list, head to tail"
          tabIndex={columns.columns.length === 0 ? 0 : -1}
          {...input.handlers}
        >
          {isDrawnOnCanvas(columns) ? (
            <CanvasStrip {...cells} {...{ range, hoveredIndex, isSimulated }} />
          ) : (
            <EventStrip {...cells} />
          )}
        </div>
      </div>
      <div className={`${styles.verdicts} ${styles.headVerdicts}`} style={{ width: m.verdicts }}>
        would go to
      </div>
    </div>
  );
}

/** Hatched ground under what was pruned, tint under what counts. */
export function Grounds({ regions }: { readonly regions: EventStripProps["regions"] }) {
  const { ghosts, recent } = regions;
  return (
    <>
      {ghosts !== undefined && <div className={styles.hatch} style={{ left: ghosts.from, width: ghosts.to }} />}
      {recent !== undefined && (
        <div className={styles.tint} style={{ left: recent.from, width: recent.to - recent.from }} />
      )}
    </>
  );
}
