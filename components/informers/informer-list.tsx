"use client";
import { Lock, Plus } from "lucide-react";
import { useNow } from "#components/live/index.ts";
import {
  Glyph,
  IconButton,
  Skeleton,
  VisuallyHidden,
  classNames,
  formatCount,
  formatPlural,
  formatRate,
} from "#components/ui/index.ts";
import type { InformerRow } from "#lib/protocol/index.ts";
import { stateOf, totalObjects, type InformerState } from "./informer-list.model.ts";
import styles from "./informer-list.module.css";

export interface InformerListProps {
  readonly rows: readonly InformerRow[];
  readonly selected: string | undefined;
  readonly onSelect: (key: string) => void;
  readonly onAdd: () => void;
}

export function InformerList({ rows, selected, onSelect, onAdd }: InformerListProps) {
  const now = useNow(rows.some(({ reflector }) => reflector.phase === "backingOff") ? 100 : 1_000);
  const refused = rows.filter((row) => stateOf(row, now).shape === "refused").length;
  return (
    <section className={styles.list} aria-label="Informers">
      <header className={styles.header}>
        <h2>{formatPlural(rows.length, "informer")}</h2>
        {refused > 0 && <span className={styles.refused}>{refused} forbidden</span>}
        <IconButton icon={<Plus size={14} aria-hidden="true" />} label="Add handler" size="small" onClick={onAdd} />
      </header>
      <ul className={styles.rows}>
        {rows.map((row) => (
          <li key={row.key}>
            <InformerItem row={row} now={now} isSelected={row.key === selected} onSelect={onSelect} />
          </li>
        ))}
      </ul>
      <footer className={styles.footer}>{formatPlural(totalObjects(rows), "object")} in all stores</footer>
    </section>
  );
}

interface InformerItemProps {
  readonly row: InformerRow;
  readonly now: number;
  readonly isSelected: boolean;
  readonly onSelect: (key: string) => void;
}

function InformerItem({ row, now, isSelected, onSelect }: InformerItemProps) {
  const { shape, word } = stateOf(row, now);
  return (
    <button
      type="button"
      className={styles.item}
      aria-pressed={isSelected}
      onClick={() => onSelect(row.key)}
      data-testid={`informer-row-${row.key}`}
    >
      <StateMark shape={shape} />
      <span className={styles.name}>
        <b>{row.resource}</b>
        <small>
          {row.groupVersion}
          {row.fieldSelector !== undefined && <span title={row.fieldSelector}>, {row.fieldSelector}</span>}
        </small>
      </span>
      <span className={styles.numbers}>
        <b>
          {shape === "refused" ? "" : formatCount(row.objects)}
          <VisuallyHidden> objects</VisuallyHidden>
        </b>
        <small className={classNames(word !== undefined && styles[shape])}>
          {word ?? formatRate(row.eventsPerSecond)}
        </small>
      </span>
    </button>
  );
}

function StateMark({ shape }: { readonly shape: InformerState["shape"] }) {
  switch (shape) {
    case "refused":
      return (
        <span className={styles.mark}>
          <Lock className={styles.lock} size={12} aria-hidden="true" />
        </span>
      );
    case "backingOff":
      return (
        <span className={styles.mark}>
          <Glyph state="backoff" size={12} />
        </span>
      );
    case "listing":
    case "watching":
    case "idle":
      return (
        <span className={styles.mark}>
          <i className={styles[`is-${shape}`]} />
        </span>
      );
    default:
      return shape satisfies never;
  }
}

const skeletonRows = ["82", "70", "120", "96", "88", "104", "74", "92"];

export function InformerListSkeleton() {
  return (
    <section className={styles.list} aria-label="Informers" aria-busy="true">
      <header className={styles.header}>
        <h2>Informers</h2>
      </header>
      <ul className={styles.rows}>
        {skeletonRows.map((width) => (
          <li key={width} className={styles.item}>
            <StateMark shape="idle" />
            <span className={styles.name}>
              <Skeleton width={`${width}px`} />
            </span>
            <Skeleton width={40} />
          </li>
        ))}
      </ul>
    </section>
  );
}
