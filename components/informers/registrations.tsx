"use client";
import { Plus } from "lucide-react";
import { useMemo } from "react";
import { useOfflineReason } from "#components/live/index.ts";
import { useCluster } from "#components/shell/index.ts";
import { HeldPill, useHeldPicture, useInside } from "#components/still/index.ts";
import {
  Button,
  Skeleton,
  classNames,
  formatPlural,
  useListKeys,
  useRowWindow,
  useShortcut,
} from "#components/ui/index.ts";
import type { Informer } from "#lib/protocol/index.ts";
import { FirstSync } from "./first-sync.tsx";
import { RegistrationCells } from "./registration-cells.tsx";
import { heldRegistrations, pendingScale, shownRegistrations } from "./registrations.model.ts";
import styles from "./registrations.module.css";
import { useRemoved } from "./use-removed.ts";

export interface RegistrationsProps {
  readonly informer: Informer;
  readonly selected: number | undefined;
  /** `null`: nothing is selected any more. */
  readonly onSelect: (handler: number | null) => void;
  readonly onAdd: () => void;
}

const rowHeight = 33;

/** Everybody who is registered on one informer. Each is removed on its own. */
export function Registrations({ informer, selected, onSelect, onAdd }: RegistrationsProps) {
  const { removed, pending, remove } = useRemoved(useCluster().id);
  const offline = useOfflineReason();
  // A removed row whose toast has closed stays, too, while somebody is in the list: else those below it would move up.
  const inside = useInside();
  const { registrations: heldRows, removed: heldRemoved } = useHeldPicture(
    { registrations: informer.registrations, removed },
    inside.isInside,
  );
  const standing = useMemo(
    () => heldRegistrations(heldRows, informer.registrations),
    [heldRows, informer.registrations],
  );
  const { registrations, gone, cameCount } = standing;
  const rows = useMemo(
    () => shownRegistrations(registrations, [...gone, ...heldRemoved, ...removed]),
    [registrations, gone, heldRemoved, removed],
  );
  const changes = cameCount + gone.filter(({ id }) => !removed.some((row) => row.id === id)).length;
  const scale = pendingScale(rows);
  const { scroller, items, height, scrollTo } = useRowWindow<HTMLDivElement>({
    count: rows.length,
    rowHeight,
    keyOf: (index) => rows[index]?.row.id ?? index,
  });

  const chosen = rows.find(({ row }) => row.id === selected);
  const canRemove = offline === undefined && chosen !== undefined && chosen.row.isRemovable && !chosen.isRemoved;
  useShortcut({ keys: "delete", label: "Remove the selected handler", group: "Informers", isOn: canRemove }, () => {
    if (chosen !== undefined) void remove(chosen.row);
  });
  const move = (by: number): void => {
    const at = rows.findIndex(({ row }) => row.id === selected);
    const next = rows[at === -1 && by < 0 ? rows.length - 1 : at + by];
    if (next === undefined) return;
    onSelect(next.row.id);
    scrollTo(rows.indexOf(next));
  };
  useListKeys({ group: "Informers", noun: "handler", onMove: move });
  useShortcut({ keys: "escape", label: "Clear the selection", group: "Informers", isOn: selected !== undefined }, () =>
    onSelect(null),
  );

  const before = items[0]?.start ?? 0;
  const after = height - (items.at(-1)?.end ?? 0);
  return (
    <section className={styles.registrations} aria-label="Registrations">
      <header className={styles.header}>
        <span className={styles.lead} aria-hidden="true" />
        <h3>Registrations</h3>
        <p>each handle is removed on its own, the others keep running</p>
        <HeldPill changes={inside.isInside ? changes : 0} group="Informers" onShow={inside.release} isInHeader />
        <Button
          variant="primary"
          size="small"
          shortcut="A"
          icon={<Plus size={14} aria-hidden="true" />}
          disabledReason={offline}
          onClick={onAdd}
          data-testid="handler-add"
        >
          Add handler
        </Button>
      </header>
      {!informer.row.hasSynced && <FirstSync row={informer.row} />}
      <div className={styles.scroller} ref={scroller} {...inside.handlers}>
        <table className={styles.table} aria-rowcount={rows.length + 1}>
          <caption className={styles.caption}>{formatPlural(rows.length, "registration")}</caption>
          <colgroup>
            {columns.map(({ name, width, isOptional }) => (
              <col
                key={name}
                className={classNames(isOptional && styles.optional, width === undefined && styles[name])}
                style={width === undefined ? undefined : { width }}
              />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map(({ name, isNumber, isOptional, isHidden }) => (
                <th
                  key={name}
                  scope="col"
                  className={classNames(
                    isNumber && styles.number,
                    isOptional && styles.optional,
                    name === "Bus" && styles.bus,
                  )}
                >
                  {isHidden === true ? <span className={styles.caption}>{name}</span> : name}
                  {name === "Bus" && <BusLine part="through" />}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {before > 0 && <Spacer height={before} />}
            {items.map(({ index, key }) => {
              const shown = rows[index];
              if (shown === undefined) return null;
              const isSelected = shown.row.id === selected;
              return (
                <tr
                  key={key}
                  aria-rowindex={index + 2}
                  className={classNames(styles.row, isSelected && styles.selected, shown.isRemoved && styles.removed)}
                  data-testid={`registration-row-${shown.row.id}`}
                >
                  <td className={styles.bus}>
                    <BusLine part={index === rows.length - 1 ? "end" : "branch"} isCut={shown.isRemoved} />
                  </td>
                  <RegistrationCells
                    shown={shown}
                    scale={scale}
                    isSelected={isSelected}
                    isPending={pending.has(shown.row.id)}
                    offline={offline}
                    onSelect={onSelect}
                    onRemove={() => void remove(shown.row)}
                  />
                </tr>
              );
            })}
            {after > 0 && <Spacer height={after} />}
          </tbody>
        </table>
        {rows.length === 0 && (
          <p className={styles.none}>Nobody is registered. The informer stops 30 s after the last handler has gone.</p>
        )}
      </div>
    </section>
  );
}

interface Column {
  readonly name: string;
  readonly width?: number;
  readonly isNumber?: boolean;
  /** Dropped on narrow screens. */
  readonly isOptional?: boolean;
  /** Named for assistive technology only. */
  readonly isHidden?: boolean;
}

const columns: readonly Column[] = [
  { name: "Bus", width: 34, isHidden: true },
  { name: "#", width: 40 },
  { name: "Owner", width: 126 },
  { name: "Kind", width: 74 },
  { name: "Handler" },
  { name: "Filter", width: 118, isOptional: true },
  { name: "Synced", width: 74 },
  { name: "Delivered", width: 84, isNumber: true },
  { name: "Pending", width: 104 },
  { name: "Lag", width: 62, isNumber: true },
  { name: "Resync", width: 54, isOptional: true },
  { name: "Remove", isHidden: true },
];

const skeletonRows = [92, 108, 80, 116, 84];

export function RegistrationsSkeleton() {
  return (
    <section className={styles.registrations} aria-label="Registrations" aria-busy="true">
      <header className={styles.header}>
        <span className={styles.lead} aria-hidden="true" />
        <h3>Registrations</h3>
      </header>
      <div>
        {skeletonRows.map((width) => (
          <div key={width} className={styles.skeletonRow}>
            <Skeleton width={18} />
            <Skeleton width={width} />
            <Skeleton width={52} />
            <Skeleton width={width} />
            <Skeleton width={40} />
            <Skeleton width={64} />
          </div>
        ))}
      </div>
    </section>
  );
}

function Spacer({ height }: { readonly height: number }) {
  return (
    <tr aria-hidden="true">
      <td className={styles.bus} style={{ height }}>
        <BusLine part="through" />
      </td>
      <td colSpan={columns.length - 1}>{""}</td>
    </tr>
  );
}

interface BusLineProps {
  readonly part: "through" | "branch" | "end";
  /** The handler hears nothing more: the bus passes it by. */
  readonly isCut?: boolean;
}

function BusLine({ part, isCut = false }: BusLineProps) {
  const hasBranch = part !== "through" && !isCut;
  return (
    <svg className={styles.line} aria-hidden="true">
      <line x1="12" y1="0" x2="12" y2={part === "end" ? "50%" : "100%"} />
      {hasBranch && <line x1="12" y1="50%" x2="28" y2="50%" />}
      {hasBranch && <circle cx="29" cy="50%" r="2.6" />}
    </svg>
  );
}
