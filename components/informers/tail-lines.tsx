"use client";
import { Minus, Plus, RotateCw, Triangle, type LucideIcon } from "lucide-react";
import { useMemo } from "react";
import { EmptyState, PodName, classNames, formatClock, useRowWindow } from "#components/ui/index.ts";
import type { Tail, TailLine } from "#lib/protocol/index.ts";
import styles from "./tail-lines.module.css";
import { tailRows, typeWords, type TailMode, type TailRow } from "./tail.model.ts";

export interface TailLinesProps {
  readonly tail: Tail;
  readonly mode: TailMode;
  /** Of the line whose object is shown; `undefined` where lines cannot be chosen. */
  readonly chosen: number | undefined;
  readonly onChoose: (seq: number) => void;
  readonly isReadOut: boolean;
}

const rowHeight = 25;

/** What a handler heard, the newest on top. */
export function TailLines({ tail, mode, chosen, onChoose, isReadOut }: TailLinesProps) {
  const rows = useMemo(() => tailRows(tail, mode), [tail, mode]);
  const { scroller, items, height } = useRowWindow<HTMLDivElement>({
    count: rows.length,
    rowHeight,
    keyOf: (index) => rows[index]?.key ?? index,
  });
  if (rows.length === 0)
    return <EmptyState title="Nothing has happened yet.">What the handler hears appears here.</EmptyState>;
  return (
    <div
      className={styles.scroller}
      ref={scroller}
      role="log"
      aria-live={isReadOut ? "polite" : "off"}
      aria-label="Notifications"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a list that scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <div className={styles.lines} style={{ height }}>
        {items.map(({ index, key, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const isChosen = row.kind === "line" && mode === "json" && row.line.seq === chosen;
          return (
            <div
              key={key}
              className={classNames(styles.line, mode === "json" && styles.short, isChosen && styles.chosen)}
              style={{ transform: `translateY(${start}px)` }}
            >
              <TailRowCells
                row={row}
                onChoose={mode === "json" && row.kind === "line" ? () => onChoose(row.line.seq) : undefined}
                isChosen={isChosen}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

const typeIcons = {
  added: Plus,
  modified: Triangle,
  deleted: Minus,
  sync: RotateCw,
} as const satisfies Record<TailLine["type"], LucideIcon>;

interface TailRowCellsProps {
  readonly row: TailRow;
  /** Absent where lines cannot be chosen. */
  readonly onChoose: (() => void) | undefined;
  readonly isChosen: boolean;
}

function TailRowCells({ row, onChoose, isChosen }: TailRowCellsProps) {
  if (row.kind === "change") {
    return (
      <>
        <span className={styles.path} title={row.path}>
          {row.path}
        </span>
        <span className={styles.change} title={`${row.before ?? "absent"} → ${row.after ?? "absent"}`}>
          {row.before === undefined ? <i>absent</i> : <del>{row.before}</del>} →{" "}
          {row.after === undefined ? <i>absent</i> : <ins>{row.after}</ins>}
        </span>
      </>
    );
  }
  const { line, text } = row;
  const Icon = typeIcons[line.type];
  return (
    <>
      <time className={styles.at} dateTime={new Date(line.at).toISOString()}>
        {formatClock(line.at, { withMilliseconds: true })}
      </time>
      <span className={classNames(styles.type, styles[line.type])}>
        <Icon size={13} aria-hidden="true" />
        {typeWords[line.type]}
      </span>
      <span className={styles.name}>
        {onChoose === undefined ? (
          <PodName namespace={line.namespace} name={line.name} />
        ) : (
          <button
            type="button"
            className={styles.choose}
            aria-pressed={isChosen}
            // The name is drawn in two parts, which would be read apart.
            aria-label={`${line.namespace}/${line.name}, ${typeWords[line.type]}`}
            onClick={onChoose}
          >
            <PodName namespace={line.namespace} name={line.name} />
          </button>
        )}
      </span>
      <span className={styles.version} title={line.resourceVersion}>
        {line.resourceVersion}
      </span>
      <span className={styles.text} title={text}>
        {text}
      </span>
    </>
  );
}
