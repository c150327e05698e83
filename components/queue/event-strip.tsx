import { memo } from "react";
import type { InFlightPod } from "#lib/protocol/index.ts";
import { isSameColumn, seqsOf, type Column, type Columns, type OpenRun } from "./columns.model.ts";
import { eventCode } from "./event-code.model.ts";
import styles from "./event-strip.module.css";
import { columnX, link, type Density, type Measures } from "./geometry.model.ts";
import { shortLetter } from "./letters.model.ts";
import { markOfColumn } from "./marks.model.ts";
import { columnName, markerName } from "./sentences.model.ts";
import { EventCell, MarkerCell, type Standing } from "./strip-cell.tsx";
import { isOlder, seqText, type Regions } from "./strip.model.ts";

export interface Looked {
  readonly pod: InFlightPod;
  readonly letter: string;
}

export interface EventStripProps {
  readonly columns: Columns;
  readonly measures: Measures;
  readonly density: Density;
  readonly regions: Regions;
  /** The pod that is looked at: selected, or pointed at. */
  readonly looked: Looked | undefined;
  readonly selectedEvent: number | undefined;
  readonly currentIndex: number;
  readonly letterOf: (popIndex: number) => string;
  readonly opened: readonly { readonly start: number; readonly end: number; readonly run: OpenRun }[];
}

/** The list itself: one cell per element, head to tail. Draws only; the list round it handles pointer and keys. */
export const EventStrip = memo(function EventStrip(props: EventStripProps) {
  const { columns, measures: m, density, regions, opened, looked, letterOf, currentIndex, selectedEvent } = props;
  return (
    <svg className={styles.strip} width={Math.max(1, regions.end)} height={m.headHeight} role="presentation">
      {regions.recent !== undefined && <OwnLine x={regions.recent.from} measures={m} />}
      <Links columns={columns} measures={m} regions={regions} />
      {opened.map(({ start, end, run }) => (
        <path
          key={run.from}
          className={styles.bracket}
          d={`M${columnX(m, start) - 12} 29v-4H${columnX(m, end) + 12}v4`}
        />
      ))}
      {columns.columns.map((column, index) => (
        <Cell
          key={column.key}
          column={column}
          x={columnX(m, index)}
          index={index}
          measures={m}
          density={density}
          looked={looked}
          letterOf={letterOf}
          isCurrent={index === currentIndex}
          isSelected={isSelected(column, looked, selectedEvent)}
        />
      ))}
    </svg>
  );
});

interface CellOfProps extends Pick<EventStripProps, "measures" | "density" | "looked" | "letterOf"> {
  readonly column: Column;
  readonly x: number;
  readonly index: number;
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
}

/** What a column is called, by people who hear it and by tests. */
export function optionOf(
  column: Column,
  { letterOf, looked }: Pick<EventStripProps, "letterOf" | "looked">,
): { readonly name: string; readonly testId: string } {
  const kind = column.isGone ? "ghost" : column.kind === "marker" ? "marker" : "event";
  if (column.kind === "marker") {
    const name = markerName(letterOf(column.pod.popIndex), column.pod, column.isGone);
    return { name, testId: `eventlist-${kind}-${column.pod.uid}` };
  }
  return { name: columnName(column, looked), testId: `eventlist-${kind}-${seqsOf(column).from}` };
}

/** Columns are made anew with every picture; a cell is drawn anew only when its element, or what is asked of it, changed. */
const Cell = memo(
  function Cell({ column, density, looked, letterOf, ...place }: CellOfProps) {
    const shared = { ...place, ...optionOf(column, { letterOf, looked }), standing: standingOf(column, looked) };
    if (column.kind === "marker") {
      return (
        <MarkerCell
          {...shared}
          letter={shortLetter(letterOf(column.pod.popIndex))}
          since={isTimed(column, place.isSelected, density) ? column.pod.at : undefined}
        />
      );
    }
    const event = column.kind === "fold" ? column.first : column.event;
    return (
      <EventCell
        {...shared}
        code={eventCode(event.resource, event.action)}
        number={column.kind === "fold" ? `×${column.events.length}` : seqText(event.seq, density)}
        mark={looked === undefined ? undefined : markOfColumn(looked.pod, column)}
        isFold={column.kind === "fold"}
      />
    );
  },
  ({ column: before, ...old }, { column: after, ...now }) => isSameColumn(before, after) && isShallowEqual(old, now),
);

function isShallowEqual<T extends object>(a: T, b: T): boolean {
  return (Object.keys(b) as (keyof T)[]).every((key) => Object.is(a[key], b[key]));
}

/** A marker is selected by its pod, an event by its number, a fold by that of any of its events. */
export function isSelected(column: Column, looked: Looked | undefined, event: number | undefined): boolean {
  if (column.kind === "marker") return looked?.pod.uid === column.pod.uid;
  const { from, to } = seqsOf(column);
  return event !== undefined && from <= event && event <= to;
}

export function standingOf(column: Column, looked: Looked | undefined): Standing {
  if (column.isGone) return "gone";
  return isOlder(column, looked?.pod) ? "older" : "plain";
}

/** Where cells are narrow there is room for one time only. */
export function isTimed(column: Column, isLooked: boolean, density: Density): boolean {
  return !column.isGone && (density !== "narrow" || isLooked);
}

/** The chain: next and previous, faint where it was pruned, and an end stop before the head. */
function Links({ columns, measures: m, regions }: { columns: Columns; measures: Measures; regions: Regions }) {
  const path = (from: number, to: number): string =>
    Array.from({ length: Math.max(0, to - from) }, (_, offset) => link(m, from + offset)).join("");
  const last = columns.columns.length - 1;
  const own = regions.recent === undefined ? columns.ghosts : Math.floor(regions.recent.from / m.pitch);
  const head = columns.ghosts * m.pitch + 1;
  return (
    <>
      <path className={styles.pruned} d={path(0, Math.min(columns.ghosts - 1, last))} />
      <path className={styles.older} d={path(columns.ghosts, Math.min(own, last))} />
      <path className={styles.link} d={path(Math.max(own, columns.ghosts), last)} />
      {columns.ghosts > 0 && last >= columns.ghosts && (
        <path className={styles.stop} d={`M${head} ${m.chainY - 7}v14`} />
      )}
    </>
  );
}

/** The line that runs from a pod's own element down through the rows; interrupted by diamond and time. */
function OwnLine({ x, measures: m }: { readonly x: number; readonly measures: Measures }) {
  return <path className={styles.own} d={`M${x} 24v5M${x} ${m.numberY + 6}V${m.headHeight}`} />;
}
