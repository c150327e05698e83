"use client";
import { ListFilter, Lock, Plus, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { useNow } from "#components/live/index.ts";
import {
  Button,
  EmptyState,
  Glyph,
  IconButton,
  Skeleton,
  VisuallyHidden,
  classNames,
  formatCount,
  formatPlural,
  formatRate,
} from "#components/ui/index.ts";
import type { InformerRow, OwnerRow } from "#lib/protocol/index.ts";
import {
  matchesFilter,
  ownerNotes,
  placeOf,
  stateOf,
  totalObjects,
  type InformerState,
} from "./informer-list.model.ts";
import styles from "./informer-list.module.css";

export interface InformerListProps {
  readonly rows: readonly InformerRow[];
  readonly selected: string | undefined;
  readonly onSelect: (key: string) => void;
  readonly onAdd: () => void;
  readonly owners: Readonly<Record<string, OwnerRow>>;
  /** `undefined`: no filter is asked for. */
  readonly filter: string | undefined;
  readonly onFilter: (filter: string | undefined) => void;
}

export function InformerList({ rows, selected, onSelect, onAdd, owners, filter, onFilter }: InformerListProps) {
  const now = useNow(rows.some(({ reflector }) => reflector.phase === "backingOff") ? 100 : 1_000);
  const refused = rows.filter((row) => stateOf(row, now).shape === "refused").length;
  const found = rows.filter((row) => matchesFilter(row, filter ?? ""));
  return (
    <section className={styles.list} aria-label="Informers">
      <header className={styles.header}>
        {filter === undefined ? (
          <>
            <h2>{formatPlural(rows.length, "informer")}</h2>
            {refused > 0 && <span className={styles.refused}>{refused} forbidden</span>}
            <IconButton
              icon={<ListFilter size={14} aria-hidden="true" />}
              label="Filter informers"
              variant="ghost"
              size="small"
              onClick={() => onFilter("")}
            />
          </>
        ) : (
          <>
            <h2 className={styles.spoken}>{formatPlural(rows.length, "informer")}</h2>
            <FilterField value={filter} onChange={onFilter} />
            <IconButton
              icon={<X size={14} aria-hidden="true" />}
              label="Show all informers"
              variant="ghost"
              size="small"
              onClick={() => onFilter(undefined)}
            />
          </>
        )}
        <IconButton icon={<Plus size={14} aria-hidden="true" />} label="Add handler" size="small" onClick={onAdd} />
      </header>
      <ul className={styles.rows}>
        {found.map((row) => (
          <li key={row.key}>
            <InformerItem row={row} now={now} isSelected={row.key === selected} onSelect={onSelect} />
          </li>
        ))}
        {found.length === 0 && rows.length > 0 && (
          <li className={styles.nothing}>
            <EmptyState
              title="No informers match."
              actions={
                <Button size="small" onClick={() => onFilter(undefined)}>
                  Drop “{filter}”
                </Button>
              }
            />
          </li>
        )}
      </ul>
      <Owners owners={owners} now={now} />
      <footer className={styles.footer}>{formatPlural(totalObjects(rows), "object")} in all stores</footer>
    </section>
  );
}

interface FilterFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function FilterField({ value, onChange }: FilterFieldProps) {
  return (
    <input
      type="search"
      className={styles.filter}
      aria-label="Filter informers by name"
      placeholder="Name or group"
      // oxlint-disable-next-line jsx-a11y/no-autofocus -- it was just asked for by the button in its place
      autoFocus
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface OwnersProps {
  readonly owners: Readonly<Record<string, OwnerRow>>;
  readonly now: number;
}

/** Who left registrations behind, and who seems to be about to. */
function Owners({ owners, now }: OwnersProps) {
  const notes = ownerNotes(owners, now);
  if (notes.length === 0) return null;
  return (
    <section className={styles.owners} aria-label="Leak suspects" data-testid="leak-suspects">
      <h3>{formatPlural(notes.length, "leak suspect")}</h3>
      <ul>
        {notes.map(({ id, name, kind, text }) => (
          <li key={id} className={styles[kind]}>
            <b>{name}</b> {text}
          </li>
        ))}
      </ul>
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
  const button = useRef<HTMLButtonElement>(null);
  // On a narrow screen the list scrolls sideways, and what the address names may be outside.
  useEffect(() => {
    if (isSelected) button.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [isSelected]);
  return (
    <button
      ref={button}
      type="button"
      className={styles.item}
      aria-pressed={isSelected}
      onClick={() => onSelect(row.key)}
      data-testid={`informer-row-${row.key}`}
    >
      <StateMark shape={shape} />
      <span className={styles.lines}>
        <span className={styles.line}>
          <b className={styles.name}>{row.resource}</b>
          <b className={styles.count}>
            {shape === "refused" ? "" : formatCount(row.objects)}
            <VisuallyHidden> objects</VisuallyHidden>
          </b>
        </span>
        <span className={styles.line}>
          <small
            className={classNames(styles.place, row.watchLost !== undefined && styles.backingOff)}
            title={row.watchLost?.message ?? row.fieldSelector}
          >
            {placeOf(row)}
          </small>
          <small className={classNames(word !== undefined && styles[shape])}>
            {word ?? formatRate(row.eventsPerSecond)}
          </small>
        </span>
      </span>
    </button>
  );
}

/** The state of an informer as a shape. */
export function StateMark({ shape }: { readonly shape: InformerState["shape"] }) {
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
            <span className={styles.lines}>
              <Skeleton width={`${width}px`} />
            </span>
            <Skeleton width={40} />
          </li>
        ))}
      </ul>
    </section>
  );
}
